import type { Keys } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import type { IamAdmin, NewUser } from '../setup/ports.ts';
import type { ClientContext } from './client-context.ts';
import { decoded, keyIn, markerIn, newDeviceIn, newKeyIn, userIn } from './iam-answers.ts';
import type { AdminCalls } from './iam-calls.ts';
import { IamRequests, nothing } from './iam-repeats.ts';

/** No list of an account is this long: 100 entries a page, and at most 10,000 users (IAM user guide, quotas). */
const MAX_PAGES = 1000;

/** The IamAdmin port. Only the command loads it. */
export function createIamAdmin(context: ClientContext, keys: Keys): IamAdmin {
  const requests = new IamRequests(context, keys);
  const { secrets, newKeys } = context;

  /** All entries of a list, from all pages. */
  async function list<Name extends keyof AdminCalls, T>(
    name: Name,
    input: AdminCalls[Name][0],
    about: readonly string[],
    entries: (page: AdminCalls[Name][1]) => readonly T[],
  ): Promise<Answer<readonly T[]>> {
    const all: T[] = [];
    let marker: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await requests.send({
        name,
        input: () => ({ ...input, Marker: marker }),
        read: (output) => {
          const next = markerIn(output);
          return next === 'missing' ? undefined : { entries: entries(output), next };
        },
        about,
      });
      if (!answer.ok) return answer;
      all.push(...answer.value.entries);
      const { next } = answer.value;
      if (next === undefined) return { ...answer, value: all };
      if (next.marker === marker) break;
      marker = next.marker;
    }
    const failure = new Failure('incomplete-answer', { call: name, reason: 'endless-list' });
    return { ok: false, failure, serverTime: undefined };
  }

  /** A change that can be made twice. */
  async function change<Name extends keyof AdminCalls>(
    name: Name,
    input: AdminCalls[Name][0],
    about: readonly string[],
  ): Promise<Answer<void>> {
    return withoutValue(await requests.send({ name, input: () => input, read: nothing, about }));
  }

  return {
    findUser: (UserName) =>
      requests.find({ name: 'GetUser', input: () => ({ UserName }), read: ({ User }) => userIn(User) }),
    async createUser({ name: UserName, tags, boundary: PermissionsBoundary }) {
      const Tags = tagsOf(tags);
      const input = { UserName, PermissionsBoundary, ...(Tags.length > 0 && { Tags }) };
      const answer = await requests.send({
        name: 'CreateUser',
        input: () => input,
        read: ({ User }) => userIn(User),
        creates: true,
      });
      if (answer.ok) requests.created(UserName);
      return answer;
    },
    tagUser: (UserName, tags) => change('TagUser', { UserName, Tags: tagsOf(tags) }, [UserName]),
    untagUser: (UserName, keys) => change('UntagUser', { UserName, TagKeys: [...keys] }, [UserName]),
    deleteUser: (UserName) => requests.remove('DeleteUser', { UserName }, [UserName]),

    listPolicies: (UserName) =>
      list('ListUserPolicies', { UserName }, [UserName], ({ PolicyNames }) => PolicyNames ?? []),
    findPolicy: (UserName, PolicyName) =>
      requests.find({
        name: 'GetUserPolicy',
        input: () => ({ UserName, PolicyName }),
        read: ({ PolicyDocument }) => decoded(PolicyDocument),
      }),
    async putPolicy(UserName, PolicyName, PolicyDocument) {
      const answer = await change('PutUserPolicy', { UserName, PolicyName, PolicyDocument }, [UserName]);
      if (answer.ok) requests.created(PolicyName);
      return answer;
    },
    deletePolicy: (UserName, PolicyName) =>
      requests.remove('DeleteUserPolicy', { UserName, PolicyName }, [PolicyName, UserName]),
    listAttachedPolicies: (UserName) =>
      list('ListAttachedUserPolicies', { UserName }, [UserName], ({ AttachedPolicies }) =>
        (AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []),
      ),
    listGroups: (UserName) =>
      list('ListGroupsForUser', { UserName }, [UserName], ({ Groups }) =>
        (Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []),
      ),

    listDevices: (UserName) =>
      list('ListMFADevices', { UserName }, [UserName], ({ MFADevices }) =>
        (MFADevices ?? []).flatMap(({ SerialNumber }) => SerialNumber ?? []),
      ),
    listDatedDevices: (UserName) =>
      list('ListMFADevices', { UserName }, [UserName], ({ MFADevices }) =>
        (MFADevices ?? []).flatMap(({ SerialNumber: serial, EnableDate: enabled }) =>
          serial && enabled ? [{ serial, enabled }] : [],
        ),
      ),
    listUnassignedDevices: () =>
      list('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' }, [], ({ VirtualMFADevices }) =>
        (VirtualMFADevices ?? []).flatMap(({ SerialNumber }) => SerialNumber ?? []),
      ),
    async createDevice(VirtualMFADeviceName) {
      const answer = await requests.send({
        name: 'CreateVirtualMFADevice',
        input: () => ({ VirtualMFADeviceName }),
        read: ({ VirtualMFADevice }) => newDeviceIn(VirtualMFADevice, secrets),
        creates: true,
      });
      if (answer.ok) requests.created(answer.value.serial);
      return answer;
    },
    async enableDevice(UserName, SerialNumber, codes) {
      const input = () => {
        const [AuthenticationCode1, AuthenticationCode2] = codes();
        secrets.conceal(AuthenticationCode1);
        secrets.conceal(AuthenticationCode2);
        return { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 };
      };
      const about = [UserName, SerialNumber];
      return withoutValue(await requests.send({ name: 'EnableMFADevice', input, read: nothing, creates: true, about }));
    },
    deactivateDevice: (UserName, SerialNumber) =>
      requests.remove('DeactivateMFADevice', { UserName, SerialNumber }, [SerialNumber, UserName]),
    deleteDevice: (SerialNumber) => requests.remove('DeleteVirtualMFADevice', { SerialNumber }, [SerialNumber]),

    listKeys: (UserName) =>
      list('ListAccessKeys', { UserName }, [UserName], ({ AccessKeyMetadata }) =>
        (AccessKeyMetadata ?? []).flatMap(keyIn),
      ),
    async createKey(UserName) {
      const answer = await requests.send({
        name: 'CreateAccessKey',
        input: () => ({ UserName }),
        read: ({ AccessKey }) => newKeyIn(AccessKey, secrets),
        creates: true,
        about: [UserName],
      });
      if (answer.ok) {
        requests.created(answer.value.accessKeyId);
        newKeys.add(answer.value.accessKeyId);
      }
      return answer;
    },
    setKeyStatus: (UserName, AccessKeyId, Status) =>
      change('UpdateAccessKey', { UserName, AccessKeyId, Status }, [UserName, AccessKeyId]),
    deleteKey: (UserName, AccessKeyId) =>
      requests.remove('DeleteAccessKey', { UserName, AccessKeyId }, [AccessKeyId, UserName]),
    async lastUse(AccessKeyId) {
      const answer = await requests.send({
        name: 'GetAccessKeyLastUsed',
        input: () => ({ AccessKeyId }),
        read: ({ AccessKeyLastUsed: use }) => use && { date: use.LastUsedDate },
        about: [AccessKeyId],
      });
      return answer.ok ? { ...answer, value: answer.value.date } : answer;
    },

    findRolePolicy: (RoleName, PolicyName) =>
      requests.find({
        name: 'GetRolePolicy',
        input: () => ({ RoleName, PolicyName }),
        read: ({ PolicyDocument }) => decoded(PolicyDocument),
      }),
    async putRolePolicy(RoleName, PolicyName, PolicyDocument) {
      const answer = await change('PutRolePolicy', { RoleName, PolicyName, PolicyDocument }, []);
      if (answer.ok) requests.created(PolicyName);
      return answer;
    },
    deleteRolePolicy: (RoleName, PolicyName) =>
      requests.remove('DeleteRolePolicy', { RoleName, PolicyName }, [PolicyName]),

    deniedActions: (PolicySourceArn, actions) =>
      list('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: [...actions] }, [], ({ EvaluationResults }) =>
        (EvaluationResults ?? []).flatMap(({ EvalActionName, EvalDecision }) =>
          EvalActionName === undefined || EvalDecision === 'allowed' ? [] : EvalActionName,
        ),
      ),
  };
}

function tagsOf(tags: NewUser['tags']): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function withoutValue<T>(answer: Answer<T>): Answer<void> {
  return answer.ok ? { ...answer, value: undefined } : answer;
}

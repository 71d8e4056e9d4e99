import { userArn } from '../arn.ts';
import { contextOf, policiesOf, principalOf } from '../caller.ts';
import { AwsError, accessDenied, validationError } from '../errors.ts';
import { authorise, reasonOf } from '../policy/decide.ts';
import type { Work } from '../work.ts';
import type { User } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';

/** When a device was enabled, where the world does not say. */
const LONG_AGO = Date.UTC(2024, 0, 15, 9, 30);

/**
 * ListMFADevices: the caller's own without UserName. Security keys are in the list too, though no API call can use them.
 * @throws AwsError where the caller may not ask
 */
export function listMfaDevices(work: Work): Xml {
  const { caller, request } = work;
  // "You cannot call any IAM API operations unless MFA authentication information is included" (GetSessionToken, STS API
  // reference); such a token is simply invalid here.
  if (caller.kind === 'user-session' && caller.mfaAt === undefined) {
    throw new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  const user = authorisedUser(work, request.params.get('UserName'));
  const members = [...user.devices, ...user.securityKeys].map(({ serial, enabledAt = LONG_AGO }) =>
    element(
      'member',
      fields({
        UserName: user.name,
        SerialNumber: serial,
        EnableDate: `${new Date(enabledAt).toISOString().slice(0, 19)}Z`,
      }),
    ),
  );
  return fields({ IsTruncated: false }) + element('MFADevices', members.join(''));
}

function authorisedUser(work: Work, asked: string | undefined): User {
  const { caller, request, now } = work;
  if (asked === undefined && caller.kind === 'role-session') {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  const own = caller.kind === 'role-session' ? undefined : caller.user;
  const name = asked ?? own?.name ?? '';
  const user = caller.account.users.find((candidate) => candidate.name === name);
  const { account } = caller;
  const principal = principalOf(caller);
  const decision = authorise(
    { ...policiesOf(caller), resource: [], resourceMustAllow: false, resourceAccountId: account.id },
    {
      action: 'iam:ListMFADevices',
      resource: user ? userArn(account, user) : `arn:${account.partition}:iam::${account.id}:user/${name}`,
      caller: principal,
      context: contextOf(caller, request, now),
    },
  );
  if (!decision.allowed) {
    const reason = reasonOf(decision, 'iam:ListMFADevices');
    throw accessDenied(
      `User: ${principal.sessionArn} is not authorized to perform: iam:ListMFADevices on resource: user ${name} ${reason}`,
    );
  }
  if (user === undefined) throw new AwsError(404, 'NoSuchEntity', `The user with name ${name} cannot be found.`);
  return user;
}

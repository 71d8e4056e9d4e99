import { findManagedPolicy } from '../aws-managed-policies.ts';
import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { parsePolicy } from '../policy/statement.ts';
import type { Account, ManagedPolicy } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';
import { policyXml } from './describe.ts';
import { alreadyExists, noSuchEntity, OWNERS, type OwnerKind, sameName } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';

const MAX_CHARACTERS = 6144;
const MAX_ATTACHED = 10;

/** CreatePolicy */
export function createPolicy(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('PolicyName', 'policyName');
  const path = parameters.optional('Path', 'path') ?? '/';
  parameters.optional('Description', 'description');
  const source = parameters.required('PolicyDocument', 'policyDocument');
  parameters.check();
  const arn = `arn:${account.partition}:iam::${account.id}:policy${path}${name}`;
  permit(call, 'iam:CreatePolicy', { arn, named: `policy ${name}` });
  const document = parsePolicy(source, 'identity');
  if (JSON.stringify(document).length > MAX_CHARACTERS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for PolicySize: ${MAX_CHARACTERS}`);
  }
  if (account.managedPolicies.some((other) => sameName(nameIn(other.arn), name))) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const policy: ManagedPolicy = { arn, document, createdAt: call.now };
  account.managedPolicies.push(policy);
  return element('Policy', policyXml(policy, 0));
}

/** DeletePolicy: only if it isn't attached to anyone. */
export function deletePolicyOfAccount(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const arn = parameters.required('PolicyArn', 'arn');
  parameters.check();
  permit(call, 'iam:DeletePolicy', { arn, named: `policy ${arn}` });
  const index = account.managedPolicies.findIndex((policy) => policy.arn === arn);
  if (index < 0) throw noSuchEntity(`Policy ${arn} was not found.`);
  if (attachments(account, arn) > 0) {
    throw new AwsError(409, 'DeleteConflict', 'Cannot delete a policy attached to entities.');
  }
  account.managedPolicies.splice(index, 1);
}

/** AttachUserPolicy, AttachRolePolicy: attaching it twice does no harm. */
export const attachPolicy =
  (kind: OwnerKind) =>
  (call: ApiCall): undefined => {
    const { arn, entity } = readAttachment(call, kind, 'Attach');
    if (findManagedPolicy(call.world, arn) === undefined || !isWithin(call.caller.account, arn)) {
      throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    }
    if (entity.attachedPolicies.includes(arn)) return;
    if (entity.attachedPolicies.length >= MAX_ATTACHED) {
      throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for PoliciesPer${kind}: ${MAX_ATTACHED}`);
    }
    entity.attachedPolicies = [...entity.attachedPolicies, arn];
  };

/** DetachUserPolicy, DetachRolePolicy */
export const detachPolicy =
  (kind: OwnerKind) =>
  (call: ApiCall): undefined => {
    const { arn, entity } = readAttachment(call, kind, 'Detach');
    if (!entity.attachedPolicies.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
    entity.attachedPolicies = entity.attachedPolicies.filter((one) => one !== arn);
  };

/** ListAttachedUserPolicies, ListAttachedRolePolicies */
export const listAttached =
  (kind: OwnerKind) =>
  (call: ApiCall): Xml => {
    const parameters = new Parameters(call.request.params);
    const owner = OWNERS[kind].name(parameters);
    const page = readPage(parameters);
    parameters.check();
    const { attachedPolicies } = OWNERS[kind].permitted(call, `iam:ListAttached${kind}Policies`, owner);
    const members = attachedPolicies.map((arn) => fields({ PolicyName: nameIn(arn), PolicyArn: arn }));
    return pageXml('AttachedPolicies', members, page);
  };

function readAttachment(call: ApiCall, kind: OwnerKind, verb: 'Attach' | 'Detach') {
  const parameters = new Parameters(call.request.params);
  const owner = OWNERS[kind].name(parameters);
  const arn = parameters.required('PolicyArn', 'arn');
  parameters.check();
  return { arn, entity: OWNERS[kind].permitted(call, `iam:${verb}${kind}Policy`, owner) };
}

/** Whether a policy can be used in an account: it's one of the account's, or AWS's in the partition. */
export function isWithin(account: Account, arn: string): boolean {
  return [account.id, 'aws'].some((owner) => arn.startsWith(`arn:${account.partition}:iam::${owner}:policy/`));
}

function attachments({ users, roles }: Account, arn: string): number {
  return [...users, ...roles].filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length;
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

import { contextOf, principalOf, setMfaAge } from '../caller.ts';
import { accessDenied } from '../errors.ts';
import { roleArn } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { policiesOf } from '../policies-of.ts';
import { authorise, explicitDeny } from '../policy/decide.ts';
import type { Context } from '../policy/keys.ts';
import { readPolicy } from '../policy/statement.ts';
import type { Account, Role, World } from '../world.ts';
import type { AssumeRoleParameters } from './assume-role-parameters.ts';
import type { Chain } from './chain.ts';

/**
 * The role, if its trust policy and the caller's policies allow assuming it. Session tags and a source identity, even inherited ones,
 * are separate actions.
 * @throws AwsError AccessDenied, also if the role doesn't exist
 */
export function authorisedRole(
  call: ApiCall,
  wanted: AssumeRoleParameters,
  chain: Chain,
  withMfa: boolean,
): { account: Account; role: Role } {
  const { caller, world } = call;
  const principal = principalOf(caller);
  const refuse = (action: string, reason?: string) => {
    const sentence = `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${wanted.roleArn}`;
    return accessDenied(reason === undefined ? sentence : `${sentence} ${reason}`);
  };
  const found = findRole(world, caller.account.partition, wanted.roleArn);
  if (found === undefined) throw refuse('sts:AssumeRole');

  const context = contextOfCall(call, wanted, chain, withMfa);
  const policies = {
    ...policiesOf(caller, call.world, call.now),
    resource: readPolicy(found.role.trustPolicy, 'trust'),
    resourceMustAllow: true,
    resourceAccountId: found.account.id,
  };
  for (const action of actionsOf(chain)) {
    const decision = authorise(policies, { action, resource: wanted.roleArn, caller: principal, context });
    if (!decision.allowed) throw refuse(action, explicitDeny(decision));
  }
  if (chain.changesIdentity) throw refuse('sts:SetSourceIdentity');
  return found;
}

function actionsOf({ tags, sourceIdentity }: Chain): string[] {
  const actions = ['sts:AssumeRole'];
  if (tags.size > 0) actions.push('sts:TagSession');
  if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return actions;
}

function contextOfCall(
  { caller, request, now }: ApiCall,
  { sessionName, externalId, transitiveTagKeys }: AssumeRoleParameters,
  { tags, sourceIdentity }: Chain,
  withMfa: boolean,
): Context {
  const context = contextOf(caller, request, now)
    .set('sts:RoleSessionName', sessionName)
    .set('sts:ExternalId', externalId)
    .set('sts:SourceIdentity', sourceIdentity);
  for (const [key, value] of tags) context.set(`aws:RequestTag/${key}`, value);
  if (tags.size > 0) context.set('aws:TagKeys', [...tags.keys()]);
  if (transitiveTagKeys.length > 0) context.set('sts:TransitiveTagKeys', transitiveTagKeys);
  if (withMfa) {
    // A code in AssumeRole counts for this decision, but not for the session.
    context.set('aws:MultiFactorAuthPresent', 'true');
    setMfaAge(context, now, now);
  }
  return context;
}

// Roles of other partitions are out of reach, even if they trust the caller.
function findRole(world: World, partition: string, arn: string): { account: Account; role: Role } | undefined {
  for (const account of world.accounts) {
    if (account.partition !== partition) continue;
    const role = account.roles.find((candidate) => roleArn(account, candidate) === arn);
    if (role !== undefined) return { account, role };
  }
  return undefined;
}

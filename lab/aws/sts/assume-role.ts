import { findManagedPolicy } from '../aws-managed-policies.ts';
import { validationError } from '../errors.ts';
import { roleArn, roleId, roleSessionArn } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import type { PolicyDocument } from '../policy/document.ts';
import type { World } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';
import { type AssumeRoleParameters, readAssumeRole } from './assume-role-parameters.ts';
import { chainOf } from './chain.ts';
import { credentialsXml, expiryAfter } from './credentials.ts';
import { verifyMfa } from './mfa.ts';
import { packedPercent } from './packed-size.ts';
import { authorisedRole } from './role-authority.ts';

const DEFAULT_SECONDS = 3600;
const CHAINED_SECONDS = 3600;

/**
 * AssumeRole checks the parameters, then the code, then the permission, so a code is used even if the role refuses. The maximum
 * duration and the packed size come last.
 * @throws AwsError at the first of these that fails
 */
export function assumeRole(call: ApiCall): Xml {
  const { request, caller, world, sessions, now, roleLifetime = Number.POSITIVE_INFINITY } = call;
  const wanted = readAssumeRole(request.params);
  if (!wanted.roleArn.startsWith('arn:')) throw validationError(`${wanted.roleArn} is invalid`);
  const chain = chainOf(caller, wanted);
  const duration = wanted.duration ?? DEFAULT_SECONDS;
  if (caller.kind !== 'user' && duration > CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  const withMfa = verifyMfa(call);
  const { account, role } = authorisedRole(call, wanted, chain, withMfa);
  if (duration > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const policies = sessionPolicies(world, wanted);
  const { policyText: policy, policyArns } = wanted;
  const packed = packedPercent({ policy, policyArns, tags: chain.tags }, world.packedSizeLimit);
  const session = sessions.mint({
    accountId: account.id,
    arn: roleArn(account, role),
    issuedAt: now,
    expiresAt: expiryAfter(now, Math.min(duration, roleLifetime)),
    grant: { kind: 'role', sessionName: wanted.sessionName, policies, ...chain },
  });
  const assumed = fields({
    AssumedRoleId: `${roleId(account, role)}:${wanted.sessionName}`,
    Arn: roleSessionArn(account, role, wanted.sessionName),
  });
  return (
    fields({ SourceIdentity: chain.sourceIdentity }) +
    element('AssumedRoleUser', assumed) +
    credentialsXml(session) +
    fields({ PackedPolicySize: packed > 0 ? packed : undefined })
  );
}

// Undefined if no session policy is passed, which isn't the same as an empty one.
function sessionPolicies(
  world: World,
  { policy, policyArns }: AssumeRoleParameters,
): readonly PolicyDocument[] | undefined {
  if (policy === undefined && policyArns.length === 0) return undefined;
  const named = policyArns.map((arn) => {
    const found = findManagedPolicy(world, arn);
    // AWS doesn't document STS's answer. This is IAM's for attaching such a policy.
    if (found === undefined) throw validationError(`Policy ${arn} does not exist or is not attachable.`);
    return found.document;
  });
  return policy === undefined ? named : [policy, ...named];
}

import { contextOf, policiesOf, principalOf } from '../caller.ts';
import { AwsError, accessDenied } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { authorise, reasonOf } from '../policy/decide.ts';

/** What an operation is about: as policies name it, and as refusals do. */
export interface Target {
  readonly arn: string;
  readonly named: string;
}

/**
 * Asks the caller's policies.
 * @throws AwsError AccessDenied, where they don't allow it
 */
export function permit(
  call: ApiCall,
  action: string,
  target: Target,
  tags: Readonly<Record<string, string>> = {},
): void {
  const { caller, request, now } = call;
  const principal = principalOf(caller);
  const context = contextOf(caller, request, now);
  const keys = Object.keys(tags);
  for (const key of keys) context.set(`aws:RequestTag/${key}`, tags[key]);
  if (keys.length > 0) context.set('aws:TagKeys', keys);
  const decision = authorise(
    { ...policiesOf(caller, call.world), resource: [], resourceMustAllow: false, resourceAccountId: caller.account.id },
    { action, resource: target.arn, caller: principal, context },
  );
  if (decision.allowed) return;
  throw accessDenied(
    `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${target.named} ` +
      reasonOf(decision, action),
  );
}

/**
 * "You cannot call any IAM API operations unless MFA authentication information is included" (GetSessionToken, STS API
 * reference): such a token is simply invalid here.
 * @throws AwsError InvalidClientTokenId
 */
export function refuseSessionWithoutMfa({ caller }: ApiCall): void {
  if (caller.kind !== 'user-session' || caller.mfaAt !== undefined) return;
  throw new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
}

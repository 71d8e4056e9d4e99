import { contextOf, policiesOf, principalOf } from '../caller.ts';
import { AwsError, accessDenied } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { authorise, reasonOf } from '../policy/decide.ts';

/** The resource of an operation, as policies and as refusals name it. */
export interface Target {
  readonly arn: string;
  readonly named: string;
}

/**
 * Checks the caller's policies.
 * @throws AwsError AccessDenied if they don't allow the action
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
    {
      ...policiesOf(caller, call.world, now),
      resource: [],
      resourceMustAllow: false,
      resourceAccountId: caller.account.id,
    },
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
 * reference): IAM treats such a token as invalid.
 * @throws AwsError InvalidClientTokenId
 */
export function refuseSessionWithoutMfa({ caller }: ApiCall): void {
  if (caller.kind !== 'user-session' || caller.mfaAt !== undefined) return;
  throw new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
}

import { contextOf, principalOf } from '../caller.ts';
import { AwsError, accessDenied } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { policiesOf } from '../policies-of.ts';
import { authorise, reasonOf } from '../policy/decide.ts';
import type { Target } from './target.ts';

/** What a request says about tags, for conditions. */
export interface TagsInRequest {
  /** The tags that the resource gets. */
  readonly requestTags?: Readonly<Record<string, string>>;
  /** The keys of tags that the request names. By default, those of `requestTags`. */
  readonly tagKeys?: readonly string[];
}

/**
 * Checks the caller's policies.
 * @throws AwsError AccessDenied if they don't allow the action
 */
export function permit(
  call: ApiCall,
  action: string,
  target: Target,
  { requestTags = {}, tagKeys = Object.keys(requestTags) }: TagsInRequest = {},
): void {
  const { caller, request, now } = call;
  const principal = principalOf(caller);
  const context = contextOf(caller, request, now);
  for (const [key, value] of Object.entries(requestTags)) context.set(`aws:RequestTag/${key}`, value);
  if (tagKeys.length > 0) context.set('aws:TagKeys', tagKeys);
  for (const [key, value] of Object.entries(target.tags ?? {})) {
    context.set(`aws:ResourceTag/${key}`, value).set(`iam:ResourceTag/${key}`, value);
  }
  context.set('iam:PermissionsBoundary', target.boundary);
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

import { contextOf, principalOf } from '../caller.ts';
import { AwsError, accessDenied } from '../errors.ts';
import { bucketArn, dnsSuffix } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { policiesOf } from '../policies-of.ts';
import { authorise, reasonOf } from '../policy/decide.ts';
import { readPolicy } from '../policy/statement.ts';
import type { Account, Bucket } from '../world.ts';

/** A bucket and its account. */
export interface OwnedBucket {
  readonly account: Account;
  readonly bucket: Bucket;
}

/**
 * The bucket of a request, in the region that the request is signed for.
 * @throws AwsError NoSuchBucket, or PermanentRedirect with the bucket's own region
 */
export function findBucket({ world, caller }: ApiCall, name: string): OwnedBucket {
  for (const account of world.accounts) {
    // Each partition has its own namespace.
    if (account.partition !== caller.account.partition) continue;
    const bucket = account.buckets.find((candidate) => candidate.name === name);
    if (bucket === undefined) continue;
    if (bucket.region !== caller.region) throw redirect(account, bucket);
    return { account, bucket };
  }
  throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', { details: { BucketName: name } });
}

function redirect(account: Account, { name, region }: Bucket): AwsError {
  return new AwsError(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future ' +
      'requests to this endpoint.',
    {
      headers: { 'x-amz-bucket-region': region },
      details: { Endpoint: `${name}.s3.${region}.${dnsSuffix(account.partition)}`, Bucket: name },
    },
  );
}

/**
 * Checks the policies of the caller and of the bucket for `s3:ListBucket`.
 * @throws AwsError AccessDenied
 */
export function authoriseBucket(call: ApiCall, { account, bucket }: OwnedBucket, prefix: string | undefined): void {
  const policy = bucket.policy === undefined ? [] : readPolicy(bucket.policy, 'bucket');
  check(call, 's3:ListBucket', bucketArn(account, bucket), account, policy, prefix);
}

/**
 * Checks the caller's policies for `s3:ListAllMyBuckets`, which has no resource.
 * @throws AwsError AccessDenied
 */
export function authoriseListing(call: ApiCall): void {
  check(call, 's3:ListAllMyBuckets', '*', call.caller.account, [], undefined);
}

function check(
  call: ApiCall,
  action: string,
  resource: string,
  owner: Account,
  policy: ReturnType<typeof readPolicy>,
  prefix: string | undefined,
): void {
  const principal = principalOf(call.caller);
  const decision = authorise(
    {
      ...policiesOf(call.caller, call.world, call.now),
      resource: policy,
      resourceMustAllow: false,
      resourceAccountId: owner.id,
    },
    {
      action,
      resource,
      caller: principal,
      context: contextOf(call.caller, call.request, call.now).set('s3:prefix', prefix),
    },
  );
  if (decision.allowed) return;
  // Across accounts, S3 doesn't say why.
  if (owner.id !== principal.accountId) throw accessDenied('Access Denied');
  const on = resource === '*' ? '' : ` on resource: "${resource}"`;
  throw accessDenied(
    `User: ${principal.sessionArn} is not authorized to perform: ${action}${on} ${reasonOf(decision, action)}`,
  );
}

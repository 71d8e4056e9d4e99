import { IAMClient } from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
  STSClient,
} from '@aws-sdk/client-sts';
import {
  type Account,
  type Credentials,
  credentialsIn,
  REGION,
  type RoleName,
  roleArn,
  type User,
} from '../account.ts';

// What an AWS is asked to find out how it differs from AWS itself, and the calls that it takes, by the AWS SDK for JavaScript.

/** The code of a seed, now. */
export type Code = (seed: string) => Promise<string>;

/** A question with an answer of a few words. */
export interface Question {
  readonly about: string;
  /** What AWS answers. */
  readonly aws: string;
  /** True where AWS does not document that, or not this error code, and its users have seen it. */
  readonly observed?: true;
  /** The answer. A refusal is thrown, and stands as its error code. */
  ask(account: Account, code: Code): Promise<string>;
}

export const ACCEPTED = 'accepted';
export const DENIED = 'AccessDenied';

/** Says so where a call is answered. */
export async function accepted(answer: Promise<unknown>): Promise<string> {
  await answer;
  return ACCEPTED;
}

/**
 * The clients of the AWS SDK for JavaScript with these credentials. Each call is sent once.
 * @param systemClockOffset how far the clock that signs is ahead, in milliseconds
 */
export function clientsOf(endpoint: string, credentials: Credentials, systemClockOffset = 0) {
  const options = { endpoint, region: REGION, credentials, maxAttempts: 1, systemClockOffset };
  return {
    iam: new IAMClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sts: new STSClient(options),
  };
}

/** GetSessionToken. */
export async function getSession(
  { endpoint }: Account,
  input: GetSessionTokenCommandInput,
  by: Credentials,
): Promise<Credentials> {
  return credentialsIn((await clientsOf(endpoint, by).sts.send(new GetSessionTokenCommand(input))).Credentials);
}

/** GetSessionToken with the user's device and its code. */
export async function mfaSession(account: Account, user: User, code: Code): Promise<Credentials> {
  const input = { SerialNumber: user.serial, TokenCode: await code(user.seed) };
  return getSession(account, input, user.credentials);
}

/** AssumeRole. */
export async function assumeRole(
  account: Account,
  role: RoleName | 'not-there',
  input: Partial<AssumeRoleCommandInput> = {},
  by: Credentials = account.ci.credentials,
): Promise<string> {
  const named = { RoleArn: roleArn(account, role), RoleSessionName: 'interop', ...input };
  await clientsOf(account.endpoint, by).sts.send(new AssumeRoleCommand(named));
  return ACCEPTED;
}

/** GetCallerIdentity: "iam user/ci". */
export async function whoIs({ endpoint }: Account, by: Credentials, clockOffset = 0): Promise<string> {
  const { Arn } = await clientsOf(endpoint, by, clockOffset).sts.send(new GetCallerIdentityCommand({}));
  return Arn?.replace(/^arn:aws:(iam|sts)::\d{12}:/, '$1 ') ?? 'nobody';
}

/** ListBuckets by pages of 1,000, and how many there were on each. */
export async function listPages({ endpoint }: Account, by: Credentials): Promise<string> {
  const sizes: number[] = [];
  let ContinuationToken: string | undefined;
  do {
    const command = new ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken });
    const page = await clientsOf(endpoint, by).s3.send(command);
    sizes.push(page.Buckets?.length ?? 0);
    ({ ContinuationToken } = page);
  } while (ContinuationToken !== undefined && sizes.length < 5);
  return sizes.join(' + ');
}

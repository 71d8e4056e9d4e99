import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Account, BUCKETS, PERMISSIONS, REGION, trustPolicies } from './account.ts';
import type { Boto3 } from './clients.ts';

/** From the test vectors of RFC 6238. MiniStack returns a seed that isn't Base32, and accepts any code. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BUCKETS_AT_A_TIME = 8;

/** Creates the account in a server, through AWS's API, as an administrator would. */
export async function provision(endpoint: string, boto3: Boto3): Promise<Account> {
  // MiniStack takes these keys for an administrator's.
  const options = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const iam = new IAMClient(options);
  const ci = await createUser(iam, boto3);
  const id = ci.arn.split(':')[4] ?? '';
  for (const [RoleName, policy] of Object.entries(trustPolicies(id))) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(policy) }));
    const PolicyDocument = JSON.stringify(PERMISSIONS);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  }
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const left = [...BUCKETS];
  const createBuckets = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
    }
  };
  await Promise.all(Array.from({ length: BUCKETS_AT_A_TIME }, createBuckets));
  return { endpoint, id, ci };
}

async function createUser(iam: IAMClient, boto3: Boto3): Promise<Account['ci']> {
  const UserName = 'ci';
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  await iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument: JSON.stringify(PERMISSIONS) }),
  );
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const serial = VirtualMFADevice?.SerialNumber ?? '';
  const codes = { AuthenticationCode1: await boto3.code(SEED), AuthenticationCode2: await boto3.code(SEED, 1) };
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: serial, ...codes }));
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  return { arn: User?.Arn ?? '', credentials, serial, seed: SEED };
}

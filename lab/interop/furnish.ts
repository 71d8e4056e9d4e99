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
import { build, type Emulator, startEmulator } from '../aws/index.ts';
import {
  type Account,
  BUCKETS,
  REGION,
  ROLE_POLICY,
  ROLE_SECONDS,
  trustPolicies,
  USERS,
  type User,
  type UserName,
} from './account.ts';
import type { Boto3 } from './boto3.ts';

/** Of RFC 6238's test vectors. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SIDE_BY_SIDE = 8;

/** Makes the account in a server of other people, over AWS's API, as an administrator would. */
export async function furnish(endpoint: string, boto3: Boto3): Promise<Account> {
  // Both take these keys for an administrator's.
  const common = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const iam = new IAMClient(common);
  const ci = await makeUser('ci', iam, boto3);
  const careful = await makeUser('careful', iam, boto3);
  const id = ci.arn.split(':')[4] ?? '';
  for (const [RoleName, policy] of Object.entries(trustPolicies(id))) {
    const AssumeRolePolicyDocument = JSON.stringify(policy);
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration: ROLE_SECONDS }));
    const PolicyDocument = JSON.stringify(ROLE_POLICY);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  }
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const left = [...BUCKETS];
  const makeBuckets = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, makeBuckets));
  return { endpoint, id, ci, careful };
}

async function makeUser(UserName: UserName, iam: IAMClient, boto3: Boto3): Promise<User> {
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const PolicyDocument = JSON.stringify(USERS[UserName]);
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const given = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString();
  // MiniStack gives hexadecimal digits.
  const seed = /^[A-Z2-7]+$/.test(given) ? given : SEED;
  const serial = VirtualMFADevice?.SerialNumber ?? '';
  const codes = { AuthenticationCode1: await boto3.code(seed), AuthenticationCode2: await boto3.code(seed, 1) };
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: serial, ...codes }));
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  return { arn: User?.Arn ?? '', credentials, serial, seed };
}

const EMULATED = '111122223333';

/** The same account in an emulator of this repository that has seen no code yet. */
export async function startFurnishedEmulator(): Promise<{ readonly account: Account; readonly emulator: Emulator }> {
  const user = (name: UserName, accessKeyId: string): User => ({
    arn: `arn:aws:iam::${EMULATED}:user/${name}`,
    credentials: { accessKeyId, secretAccessKey: `made-up-secret-of-${name}` },
    serial: `arn:aws:iam::${EMULATED}:mfa/${name}`,
    seed: SEED,
  });
  const users = { ci: user('ci', 'AKIAIOSFODNN7EXAMPLE'), careful: user('careful', 'AKIAI44QH8DHBEXAMPLE') };
  const account = build.account({
    id: EMULATED,
    users: Object.entries(users).map(([name, { credentials, serial, seed }]) =>
      build.user({
        name,
        accessKeys: [{ id: credentials.accessKeyId, secret: credentials.secretAccessKey }],
        devices: [build.device({ serial, seed })],
        policies: [USERS[name as UserName]],
      }),
    ),
    roles: Object.entries(trustPolicies(EMULATED)).map(([name, trustPolicy]) =>
      build.role({ name, trustPolicy, maxSessionDuration: ROLE_SECONDS, policies: [ROLE_POLICY] }),
    ),
    buckets: BUCKETS.map((name) => build.bucket({ name })),
  });
  const emulator = await startEmulator({ world: build.world({ accounts: [account] }) });
  return { account: { endpoint: emulator.endpoint, id: EMULATED, ...users }, emulator };
}

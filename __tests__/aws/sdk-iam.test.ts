import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListVirtualMFADevicesCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from '@jest/globals';
import { build, codeOfStep, type Emulator, stepAt } from '../../lab/aws/index.ts';
import { type Credentials, emulate } from './wire.ts';

// A user's life with the JavaScript SDK, unchanged: created, used, with a new key, and deleted.

const ADMIN: Credentials = { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', secretAccessKey: 'je7MtGbClwBF/2Zp9Utk' };
const ARN = 'arn:aws:iam::111122223333:user/ci';
const SERIAL = 'arn:aws:iam::111122223333:mfa/ci';
const BOUNDARY = 'arn:aws:iam::aws:policy/AdministratorAccess';
const UserName = 'ci';

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      NotAction: 'sts:GetSessionToken',
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
    { Effect: 'Allow', Action: 'iam:*AccessKey*', Resource: ARN },
  ],
});

const client = ({ endpoint }: Emulator, credentials: Credentials) => ({
  endpoint,
  credentials,
  region: 'us-east-1',
  maxAttempts: 1,
});

const keyOf = (key: { AccessKeyId?: string | undefined; SecretAccessKey?: string | undefined } | undefined) => ({
  accessKeyId: key?.AccessKeyId ?? '',
  secretAccessKey: key?.SecretAccessKey ?? '',
});

function start(): Promise<Emulator> {
  const admin = build.user({
    name: 'admin',
    accessKeys: [{ id: ADMIN.accessKeyId, secret: ADMIN.secretAccessKey }],
    attachedPolicies: [BOUNDARY],
  });
  const accounts = [build.account({ id: '111122223333', users: [admin] })];
  const delays = { accessKey: { ms: 0 }, device: { ms: 0 } };
  return emulate({ world: build.world({ accounts, delays, lastUsedLagMs: 0 }) });
}

/** Creates the user with a device and a key, as an administrator. */
async function enroll(iam: IAMClient) {
  const Tags = [{ Key: 'made-by', Value: 'us' }];
  await iam.send(new CreateUserCommand({ UserName, Tags, PermissionsBoundary: BOUNDARY }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'ci', PolicyDocument: POLICY }));
  const created = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const seed = Buffer.from(created.VirtualMFADevice?.Base32StringSeed ?? []).toString();
  const step = stepAt(Date.now());
  const [AuthenticationCode1, AuthenticationCode2] = [codeOfStep(seed, step - 1), codeOfStep(seed, step)];
  await iam.send(
    new EnableMFADeviceCommand({ UserName, SerialNumber: SERIAL, AuthenticationCode1, AuthenticationCode2 }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { key: keyOf(AccessKey), code: codeOfStep(seed, step) };
}

test('a user is created with everything that a pipeline needs, and deleted again', async () => {
  const emulator = await start();
  const iam = new IAMClient(client(emulator, ADMIN));
  const { key } = await enroll(iam);

  const { User } = await iam.send(new GetUserCommand({ UserName }));
  expect(User).toMatchObject({
    Arn: ARN,
    Tags: [{ Key: 'made-by', Value: 'us' }],
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: BOUNDARY },
  });
  const ActionNames = ['iam:CreateAccessKey', 'iam:DeleteUser'];
  const simulated = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: ARN, ActionNames, ResourceArns: [ARN] }),
  );
  expect(simulated.EvaluationResults).toMatchObject([
    { EvalActionName: 'iam:CreateAccessKey', EvalDecision: 'explicitDeny' },
    { EvalActionName: 'iam:DeleteUser', EvalDecision: 'explicitDeny' },
  ]);
  const assigned = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }));
  expect(assigned.VirtualMFADevices).toMatchObject([{ SerialNumber: SERIAL, User: { UserName } }]);

  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }));
  await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber: SERIAL }));
  await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: SERIAL }));
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete policies first.',
  });
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'ci' }));
  await iam.send(new DeleteUserCommand({ UserName }));
  await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

test('a user replaces the key by a session with MFA', async () => {
  const emulator = await start();
  const { key, code } = await enroll(new IAMClient(client(emulator, ADMIN)));
  const sts = new STSClient(client(emulator, key));
  const { Credentials: given } = await sts.send(new GetSessionTokenCommand({ SerialNumber: SERIAL, TokenCode: code }));
  const session = { ...keyOf(given), sessionToken: given?.SessionToken ?? '' };
  const iam = new IAMClient(client(emulator, session));

  await expect(new IAMClient(client(emulator, key)).send(new ListAccessKeysCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  const created = keyOf((await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey);
  const lastUsed = async (AccessKeyId: string) =>
    (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed;
  expect(await lastUsed(created.accessKeyId)).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
  expect(await lastUsed(key.accessKeyId)).toMatchObject({
    LastUsedDate: expect.any(Date),
    ServiceName: 'iam',
    Region: 'us-east-1',
  });

  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId, Status: 'Inactive' }));
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
  expect(AccessKeyMetadata).toMatchObject([
    { AccessKeyId: key.accessKeyId, Status: 'Inactive' },
    { AccessKeyId: created.accessKeyId, Status: 'Active' },
  ]);
  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }));
});

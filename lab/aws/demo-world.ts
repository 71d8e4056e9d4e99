import { account, bucket, device, role, user, world } from './build.ts';
import type { PolicyDocument } from './policy/document.ts';
import type { World } from './world.ts';

/** What you need to try the emulator. The key is the example in AWS's documentation. */
export const DEMO = {
  accountId: '111122223333',
  region: 'us-east-1',
  userName: 'ci',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  serial: 'arn:aws:iam::111122223333:mfa/ci',
  seed: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  roleArn: 'arn:aws:iam::111122223333:role/deploy',
} as const;

const ROLES = `arn:aws:iam::${DEMO.accountId}:role/*`;
const ASSUME_ROLE_ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/** Denies everything without MFA, except for what it takes to get a session with MFA. */
const ciUserPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'NothingWithoutMfa',
      Effect: 'Deny',
      NotAction: ['sts:GetSessionToken', 'iam:ListMFADevices', 'iam:ResyncMFADevice'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
    {
      Sid: 'OwnDevices',
      Effect: 'Allow',
      Action: ['iam:ListMFADevices', 'iam:ResyncMFADevice'],
      Resource: `arn:aws:iam::${DEMO.accountId}:user/\${aws:username}`,
    },
    { Sid: 'Roles', Effect: 'Allow', Action: ASSUME_ROLE_ACTIONS, Resource: ROLES },
    { Sid: 'Buckets', Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 's3:ListBucket'], Resource: '*' },
  ],
};

const trustWithMfa: PolicyDocument = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DEMO.accountId}:root` },
    Action: ASSUME_ROLE_ACTIONS,
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  },
};

const listing: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 's3:ListBucket'], Resource: '*' },
};

/** One account with a CI user whose policy requires MFA, a role that requires MFA, and buckets in two regions. */
export function demoWorld(): World {
  return world({
    accounts: [
      account({
        id: DEMO.accountId,
        users: [
          user({
            name: DEMO.userName,
            accessKeys: [{ id: DEMO.accessKeyId, secret: DEMO.secretAccessKey }],
            devices: [device({ serial: DEMO.serial, seed: DEMO.seed })],
            policies: [ciUserPolicy],
          }),
        ],
        roles: [role({ name: 'deploy', trustPolicy: trustWithMfa, maxSessionDuration: 43_200, policies: [listing] })],
        buckets: [
          bucket({ name: 'example-artifacts', objects: ['releases/1.0.0/app.tar.gz', 'releases/1.1.0/app.tar.gz'] }),
          bucket({ name: 'example-logs', created: '2025-04-02T18:00:00.000Z', objects: ['2026/09/01.log'] }),
          bucket({ name: 'example-site', created: '2025-06-21T06:42:00.000Z', objects: ['index.html'] }),
          bucket({ name: 'example-backups-eu', region: 'eu-central-1', created: '2025-09-23T00:00:00.000Z' }),
        ],
      }),
    ],
  });
}

/**
 * The world of `npm run emulator`: the demo's account, and an administrator for the commands in the documents. The user isn't
 * called `ci`, because docs/iam.md and docs/enrolling.md create that one.
 */
export const PLAYGROUND = {
  ...DEMO,
  userName: 'demo',
  serial: `arn:aws:iam::${DEMO.accountId}:mfa/demo`,
  admin: {
    accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
  },
} as const;

/** The world of `npm run emulator`. */
export function playgroundWorld(): World {
  const world = demoWorld();
  for (const account of world.accounts) {
    for (const one of account.users) {
      one.name = PLAYGROUND.userName;
      for (const device of one.devices) device.serial = PLAYGROUND.serial;
    }
    account.users.push(
      user({
        name: 'admin',
        accessKeys: [{ id: PLAYGROUND.admin.accessKeyId, secret: PLAYGROUND.admin.secretAccessKey }],
        attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
    );
  }
  return world;
}

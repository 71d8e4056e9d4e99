/**
 * The emulated AWS of a test workflow: the demo's account, in which the CI user's policy requires MFA; a second account with a role
 * that trusts the first one; and accounts in GovCloud and China. All secrets are new, so one that turns up anywhere is from this
 * run.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { type Account, build, DEMO, demoWorld, type PolicyDocument, type World } from '../aws/index.ts';

/** The emulated AWS, and what a workflow gets in `secrets` and `vars`. */
export interface TestWorld {
  readonly world: World;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

const PARTITIONS = [
  { name: 'GOVCLOUD', partition: 'aws-us-gov', id: '777788889999' },
  { name: 'CHINA', partition: 'aws-cn', id: '888899990000' },
];

/** The actions for assuming a role with session tags. */
const ASSUME_ROLE_ACTIONS = ['sts:AssumeRole', 'sts:TagSession'];

/** What it takes to replace one's own keys (docs/iam.md). */
const KEY_ACTIONS = [
  'iam:ListAccessKeys',
  'iam:CreateAccessKey',
  'iam:UpdateAccessKey',
  'iam:DeleteAccessKey',
  'iam:GetAccessKeyLastUsed',
];
/** The CI user's key is due. */
export const KEY_AGE_MS = 61 * 86_400_000;

/** Not the CI user's own account. */
const OTHER_ACCOUNT = '444455556666';
/** A second device of the CI user, for jobs that must not use the first one's codes. */
const SPARE_SERIAL = `arn:aws:iam::${DEMO.accountId}:mfa/spare`;

/** A new world for each workflow, so that none sees the used codes and budgets of another. */
export function testWorld(): TestWorld {
  const elsewhere = otherPartitions();
  const key = { id: `AKIA${base32(16)}`, secret: randomBytes(30).toString('base64') };
  const seed = base32(64);
  const secrets = {
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_ACCESS_KEY: `${key.id}:${key.secret}`,
    AWS_MFA_SEED: seed,
    AWS_MFA_DEVICE: `${DEMO.serial} ${seed}`,
    ROTATION_APP_PRIVATE_KEY: `ghs_${base32(36)}`,
    AWS_SPARE_MFA_SEED: base32(64),
    // Nobody's.
    WRONG_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
    WRONG_MFA_SEED: base32(64),
    AWS_SEALING_KEY: randomBytes(32).toString('base64'),
    WRONG_SEALING_KEY: randomBytes(32).toString('base64'),
    ...elsewhere.secrets,
  };
  const vars = {
    AWS_MFA_SERIAL: DEMO.serial,
    MFA_SERIAL: DEMO.serial,
    AWS_SPARE_MFA_SERIAL: SPARE_SERIAL,
    AWS_ROLE_ARN: DEMO.roleArn,
    AWS_OTHER_ROLE_ARN: `arn:aws:iam::${OTHER_ACCOUNT}:role/audit`,
    AWS_ACCOUNT_ID: DEMO.accountId,
    AWS_STAGING_ROLE_ARN: `arn:aws:iam::${OTHER_ACCOUNT}:role/audit`,
    AWS_PROD_ROLE_ARN: DEMO.roleArn,
    ROTATION_APP_CLIENT_ID: 'Iv23liRotationOfKeys',
    ...elsewhere.vars,
  };
  const world = demoWorld();
  const [user] = world.accounts.flatMap(({ users }) => users);
  if (user === undefined) throw new Error('the demo has an account with a user');
  user.accessKeys = [{ ...key, createdAt: Date.now() - KEY_AGE_MS }];
  user.devices = [
    build.device({ serial: DEMO.serial, seed }),
    build.device({ serial: SPARE_SERIAL, seed: secrets.AWS_SPARE_MFA_SEED }),
  ];
  user.policies.push(allow(ASSUME_ROLE_ACTIONS, vars.AWS_OTHER_ROLE_ARN));
  user.policies.push(allow(KEY_ACTIONS, `arn:aws:iam::${DEMO.accountId}:user/${DEMO.userName}`));
  world.accounts.push(
    build.account({
      id: OTHER_ACCOUNT,
      roles: [
        build.role({
          name: 'audit',
          trustPolicy: trustWithMfa(`arn:aws:iam::${DEMO.accountId}:root`),
          policies: [allow(['s3:ListAllMyBuckets', 's3:ListBucket'], '*')],
        }),
      ],
      buckets: [build.bucket({ name: 'example-audit-trail', objects: ['2026/11/trail.json'] })],
    }),
  );
  world.accounts.push(...elsewhere.accounts);
  return { world, secrets, vars };
}

interface OtherPartitions {
  readonly accounts: readonly Account[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

/** Accounts in GovCloud and China for the examples, each with a user, a device and a role. */
function otherPartitions(): OtherPartitions {
  const made = PARTITIONS.map(({ name, partition, id }) => {
    const key = { id: `AKIA${base32(16)}`, secret: randomBytes(30).toString('base64') };
    const seed = base32(64);
    const serial = `arn:${partition}:iam::${id}:mfa/ci`;
    const role = `arn:${partition}:iam::${id}:role/deploy`;
    const user = build.user({
      name: 'ci',
      accessKeys: [key],
      devices: [build.device({ serial, seed })],
      policies: [allow(ASSUME_ROLE_ACTIONS, role)],
    });
    const trustPolicy = trustWithMfa(`arn:${partition}:iam::${id}:root`);
    return {
      account: build.account({ id, partition, users: [user], roles: [build.role({ name: 'deploy', trustPolicy })] }),
      secrets: {
        [`${name}_ACCESS_KEY_ID`]: key.id,
        [`${name}_SECRET_ACCESS_KEY`]: key.secret,
        [`${name}_MFA_SEED`]: seed,
      },
      vars: { [`${name}_MFA_SERIAL`]: serial, [`${name}_ROLE_ARN`]: role },
    };
  });
  return {
    accounts: made.map(({ account }) => account),
    secrets: Object.assign({}, ...made.map(({ secrets }) => secrets)),
    vars: Object.assign({}, ...made.map(({ vars }) => vars)),
  };
}

/** A policy that allows these actions on one resource. */
function allow(actions: readonly string[], resource: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: [...actions], Resource: resource } };
}

/** A trust policy for everyone with MFA in an account, which its root's ARN names. */
function trustWithMfa(root: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: ASSUME_ROLE_ACTIONS,
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  };
}

/** Random characters of Base32's alphabet. */
function base32(length: number): string {
  return Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(randomInt(32))).join('');
}

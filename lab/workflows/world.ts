/**
 * The emulated AWS of a test workflow: the demo's account with a CI user under an MFA policy, a second account with a role that
 * trusts the first one, and secrets made anew, so that one that turns up anywhere comes from this very run.
 */
import { randomBytes } from 'node:crypto';
import { build, DEMO, demoWorld, type World } from '../aws/index.ts';
import { otherPartitions } from './partitions.ts';
import { allow, base32, TAKING_A_ROLE, trustWithMfa } from './policies.ts';

/** What is passed to a workflow, by its name in `secrets` and `vars`. */
export interface TestWorld {
  readonly world: World;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

/** The account beside the CI user's own. */
const OTHER_ACCOUNT = '444455556666';
/** A second device of the CI user, for what must not disturb the first one's codes. */
const SPARE_SERIAL = `arn:aws:iam::${DEMO.accountId}:mfa/spare`;

/** A world of its own for each workflow: used codes and budgets of one are none of the next one's business. */
export function testWorld(): TestWorld {
  const elsewhere = otherPartitions();
  const secrets = {
    AWS_ACCESS_KEY_ID: `AKIA${base32(16)}`,
    AWS_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
    AWS_MFA_SEED: base32(64),
    AWS_SPARE_MFA_SEED: base32(64),
    // Of nobody.
    WRONG_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
    WRONG_MFA_SEED: base32(64),
    AWS_SEALING_KEY: randomBytes(32).toString('base64'),
    WRONG_SEALING_KEY: randomBytes(32).toString('base64'),
    ...elsewhere.secrets,
  };
  const vars = {
    AWS_MFA_SERIAL: DEMO.serial,
    AWS_SPARE_MFA_SERIAL: SPARE_SERIAL,
    AWS_ROLE_ARN: DEMO.roleArn,
    AWS_OTHER_ROLE_ARN: `arn:aws:iam::${OTHER_ACCOUNT}:role/audit`,
    AWS_ACCOUNT_ID: DEMO.accountId,
    AWS_STAGING_ROLE_ARN: `arn:aws:iam::${OTHER_ACCOUNT}:role/audit`,
    AWS_PROD_ROLE_ARN: DEMO.roleArn,
    ...elsewhere.vars,
  };
  const world = demoWorld();
  const [user] = world.accounts.flatMap(({ users }) => users);
  if (user === undefined) throw new Error('the demo has an account with a user');
  user.accessKeys = [{ id: secrets.AWS_ACCESS_KEY_ID, secret: secrets.AWS_SECRET_ACCESS_KEY }];
  user.devices = [
    build.device({ serial: DEMO.serial, seed: secrets.AWS_MFA_SEED }),
    build.device({ serial: SPARE_SERIAL, seed: secrets.AWS_SPARE_MFA_SEED }),
  ];
  user.policies.push(allow(TAKING_A_ROLE, vars.AWS_OTHER_ROLE_ARN));
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

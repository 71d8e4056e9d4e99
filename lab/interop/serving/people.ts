import { build, DEMO, type PolicyDocument, type World } from '../../aws/index.ts';
import { REGION } from '../account.ts';
import type { Environment } from '../renewal/profiles.ts';

/** A user with a device, and the role that this user alone may assume, with MFA. Both have the same name. */
export interface Person {
  readonly name: string;
  readonly roleArn: string;
  /** What the command needs, except for the role. */
  readonly env: Environment;
}

/** A person whose name consists of letters, digits and hyphens. */
export function personNamed(name: string): Person {
  return {
    name,
    roleArn: arnOf(`role/${name}`),
    env: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: `AKIA${name.toUpperCase().replaceAll('-', '').padEnd(16, 'X').slice(0, 16)}`,
      AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
      MFA_SERIAL: arnOf(`mfa/${name}`),
      MFA_SEED: DEMO.seed,
    },
  };
}

/** An AWS with these people. Each of them sends codes of a separate device. */
export function worldOf(people: readonly Person[]): World {
  const users = people.map(({ name, env: { AWS_ACCESS_KEY_ID: id = '', MFA_SERIAL: serial = '' } }) =>
    build.user({
      name,
      accessKeys: [{ id, secret: DEMO.secretAccessKey }],
      devices: [build.device({ serial, seed: DEMO.seed })],
      policies: [document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })],
    }),
  );
  const roles = people.map(({ name }) =>
    build.role({
      name,
      trustPolicy: document({
        Effect: 'Allow',
        Principal: { AWS: arnOf(`user/${name}`) },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      }),
      policies: [document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' })],
    }),
  );
  return build.world({ accounts: [build.account({ id: DEMO.accountId, users, roles })] });
}

function arnOf(resource: string): string {
  return `arn:aws:iam::${DEMO.accountId}:${resource}`;
}

function document(Statement: PolicyDocument['Statement']): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

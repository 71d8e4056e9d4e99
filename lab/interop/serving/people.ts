import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { build, DEMO, type PolicyDocument, type PolicyStatement, type World } from '../../aws/index.ts';
import { REGION } from '../account.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Environment } from '../renewal/profiles.ts';

/** A user, and the role that this user alone may assume, with MFA. Both have the same name. */
export interface Person {
  readonly name: string;
  readonly roleArn: string;
  /** Two, because a device has five codes at a time, and a session that ends early needs one every few seconds. */
  readonly devices: readonly string[];
  /** What the command needs, except for the role. */
  readonly env: Environment;
}

/** A person whose name consists of letters, digits and hyphens, with a home folder that isn't shared. */
export function personNamed(name: string, cleanup: Cleanup): Person {
  const devices = [arnOf(`mfa/${name}`), arnOf(`mfa/${name}-too`)];
  return {
    name,
    devices,
    roleArn: arnOf(`role/${name}`),
    env: {
      HOME: mkdtempSync(join(cleanup.folder, 'home-')),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: `AKIA${name.toUpperCase().replaceAll('-', '').padEnd(16, 'X').slice(0, 16)}`,
      AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
      MFA_DEVICES: devices.map((serial) => `${serial} ${DEMO.seed}`).join('\n'),
    },
  };
}

/** An AWS with these people. None of them has another's device. */
export function worldOf(people: readonly Person[]): World {
  const users = people.map(({ name, devices, env: { AWS_ACCESS_KEY_ID: id = '' } }) =>
    build.user({
      name,
      accessKeys: [{ id, secret: DEMO.secretAccessKey }],
      devices: devices.map((serial) => build.device({ serial, seed: DEMO.seed })),
      policies: [document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })],
    }),
  );
  const roles = people.map(({ name }) =>
    build.role({
      name,
      trustPolicy: trusting(name, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      policies: [document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' })],
    }),
  );
  return build.world({ accounts: [build.account({ id: DEMO.accountId, users, roles })] });
}

/** From now on, nobody may assume a role any more. The sessions stay valid. */
export function closeRoles({ accounts }: World): void {
  const roles = accounts.flatMap((account) => account.roles);
  for (const role of roles)
    role.trustPolicy = trusting(role.name, { StringEquals: { 'sts:ExternalId': 'nobody knows it' } });
}

function trusting(name: string, Condition: NonNullable<PolicyStatement['Condition']>): PolicyDocument {
  const Principal = { AWS: arnOf(`user/${name}`) };
  return document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition });
}

function arnOf(resource: string): string {
  return `arn:aws:iam::${DEMO.accountId}:${resource}`;
}

function document(Statement: PolicyDocument['Statement']): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

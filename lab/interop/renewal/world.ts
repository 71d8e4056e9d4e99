import {
  build,
  DEMO,
  demoWorld,
  type Emulator,
  type PolicyDocument,
  type PolicyStatement,
  type World,
} from '../../aws/index.ts';
import { EXTERNAL_ID } from '../account.ts';

/** A role, and the profile that it gets. */
export interface RenewingRole {
  readonly profile: string;
  readonly arn: string;
  readonly externalId: string;
}

/** An AWS, with roles that the demo's user may assume with MFA. */
export interface WorldWithRoles {
  readonly world: World;
  readonly roles: readonly RenewingRole[];
}

const document = (Statement: PolicyStatement): PolicyDocument => ({ Version: '2012-10-17', Statement });

const TRUST = document({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${DEMO.accountId}:user/${DEMO.userName}` },
  Action: 'sts:AssumeRole',
  Condition: {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    StringEquals: { 'sts:ExternalId': EXTERNAL_ID },
  },
});
const LIST_BUCKETS = document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });
const ASSUME_ROLES = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*' });

/** The demo's user and roles with these names in each of these accounts. A session of them lasts an hour at most. */
export function worldWithRoles(
  names: readonly string[],
  accountIds: readonly string[] = [DEMO.accountId],
): WorldWithRoles {
  const world = demoWorld();
  for (const { users } of world.accounts) for (const { policies } of users) policies.push(ASSUME_ROLES);
  const missing = accountIds.filter((id) => !world.accounts.some((account) => account.id === id));
  world.accounts.push(...missing.map((id) => build.account({ id })));
  for (const account of world.accounts.filter(({ id }) => accountIds.includes(id))) {
    account.roles = names.map((name) => build.role({ name, trustPolicy: TRUST, policies: [LIST_BUCKETS] }));
  }
  const roles = accountIds.flatMap((id) =>
    names.map((name) => ({
      profile: accountIds.length === 1 ? name : `${name}-${id}`,
      arn: `arn:aws:iam::${id}:role/${name}`,
      externalId: EXTERNAL_ID,
    })),
  );
  return { world, roles };
}

/** Ends each role's session after so many seconds, whatever was requested. */
export function endSessionsAfter(seconds: number, { faults }: Emulator): void {
  faults.add({ kind: 'role-lifetime', seconds, operation: 'AssumeRole', times: Number.POSITIVE_INFINITY });
}

import { type PolicyDocument, PolicyError, type PolicyKind } from './policy/document.ts';
import { readPolicy } from './policy/statement.ts';
import { decodeSeed } from './totp.ts';
import type { Account, Bucket, MfaDevice, Role, User, World } from './world.ts';

// Builds parts of a world, with defaults for everything that a test doesn't care about.

/** Observed: STS allows about nine verifications per three minutes. */
const DEFAULT_BUDGET = 9;
const DEFAULT_PACKED_SIZE_LIMIT = 4096;

/** A virtual device, by default on time and with the usual budget. */
export function device(given: Pick<MfaDevice, 'serial' | 'seed'> & Partial<MfaDevice>): MfaDevice {
  return { adjustmentSteps: 0, budget: DEFAULT_BUDGET, ...given };
}

/** An IAM user. */
export function user(given: Pick<User, 'name'> & Partial<User>): User {
  return {
    path: '/',
    accessKeys: [],
    devices: [],
    securityKeys: [],
    policies: [],
    namedPolicies: {},
    attachedPolicies: [],
    tags: {},
    ...given,
  };
}

/** A role. */
export function role(given: Pick<Role, 'name' | 'trustPolicy'> & Partial<Role>): Role {
  return {
    path: '/',
    maxSessionDuration: 3600,
    policies: [],
    namedPolicies: {},
    attachedPolicies: [],
    tags: {},
    ...given,
  };
}

/** A bucket. It belongs to the account that lists it. */
export function bucket(given: Pick<Bucket, 'name'> & Partial<Bucket>): Bucket {
  return { region: 'us-east-1', created: '2025-03-14T09:26:53.000Z', objects: [], ...given };
}

/** An account, by default in the partition `aws`. */
export function account(given: Pick<Account, 'id'> & Partial<Account>): Account {
  return {
    partition: 'aws',
    users: [],
    roles: [],
    buckets: [],
    managedPolicies: [],
    unassignedDevices: [],
    disabledRegions: [],
    optInRegionsOff: [],
    ...given,
  };
}

/**
 * A world with these accounts.
 * @throws Error that lists everything that AWS or the emulator doesn't support
 */
export function world(given: Pick<World, 'accounts'> & Partial<World>): World {
  const built = { packedSizeLimit: DEFAULT_PACKED_SIZE_LIMIT, ...given };
  checkWorld(built);
  return built;
}

/**
 * Checks a world. The emulator does it when it starts, so that a test notices a condition that the emulator doesn't know.
 * @throws Error with one line per problem
 */
export function checkWorld({ accounts }: World): void {
  const problems = accounts.flatMap((owner) => [
    ...(/^\d{12}$/.test(owner.id) ? [] : [`account ${owner.id}: an account ID has twelve digits`]),
    ...owner.unassignedDevices.flatMap((one) => seedProblem(one)),
    ...owner.users.flatMap((one) => [
      ...policiesOf(one).flatMap((policy) => problemOf(`user ${one.name}`, policy, 'identity')),
      ...one.devices.flatMap((held) => seedProblem(held)),
    ]),
    ...owner.roles.flatMap((one) => [
      ...problemOf(`trust policy of role ${one.name}`, one.trustPolicy, 'trust'),
      ...policiesOf(one).flatMap((policy) => problemOf(`role ${one.name}`, policy, 'identity')),
    ]),
    ...owner.managedPolicies.flatMap(({ arn, document }) => problemOf(arn, document, 'identity')),
    ...owner.buckets.flatMap(({ name, policy }) => (policy ? problemOf(`bucket ${name}`, policy, 'bucket') : [])),
  ]);
  if (problems.length > 0) throw new Error(`This world isn't valid:\n${problems.join('\n')}`);
}

function policiesOf({ policies, namedPolicies }: User | Role): PolicyDocument[] {
  return [...policies, ...Object.values(namedPolicies)];
}

function problemOf(where: string, policy: PolicyDocument, kind: PolicyKind): string[] {
  try {
    readPolicy(policy, kind);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return [`${where}: ${error.message}`];
    throw error;
  }
}

function seedProblem({ serial, seed }: MfaDevice): string[] {
  try {
    return decodeSeed(seed).length > 0 ? [] : [`device ${serial}: the seed is empty`];
  } catch (error) {
    if (error instanceof RangeError) return [`device ${serial}: ${error.message}`];
    throw error;
  }
}

import { type BucketCheck, readBucketCheck } from './buckets.ts';
import { type Connection, readConnection } from './connection.ts';
import { type Exports, readExports } from './exports.ts';
import { quote, readBoolean, readInteger, readList } from './fields.ts';
import type { InputName, Problem, Problems, RawInputs } from './inputs.ts';
import { type KeySource, readKeys } from './keys.ts';
import { type MfaSource, readMfaSource } from './mfa.ts';
import { findRegion, type Partition, type Region } from './partition.ts';
import { type RoleRequest, readRole, refuseRoleInputs } from './role.ts';
import type { Serial } from './serial.ts';
import type { WorkflowFacts } from './tags.ts';

/** How the credentials are got. */
export type Plan =
  | { readonly kind: 'session'; readonly keys: KeySource; readonly mfa: MfaSource; readonly sessionSeconds: number }
  | { readonly kind: 'role'; readonly keys: KeySource; readonly mfa: MfaSource; readonly role: RoleRequest }
  | {
      readonly kind: 'role-after-session';
      readonly keys: KeySource;
      readonly mfa: MfaSource;
      readonly sessionSeconds: number;
      readonly role: RoleRequest;
    }
  | { readonly kind: 'chained-role'; readonly role: RoleRequest };

/** A request in which everything has been checked that can be checked without asking AWS. */
export interface Request {
  readonly region: Region;
  readonly plan: Plan;
  readonly allowedAccounts: readonly string[];
  /** Take the session of the environment instead where it is still good for this many seconds. */
  readonly reuse: { readonly minimumRemainingSeconds: number } | undefined;
  readonly bucketCheck: BucketCheck | undefined;
  readonly exports: Exports;
  readonly connection: Connection;
  /** How often a call may be sent in all where it fails for a passing reason. */
  readonly maxAttempts: number;
  /** The deadline over everything, or undefined for none. */
  readonly timeoutSeconds: number | undefined;
}

/** What a request is judged against, beside the inputs. */
export interface Surroundings {
  readonly partitions: readonly Partition[];
  readonly workflow: WorkflowFacts;
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** Turns the inputs into a request, or into everything that is wrong with them at once. Throws nothing. */
export function parseRequest(raw: RawInputs, surroundings: Surroundings): ParsedRequest {
  const found: Problem[] = [];
  const problems: Problems = {
    add(input: InputName, message: string): undefined {
      found.push({ input, message });
    },
  };
  const region = readRegion(raw, surroundings.partitions, problems);
  const plan = readPlan(raw, region?.partition.id, surroundings.workflow, problems);
  const allowedAccounts = readAllowedAccounts(raw, plan, problems);
  const bucketCheck = readBucketCheck(raw, problems);
  const exports = readExports(raw, bucketCheck !== undefined, problems);
  const connection = readConnection(raw, problems);
  const reuse = readReuse(raw, problems);
  const maxAttempts = readAttempts(raw, problems);
  const timeoutSeconds = readInteger(
    raw,
    'action-timeout-s',
    { min: 0, max: 86_400, default: 0, unit: 'seconds' },
    problems,
  );
  const [first, ...rest] = found;
  if (first !== undefined) return { ok: false, problems: [first, ...rest] };
  if (region === undefined || plan === undefined || maxAttempts === undefined) {
    // Each reader that gives nothing has said why; this is the net below.
    return {
      ok: false,
      problems: [{ input: 'aws-region', message: 'could not be put together with the other inputs' }],
    };
  }
  return {
    ok: true,
    request: {
      region,
      plan,
      allowedAccounts,
      reuse,
      bucketCheck,
      exports,
      connection,
      maxAttempts,
      timeoutSeconds: timeoutSeconds === 0 ? undefined : timeoutSeconds,
    },
  };
}

function readRegion(raw: RawInputs, partitions: readonly Partition[], problems: Problems): Region | undefined {
  const name = raw['aws-region'];
  if (name === '') {
    return problems.add(
      'aws-region',
      'is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set; write for instance aws-region: eu-central-1',
    );
  }
  const region = findRegion(name, partitions);
  return (
    region ??
    problems.add(
      'aws-region',
      `is ${quote(name)}, which is no region of any AWS partition; write for instance eu-central-1, us-gov-west-1 or cn-north-1`,
    )
  );
}

function readPlan(
  raw: RawInputs,
  partition: string | undefined,
  facts: WorkflowFacts,
  problems: Problems,
): Plan | undefined {
  const chained = readBoolean(raw, 'role-chaining', problems) ?? false;
  const sessionFirst = readBoolean(raw, 'mfa-session-first', problems) ?? false;
  const plainSecretOnly = readBoolean(raw, 'special-characters-workaround', problems) ?? false;
  const roleGiven = raw['role-to-assume'] !== '';
  if (plainSecretOnly && !chained && !sessionFirst) {
    problems.add(
      'special-characters-workaround',
      'asks again until the secret key has no special characters, and each time would cost a code; it goes with mfa-session-first: true or role-chaining: true only',
    );
  }
  const role = roleGiven
    ? readRole(raw, { partition, chained: chained || sessionFirst, facts, plainSecretOnly }, problems)
    : refuseRoleInputs(raw, problems);
  if (chained) return readChainedRole(raw, role ?? undefined, sessionFirst, problems);

  const keys = readKeys(raw, problems);
  const mfa = readMfaSource(raw, problems);
  if (mfa !== undefined && partition !== undefined)
    checkSerialPartition(mfa, partition, raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices', problems);
  const seconds = { min: 900, max: 129_600, default: 3600, unit: 'seconds' };
  const sessionSeconds = readInteger(raw, 'session-duration-seconds', seconds, problems);
  if (sessionFirst && !roleGiven)
    problems.add(
      'mfa-session-first',
      'is true without role-to-assume; without a role the step gets a session token anyway',
    );
  if (roleGiven && !sessionFirst && raw['session-duration-seconds'] !== '') {
    problems.add(
      'session-duration-seconds',
      'is for session tokens; a role takes role-duration-seconds (or set mfa-session-first: true)',
    );
  }
  if (keys === undefined || mfa === undefined || sessionSeconds === undefined) return undefined;
  if (!roleGiven) return { kind: 'session', keys, mfa, sessionSeconds };
  if (!role) return undefined;
  if (sessionFirst) return { kind: 'role-after-session', keys, mfa, sessionSeconds, role };
  return { kind: 'role', keys, mfa, role };
}

function readChainedRole(
  raw: RawInputs,
  role: RoleRequest | undefined,
  sessionFirst: boolean,
  problems: Problems,
): Plan | undefined {
  if (raw['role-to-assume'] === '')
    problems.add('role-chaining', 'is true without role-to-assume; name the role to go on to');
  if (sessionFirst)
    problems.add(
      'mfa-session-first',
      'is true together with role-chaining: the one spends a code, the other uses the session of an earlier step. Choose one',
    );
  const idle = [
    'aws-access-key-id',
    'aws-secret-access-key',
    'mfa-serial',
    'mfa-seed',
    'mfa-code',
    'mfa-devices',
    'mfa-slot',
    'session-duration-seconds',
  ] as const;
  for (const input of idle) {
    if (raw[input] !== '') {
      problems.add(
        input,
        'is given together with role-chaining: true, which uses the session that an earlier step exported and sends no code. Leave one of them out',
      );
    }
  }
  return role && { kind: 'chained-role', role };
}

function checkSerialPartition(mfa: MfaSource, partition: string, input: InputName, problems: Problems): void {
  for (const serial of serialsOf(mfa)) {
    if (serial.kind === 'virtual' && serial.partition !== partition) {
      problems.add(
        input,
        `is in the partition ${serial.partition}, and aws-region is in ${partition}; write a region of the account's own partition`,
      );
    }
  }
}

/** The serials that a source names; none where the device is still to be found. */
export function serialsOf(mfa: MfaSource): readonly Serial[] {
  switch (mfa.kind) {
    case 'devices':
      return mfa.devices.map(({ serial }) => serial);
    case 'code':
      return mfa.serial === undefined ? [] : [mfa.serial];
    case 'seed':
      return [];
  }
}

function readAllowedAccounts(raw: RawInputs, plan: Plan | undefined, problems: Problems): readonly string[] {
  const accounts = readList(raw, 'allowed-account-ids');
  if (accounts.length === 0 && raw['allowed-account-ids'] !== '') {
    problems.add(
      'allowed-account-ids',
      'names no account, so it would allow every one; write account IDs, or leave it out',
    );
  }
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account)) {
      problems.add(
        'allowed-account-ids',
        `has ${quote(account)}; an account ID has 12 digits (keep the quotes in YAML, a leading 0 is part of it)`,
      );
    }
  }
  const role = plan !== undefined && plan.kind !== 'session' ? plan.role.role : undefined;
  if (accounts.length > 0 && role?.kind === 'arn' && !accounts.includes(role.account)) {
    problems.add('role-to-assume', `is in the account ${role.account}, which allowed-account-ids does not allow`);
  }
  return accounts;
}

function readReuse(raw: RawInputs, problems: Problems): Request['reuse'] {
  const minimum = { min: 0, max: 129_600, default: 300, unit: 'seconds' };
  const minimumRemainingSeconds = readInteger(raw, 'minimum-remaining-seconds', minimum, problems);
  const wanted = readBoolean(raw, 'use-existing-credentials', problems) ?? false;
  return wanted && minimumRemainingSeconds !== undefined ? { minimumRemainingSeconds } : undefined;
}

function readAttempts(raw: RawInputs, problems: Problems): number | undefined {
  const attempts = readInteger(
    raw,
    'retry-max-attempts',
    { min: 1, max: 100, default: 12, unit: 'attempts' },
    problems,
  );
  const disabled = readBoolean(raw, 'disable-retry', problems) ?? false;
  return disabled ? 1 : attempts;
}

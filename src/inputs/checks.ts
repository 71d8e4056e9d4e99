import { accountOfDevices } from '../core/codes/serial.ts';
import {
  type BucketCheck,
  devicesOf,
  type ExpectedBucket,
  type Exports,
  exportsSession,
  type Plan,
  type RoleProfile,
  type RoleReference,
  roleOf,
  type Seal,
} from '../core/request.ts';
import { isTrue, readLines, readList } from './fields.ts';
import type { InputName, RawInputs } from './names.ts';
import type { ProblemFacts, Problems } from './problem.ts';

// What the new credentials are checked for. Loaded only if something is.

/** S3 user guide, bucket naming; the wider set of before 2018 still exists in us-east-1. */
const BUCKET = /^[A-Za-z0-9._-]{3,255}$/;
const MAX_KEY = 1024;

/** What is known of the credentials before the first call. */
export interface Expected {
  readonly plan: Plan | undefined;
  readonly roles: readonly RoleProfile[] | undefined;
  readonly exports: Exports;
  readonly seal: Seal | undefined;
}

/**
 * Reads `allowed-account-ids`, and refuses before any call what would be refused after it: a code would be spent for nothing. If the
 * inputs don't show the account, the credentials are checked later.
 */
export function readAllowedAccounts(raw: RawInputs, expected: Expected, problems: Problems): readonly string[] {
  const accounts = readList(raw, 'allowed-account-ids');
  if (accounts.length === 0) problems.add('allowed-account-ids', 'list-empty', {});
  const wrong = accounts.filter((account) => !/^\d{12}$/.test(account));
  for (const value of wrong) problems.add('allowed-account-ids', 'account-id', { value });
  // A list that is wrong itself says nothing about what it allows.
  if (accounts.length === 0 || wrong.length > 0) return accounts;
  for (const { input, ...facts } of accountsOf(raw, expected))
    if (!accounts.includes(facts.account)) problems.add(input, 'account-not-allowed', facts);
  return accounts;
}

/** An account that the credentials will be of, and the input that says so. */
type ExpectedAccount = { readonly input: InputName } & ProblemFacts['account-not-allowed'];

function accountsOf(raw: RawInputs, { plan: whole, ...rest }: Expected): readonly ExpectedAccount[] {
  // A fallback is judged as if it were the plan: it may become that.
  const plan = whole?.kind === 'sealed-session' ? (whole.fallback ?? whole) : whole;
  const device = plan && accountOfDevices(devicesOf(plan));
  const own = plan && roleOf(plan)?.role;
  const found: (ExpectedAccount | undefined)[] = [
    own && accountOf('role-to-assume', own, device),
    ...(rest.roles ?? []).map(({ role: { role } }) => {
      if (raw.roles === '') return accountOf('role-to-assume', role, device);
      const expected = accountOf('roles', role, device);
      return expected && { ...expected, role: role.kind === 'arn' ? role.arn : role.name };
    }),
  ];
  if (plan?.kind === 'session' && device !== undefined && exportsSession(rest))
    found.push({
      input: raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices',
      account: device,
      ...(whole === plan ? {} : { because: 'fallback' }),
    });
  return found.filter((account) => account !== undefined);
}

function accountOf(input: InputName, role: RoleReference, device: string | undefined): ExpectedAccount | undefined {
  if (role.kind === 'arn') return { input, account: role.account };
  return device === undefined ? undefined : { input, account: device, because: 'role-name' };
}

/** Reads the bucket check; undefined if there is none. */
export function readBucketCheck(raw: RawInputs, problems: Problems): BucketCheck | undefined {
  const list = isTrue(raw, 'list-buckets', problems);
  const expected: ExpectedBucket[] = [];
  for (const value of readLines(raw, 'expected-buckets')) {
    const bare = value.startsWith('s3://') ? value.slice('s3://'.length) : value;
    const slash = bare.indexOf('/');
    const bucket = slash < 0 ? bare : bare.slice(0, slash);
    const prefix = slash < 0 || slash === bare.length - 1 ? undefined : bare.slice(slash + 1);
    if (!BUCKET.test(bucket)) problems.add('expected-buckets', 'bucket', { value });
    else if (prefix !== undefined && prefix.length > MAX_KEY)
      problems.add('expected-buckets', 'prefix-too-long', { bucket, length: prefix.length, max: MAX_KEY });
    else expected.push({ bucket, prefix });
  }
  if (!list && expected.length === 0) return undefined;
  if (raw.roles !== '') problems.add(list ? 'list-buckets' : 'expected-buckets', 'conflict', { with: 'roles' });
  return { list, expected };
}

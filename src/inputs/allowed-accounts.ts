import {
  devicesOf,
  type Exports,
  isHandedOver,
  type Plan,
  type RoleProfile,
  type RoleReference,
  roleOf,
  type Seal,
} from '../core/request.ts';
import { quote } from '../core/words.ts';
import { nameOf, readList } from './fields.ts';
import type { InputName, Problems, RawInputs } from './names.ts';

/** What is known of the credentials before they are got. */
export interface Expected {
  readonly plan: Plan | undefined;
  readonly roles: readonly RoleProfile[] | undefined;
  readonly exports: Exports;
  readonly seal: Seal | undefined;
}

/**
 * Reads `allowed-account-ids`, and refuses before any call what would be refused after it: a code would be spent for nothing.
 * Where the inputs do not tell an account, the credentials are judged once they are there.
 */
export function readAllowedAccounts(raw: RawInputs, expected: Expected, problems: Problems): readonly string[] {
  const accounts = readList(raw, 'allowed-account-ids');
  if (accounts.length === 0) {
    problems.add(
      'allowed-account-ids',
      'names no account, so it would allow every one; write account IDs, or leave it out',
    );
  }
  const wrong = accounts.filter((account) => !/^\d{12}$/.test(account));
  for (const account of wrong) {
    problems.add(
      'allowed-account-ids',
      `has ${quote(account)}; an account ID has 12 digits (keep the quotes in YAML, a leading 0 is part of it)`,
    );
  }
  // A list that is wrong itself allows nothing that could be told.
  if (accounts.length === 0 || wrong.length > 0) return accounts;
  for (const { input, account, what } of accountsOf(raw, expected)) {
    if (accounts.includes(account)) continue;
    problems.add(
      input,
      `${what} in the account ${account}, which ${nameOf(raw, 'allowed-account-ids')} does not allow`,
    );
  }
  return accounts;
}

interface ExpectedAccount {
  readonly input: InputName;
  readonly account: string;
  readonly what: string;
}

function accountsOf(raw: RawInputs, { plan: whole, ...rest }: Expected): readonly ExpectedAccount[] {
  // What is told of a fallback is judged as if it were the plan: it may become that.
  const plan = whole?.kind === 'sealed-session' ? (whole.fallback ?? whole) : whole;
  const roles = rest.roles ?? [];
  const device = plan && deviceAccount(plan);
  const own = plan && roleOf(plan)?.role;
  const found: (ExpectedAccount | undefined)[] = [
    own && accountOf('role-to-assume', own, device, 'is'),
    ...roles.map(({ role: { role } }) => accountOf('roles', role, device, `has ${textOf(role)}, which is`)),
  ];
  if (plan?.kind === 'session' && device !== undefined && isHandedOver(rest))
    found.push({
      input: raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices',
      account: device,
      what: whole === plan ? 'is' : 'is, for sealed-session-fallback,',
    });
  return found.filter((account) => account !== undefined);
}

function accountOf(
  input: InputName,
  role: RoleReference,
  device: string | undefined,
  what: string,
): ExpectedAccount | undefined {
  if (role.kind === 'arn') return { input, account: role.account, what };
  return device === undefined ? undefined : { input, account: device, what: `${what}, as a name,` };
}

function textOf(role: RoleReference): string {
  return role.kind === 'arn' ? role.arn : role.name;
}

/** The account of the device whose code is to be spent: the user's own, and that of a role given by its name. */
function deviceAccount(plan: Plan): string | undefined {
  return devicesOf(plan).find((serial) => serial.kind === 'virtual')?.account;
}

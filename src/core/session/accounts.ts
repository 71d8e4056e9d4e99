import type { Identity } from '../credentials.ts';
import { Failure } from '../failure.ts';
import { exportsSession, type Request, type RoleProfile, type RoleRequest } from '../request.ts';

// The accounts that the user allows: an empty list allows every account. What the inputs show is refused before any call
// (inputs/allowed-accounts.ts); this is about what AWS, a device or a sealed session shows.

function isAllowed(account: string, { allowedAccounts }: Pick<Request, 'allowedAccounts'>): boolean {
  return allowedAccounts.length === 0 || allowedAccounts.includes(account);
}

/**
 * Whether a session of an account may be used. The account must be allowed if the step exports the session itself, or if it assumes a
 * role by its name, which is in that account.
 */
export function mayUse(account: string, request: Request): boolean {
  const named = request.roles?.some(({ role }) => role.role.kind === 'name') ?? false;
  return isAllowed(account, request) || !(exportsSession(request) || named);
}

/** Throws a Failure if the step would export a session of an account that isn't allowed. */
export function requireAllowed(identity: Identity, request: Request): void {
  if (!isAllowed(identity.account, request) && exportsSession(request)) throw notAllowed(identity);
}

/**
 * Throws a Failure before a code is spent on a session of the user's own that may not be used. The account is that of the device; if
 * the device shows none, `who` says who the user is. It is called only if that matters.
 */
export async function requireAllowedUser(
  request: Request,
  deviceAccount: string | undefined,
  who: () => Promise<Identity>,
): Promise<void> {
  if (request.allowedAccounts.length === 0) return;
  if (deviceAccount === undefined) {
    const identity = await who();
    if (!mayUse(identity.account, request)) throw notAllowed(identity);
  } else if (!mayUse(deviceAccount, request)) {
    throw new Failure('account-not-allowed', { account: deviceAccount, what: 'device' });
  }
}

/** Throws a Failure before a code is spent on a role that is given by its name, and so is in this account. */
export function requireAllowedRole(name: string, account: string, request: Request): void {
  if (!isAllowed(account, request)) throw new Failure('account-not-allowed', { account, what: 'role', name });
}

/** Throws a Failure if a sealed session may not be used. If a role follows from it, the role's account must be allowed instead. */
export function requireAllowedSealed(identity: Identity, role: RoleRequest | undefined, request: Request): void {
  const allowed =
    role === undefined
      ? mayUse(identity.account, request)
      : role.role.kind === 'arn' || isAllowed(identity.account, request);
  if (!allowed) throw notAllowed(identity);
}

/** Throws a Failure if one of these roles is given by its name, and so is in the account of the session, which isn't allowed. */
export function requireAllowedProfiles(
  roles: readonly RoleProfile[],
  { account }: Identity,
  request: Pick<Request, 'allowedAccounts'>,
): void {
  const named = roles.find(({ role }) => role.role.kind === 'name');
  if (named !== undefined) requireAllowedProfile(named.name, account, request);
}

/** Throws a Failure if the role of a profile turns out to be of an account that isn't allowed. */
export function requireAllowedProfile(name: string, account: string, request: Pick<Request, 'allowedAccounts'>): void {
  if (!isAllowed(account, request)) throw new Failure('account-not-allowed', { account, what: 'profile', name });
}

function notAllowed({ account, arn }: Identity): Failure {
  return new Failure('account-not-allowed', { account, what: 'credentials', arn });
}

import type { Identity } from '../credentials.ts';
import { Failure } from '../failure.ts';
import { isHandedOver, type Request } from '../request.ts';

/** Whether the user allows credentials of an account; an empty list allows every one. */
export function isAllowed(account: string, allowed: readonly string[]): boolean {
  return allowed.length === 0 || allowed.includes(account);
}

/**
 * Whether a session of an account may be used: where it leaves the step itself, or where a role that follows from it is given by its
 * name and so is in that account, the account has to be allowed.
 */
export function mayUse(account: string, request: Request): boolean {
  const { allowedAccounts, roles } = request;
  const named = roles?.some(({ role }) => role.role.kind === 'name') ?? false;
  return isAllowed(account, allowedAccounts) || !(isHandedOver(request) || named);
}

/** Throws a Failure where the session leaves the step and is of an account that the user did not allow. */
export function requireAllowed(identity: Identity, request: Request): void {
  if (isAllowed(identity.account, request.allowedAccounts) || !isHandedOver(request)) return;
  throw accountNotAllowed(identity);
}

/**
 * Throws a Failure before a code is spent on a session of the user's own that may not be used. The account is the one that the
 * device shows; if it shows none, `ask` says who the user is, which is asked only if it matters.
 */
export async function requireAllowedUser(
  request: Request,
  shown: string | undefined,
  ask: () => Promise<Identity>,
): Promise<void> {
  if (request.allowedAccounts.length === 0) return;
  if (shown === undefined) {
    const identity = await ask();
    if (!mayUse(identity.account, request)) throw accountNotAllowed(identity);
  } else if (!mayUse(shown, request)) {
    throw new Failure('account-not-allowed', { account: shown, what: 'device' });
  }
}

/** Throws a Failure before a code is spent on a role that is given by its name, and so in this account. */
export function requireAllowedRole(name: string, account: string, allowed: readonly string[]): void {
  if (!isAllowed(account, allowed)) throw new Failure('account-not-allowed', { account, what: 'role', name });
}

/** The failure of credentials whose account isn't allowed. */
export function accountNotAllowed({ account, arn }: Identity): Failure {
  return new Failure('account-not-allowed', { account, what: 'credentials', arn });
}

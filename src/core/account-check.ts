import { Failure } from './failure.ts';
import type { Identity } from './ports.ts';
import { isHandedOver } from './request/exports.ts';
import type { Request } from './request/request.ts';

/** Whether the user allows credentials of an account; an empty list allows every one. */
export function isAllowed(account: string, allowed: readonly string[]): boolean {
  return allowed.length === 0 || allowed.includes(account);
}

/** Throws a Failure where the session leaves the step and is of an account that the user did not allow. */
export function requireAllowed({ account, arn }: Identity, request: Request): void {
  if (isAllowed(account, request.allowedAccounts) || !isHandedOver(request)) return;
  throw new Failure(
    'account-not-allowed',
    `The credentials are of the account ${account} (${arn}), which allowed-account-ids does not allow.`,
  );
}

import { Failure } from './failure.ts';
import type { Identity } from './ports.ts';
import type { Request } from './request/request.ts';

/** Throws a Failure where the session leaves the step and is of an account that the user did not allow. */
export function requireAllowed({ account, arn }: Identity, request: Request): void {
  const { allowedAccounts } = request;
  if (allowedAccounts.length === 0 || allowedAccounts.includes(account) || !isHandedOver(request)) return;
  throw new Failure(
    'account-not-allowed',
    `The credentials are of the account ${account} (${arn}), which allowed-account-ids does not allow.`,
  );
}

/** Whether the session itself leaves the step, and not only the roles that follow from it. */
export function isHandedOver({ roles, seal, exports }: Pick<Request, 'roles' | 'seal' | 'exports'>): boolean {
  return (
    roles === undefined || seal !== undefined || exports.environment || exports.outputs || exports.profile !== undefined
  );
}

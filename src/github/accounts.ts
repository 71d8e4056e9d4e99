import { Failure } from '../core/failure.ts';
import { devicesOf, type Request, roleOf } from '../core/request.ts';
import type { Log } from './log.ts';
import type { Mask } from './masking.ts';

/** An account in an ARN, as STS names it elsewhere (`account:111122223333`), in our own words, or as a fact of a failure. */
const ACCOUNT = /(?<=:|account |")\d{12}\b/g;

/** Masks the accounts that the inputs tell. */
export function maskKnownAccounts({ plan, roles }: Request, mask: Mask): void {
  for (const serial of devicesOf(plan)) if (serial.kind === 'virtual') mask(serial.account);
  for (const role of [roleOf(plan), ...(roles ?? []).map((profile) => profile.role)])
    if (role?.role.kind === 'arn') mask(role.role.account);
}

/** A log that masks each account before it prints it: AWS's answers have some that no input has. */
export function hidingAccounts(log: Log, mask: Mask): Log {
  const hide = (line: string): string => {
    maskAccountsIn(line, mask);
    return line;
  };
  return { info: (line) => log.info(hide(line)), warning: (line) => log.warning(hide(line)) };
}

/** Masks the accounts in an error, its facts and its causes, before they are reported. */
export function maskAccountsOf(error: unknown, mask: Mask): void {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    maskAccountsIn(cause.message, mask);
    if (cause instanceof Failure) maskAccountsIn(JSON.stringify(cause), mask);
  }
}

/** Masks the accounts that a line names, before it is printed. */
export function maskAccountsIn(text: string, mask: Mask): void {
  for (const [account] of text.matchAll(ACCOUNT)) mask(account);
}

import type { Reporter } from '../core/ports.ts';
import { type Request, serialsOf } from '../core/request/request.ts';
import type { Mask } from './inputs.ts';

/** An account in an ARN, or as STS names it elsewhere (`account:111122223333`). */
const ACCOUNT = /(?<=:)\d{12}\b/g;

/** Masks the accounts that the inputs tell. */
export function maskKnownAccounts({ plan }: Request, mask: Mask): void {
  const serials = plan.kind === 'chained-role' ? [] : serialsOf(plan.mfa);
  for (const serial of serials) if (serial.kind === 'virtual') mask(serial.account);
  if (plan.kind !== 'session' && plan.role.role.kind === 'arn') mask(plan.role.role.account);
}

/** A reporter that masks each account before it prints it: AWS's answers tell some that no input did. */
export function hidingAccounts(reporter: Reporter, mask: Mask): Reporter {
  const hide = (line: string): string => {
    for (const [account] of line.matchAll(ACCOUNT)) mask(account);
    return line;
  };
  return { info: (line) => reporter.info(hide(line)), warning: (line) => reporter.warning(hide(line)) };
}

/** Masks the accounts that an error and its causes name, before they are reported. */
export function maskAccountsOf(error: unknown, mask: Mask): void {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    for (const [account] of cause.message.matchAll(ACCOUNT)) mask(account);
  }
}

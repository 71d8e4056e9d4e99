import * as core from '@actions/core';
import { isMaskable, secretsOf } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Session } from '../core/ports.ts';
import { spellingsOfCode, withoutSecrets } from '../core/redaction.ts';
import { devicesOf, type Request, roleOf, type SealedSource } from '../core/request.ts';
import type { Log } from './log.ts';

// What must not show: the runner's masks, codes, and accounts if they are to be hidden.

/** Registers a secret as a mask; the runner replaces it in everything that is printed from then on. */
export type Mask = (secret: string) => void;

/** The masks of this step. */
export interface Masking {
  readonly mask: Mask;
  /** Everything that was masked so far. */
  readonly masks: ReadonlySet<string>;
}

/** What `redact` takes out: for the whole process, as the runner's masks are. */
let current: ReadonlySet<string> = new Set();
/** The codes, and how each may be spelled. */
const codes = new Map<string, RegExp>();

/** Starts with no masks. An empty secret is ignored: the runner warns about such a mask. */
export function startMasking(): Masking {
  const masks = new Set<string>();
  current = masks;
  return {
    masks,
    mask(secret) {
      if (secret === '') return;
      masks.add(secret);
      core.setSecret(secret);
    },
  };
}

/** Masks keys that someone else made, which may be anything. */
export function maskKey(key: string, mask: Mask): void {
  if (isMaskable(key)) mask(key);
}

/** Opens what another job sealed, and masks it. `now`: milliseconds since 1970. Rejects with the `Failure` of why it can't be used. */
export async function openMasked(source: SealedSource, now: number, mask: Mask): Promise<Session> {
  const { openSealed } = await import('../core/sealing/open.ts');
  const { credentials, identity, serial } = await openSealed(source, now);
  for (const secret of secretsOf(credentials)) mask(secret);
  return { credentials, identity, serial, by: 'a sealed session' };
}

/**
 * Takes a code out of everything that is shown, without masking it: the runner's masks match substrings, and six digits occur by
 * chance in times, IDs and outputs.
 */
export function concealCode(code: string): void {
  codes.set(code, spellingsOfCode(code));
}

/** A string from outside without masked secrets and concealed codes, also as a URL or a form spells them. */
export function redact(text: string): string {
  return withoutCodes(withoutSecrets(text, current));
}

/** A string without the codes that were sent, whatever a formatter puts between their digits, and in Base64. */
export function withoutCodes(text: string): string {
  let shown = text;
  for (const spellings of codes.values()) shown = shown.replace(spellings, '***');
  return shown;
}

/** An account in an ARN, as STS names it elsewhere (`account:111122223333`), in our own words, or as a fact of a failure. */
const ACCOUNT = /(?<=:|account |")\d{12}\b/g;

/** Masks the accounts that the inputs contain. */
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

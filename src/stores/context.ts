import type { Agent } from 'node:https';
import type { RetryContext } from '../core/retry.ts';

/** What a store needs from the command. */
export interface StoreContext {
  /** Opens connections by the rules of `src/net/`: proxies, certificates, time limits. */
  readonly agent: Agent;
  /** Ends calls in progress; its reason is the `Failure` that ends the command. */
  readonly signal: AbortSignal;
  readonly secrets: StoreSecrets;
  readonly retry: RetryContext;
  /** `aws-mfa-credentials/1.2.3` */
  readonly userAgent: string;
}

/** What must not be shown. */
export interface StoreSecrets {
  mask(secret: string): void;
  /** A string from outside without any of these. */
  redact(text: string): string;
}

const MAX_FOREIGN = 1_000;

/** A string from outside as it may be shown: without secrets, on one line, and shortened. */
export function foreign(text: string, { redact }: StoreSecrets): string {
  // Redacted before it is shortened: a part of a secret would no longer be found.
  const shown = redact(text).replaceAll(/\s+/g, ' ').trim();
  return shown.length > MAX_FOREIGN ? `${shown.slice(0, MAX_FOREIGN)}…` : shown;
}

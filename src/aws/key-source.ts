import type { Keys } from '../core/credentials.ts';
import type { Failure } from '../core/failure.ts';
import type { KeysAdvice } from '../core/failure-facts.ts';
import { momentInWords } from '../core/words.ts';

/** The keys of a source, and their expiration if it states one. */
export type SourceKeys = Keys & { readonly expiration: Date | undefined };

/**
 * A source of keys that is configured but gives none. `message` is the middle of a sentence and contains no secret: it never quotes
 * what was read. `because` is the failure of a call that the source needs.
 */
export class Unusable extends Error {
  readonly advice: KeysAdvice | undefined;
  readonly because: Failure | undefined;

  constructor(
    message: string,
    { advice, because }: { readonly advice?: KeysAdvice | undefined; readonly because?: Failure | undefined } = {},
  ) {
    super(message);
    this.advice = advice;
    this.because = because;
  }

  /** The same, said of what led to it. */
  within(message: string): Unusable {
    return new Unusable(this.message === '' ? message : `${message}: ${this.message}`, this);
  }
}

/**
 * Waits for a source for at most this many seconds, and no longer than the step runs. `work` gets a signal that ends what it has
 * started.
 */
export async function within<T>(
  seconds: number,
  what: string,
  step: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  step.throwIfAborted();
  const own = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    ended.reject(reason);
    own.abort(reason);
  };
  const timer = setTimeout(() => end(new Unusable(`${what} did not answer within ${seconds} s`)), seconds * 1000);
  const cancel = (): void => end(step.reason);
  step.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([work(own.signal), ended.promise]);
  } finally {
    clearTimeout(timer);
    step.removeEventListener('abort', cancel);
  }
}

/**
 * Reads keys from the JSON of a source. `token` is its name for the session token. No message quotes the JSON, as the engine's own
 * error would do: it may be a secret.
 */
export function keysFromJson(text: string, what: string, token: 'Token' | 'SessionToken'): SourceKeys {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Unusable(`${what} answered with something other than JSON`);
  }
  const fields: Readonly<Record<string, unknown>> = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  if (token === 'SessionToken' && fields['Version'] !== 1) throw new Unusable(`${what} did not answer "Version": 1`);
  const expiration = typeof fields['Expiration'] === 'string' ? new Date(fields['Expiration']) : undefined;
  if (expiration !== undefined && expiration.getTime() < Date.now())
    throw new Unusable(`${what} gave credentials that have expired (${momentInWords(expiration)})`);
  return sourceKeys(
    {
      accessKeyId: fields['AccessKeyId'],
      secretAccessKey: fields['SecretAccessKey'],
      sessionToken: fields[token],
      expiration: expiration !== undefined && Number.isNaN(expiration.getTime()) ? undefined : expiration,
    },
    what,
  );
}

/** Checks what a source gave: an ID, a secret and perhaps a token, all of them strings. */
export function sourceKeys(
  found: Readonly<Record<keyof Keys, unknown>> & { readonly expiration: Date | undefined },
  what: string,
): SourceKeys {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
  if (typeof accessKeyId !== 'string' || accessKeyId === '') throw new Unusable(`${what} gave no access key ID`);
  if (typeof secretAccessKey !== 'string' || secretAccessKey === '')
    throw new Unusable(`${what} gave no secret access key`);
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: typeof sessionToken === 'string' && sessionToken !== '' ? sessionToken : undefined,
    expiration,
  };
}

import type { MiddlewareStack } from '@smithy/types';
import type { Answer } from '../core/answer.ts';
import { isPlausibleOffset } from '../core/codes/server-clock.ts';
import type { Keys } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { ClientContext } from './client-options.ts';
import type { Judge } from './diagnose.ts';
import { observeServerTime, type ServerTime } from './server-time.ts';

/** What all of the SDK's clients have, as far as it is used here. */
interface AnyClient {
  readonly config: { systemClockOffset: number };
  readonly middlewareStack: Pick<MiddlewareStack<object, object>, 'add'>;
}

/** A client whose answers are watched for AWS's clock. */
export interface WatchedClient<Client extends AnyClient> {
  readonly client: Client;
  readonly accessKeyId: string;
  readonly time: ServerTime;
}

/** What an answer says besides what was asked for: known once it is there. */
export interface AnswerFacts {
  /** AWS's time, in milliseconds since 1970. */
  time(): number;
  /** Without anything that was sent. */
  contentType(): string | undefined;
}

/** Watches a client's answers for AWS's clock. */
export function watched<Client extends AnyClient>(client: Client, { accessKeyId }: Keys): WatchedClient<Client> {
  return { client, accessKeyId, time: observeServerTime(client.middlewareStack as MiddlewareStack<object, object>) };
}

/**
 * What `send` gets, or why not. `send` is given what the answer says besides. Never rejects, unless the
 * step has been ended: then with the `Failure` that ended it.
 */
export async function ask<Client extends AnyClient, T>(
  { client, accessKeyId, time }: WatchedClient<Client>,
  call: string,
  context: ClientContext,
  send: (client: Client, answer: AnswerFacts) => Promise<T>,
  judge?: Judge,
): Promise<Answer<T>> {
  const { config } = client;
  const began = config.systemClockOffset;
  time.last = undefined;
  try {
    const value = await send(client, {
      time: () => time.last ?? context.retry.clock.now() + began,
      contentType: () => time.contentType && context.secrets.redact(time.contentType),
    });
    return isPlausible(time.last) ? { ok: true, value, serverTime: time.last } : clockOff(call, time.last);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (!isPlausible(time.last)) return clockOff(call, time.last, error);
    const { diagnose } = await import('./diagnose.ts');
    const scene = { ...context, keysAreNew: context.newKeys.has(accessKeyId) };
    return { ok: false, failure: diagnose(error, call, scene, judge), serverTime: time.last };
  } finally {
    if (!isPlausibleOffset(config.systemClockOffset)) config.systemClockOffset = began;
    // Only what this call has learned: one that began earlier would put back what another has learned meanwhile.
    else if (config.systemClockOffset !== began) context.correction.milliseconds = config.systemClockOffset;
  }

  function isPlausible(serverTime: number | undefined): boolean {
    return serverTime === undefined || isPlausibleOffset(serverTime - context.retry.clock.now());
  }
}

/** One answer's word is not enough to sign requests that are valid days from now. */
function clockOff(call: string, serverTime = 0, cause?: unknown): Answer<never> {
  const failure = new Failure('clock-off', { call, serverTime: new Date(serverTime) }, { cause, outlook: 'final' });
  return { ok: false, failure, serverTime: undefined };
}

import { isPlausibleOffset } from '../core/codes/server-clock.ts';
import { Failure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import type { ClientContext } from './client-context.ts';
import type { Judge } from './diagnose.ts';
import type { ServerTime } from './server-time.ts';

/** A client of the SDK, or one like it, whose responses are watched for AWS's clock. */
export interface WatchedClient {
  readonly config: { systemClockOffset: number };
  readonly accessKeyId: string;
  readonly time: ServerTime;
}

/** What a response says besides the answer itself: known once it has arrived. */
export interface AnswerFacts {
  /** AWS's time, in milliseconds since 1970. */
  time(): number;
  /** Without anything that was sent. */
  contentType(): string | undefined;
}

/** The answer that `send` gets from this client, or why there is none. Rejects only if the step was ended, with its `Failure`. */
export async function ask<T>(
  { config, accessKeyId, time }: WatchedClient,
  call: string,
  context: ClientContext,
  send: (facts: AnswerFacts) => Promise<T>,
  judge?: Judge,
): Promise<Answer<T>> {
  const began = config.systemClockOffset;
  time.last = undefined;
  try {
    const value = await send({
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
    // Only what this call has learned: otherwise a call that began earlier would undo what another one has learned since.
    else if (config.systemClockOffset !== began) context.correction.milliseconds = config.systemClockOffset;
  }

  function isPlausible(serverTime: number | undefined): boolean {
    return serverTime === undefined || isPlausibleOffset(serverTime - context.retry.clock.now());
  }
}

/** A single response isn't enough reason to sign requests that are valid days from now. */
function clockOff(call: string, serverTime = 0, cause?: unknown): Answer<never> {
  const failure = new Failure('clock-off', { call, serverTime: new Date(serverTime) }, { cause, outlook: 'final' });
  return { ok: false, failure, serverTime: undefined };
}

/** What the SDK keeps of a response besides its body. */
export interface WireAnswer {
  readonly $metadata: { readonly requestId?: string | undefined; readonly httpStatusCode?: number | undefined };
}

/**
 * Throws a Failure if a response without any telling field isn't AWS's: a portal's page reads like an empty list, and HeadBucket's
 * response has no body at all. AWS gives every response a request ID, and so do its emulators.
 */
export function requireRequestId(
  call: string,
  { $metadata: { requestId, httpStatusCode } }: WireAnswer,
  { contentType }: Pick<AnswerFacts, 'contentType'>,
): void {
  if (requestId !== undefined) return;
  throw new Failure('incomplete-answer', {
    call,
    reason: 'not-aws',
    status: httpStatusCode,
    contentType: contentType()?.slice(0, 100),
  });
}

import { Failure, isCodeRefused, isCodeUnchecked, isTooLarge, isTransient, leftCodeUnspent } from '../failure.ts';
import type { Answer, Memory, MfaValues } from '../ports.ts';
import type { Device, MfaSource } from '../request.ts';
import { Retries, type RetryContext } from '../retry.ts';
import { giveUp, verdictOf } from './proof.ts';
import { nextMove } from './schedule.ts';
import type { Serial } from './serial.ts';
import { ServerClock } from './server-clock.ts';
import type { Attempt } from './situation.ts';
import { codeOfStep } from './totp.ts';

/** One call that carries a code. */
export type SendCode<T> = (mfa: MfaValues) => Promise<Answer<T>>;

/** What minting needs from its caller. */
export interface MintContext extends RetryContext {
  readonly memory: Memory;
  /**
   * Explains "unable to validate" as far as possible. Throws the `Failure` that ends the run if the serial is proven wrong. Returns
   * whether IAM confirmed that the device is the user's own, so that it was used too often.
   */
  readonly explainUnvalidated: (serial: Serial) => Promise<boolean>;
  /** Makes the call smaller after "packed size too large"; false if nothing can be left out. */
  readonly shrink: () => Promise<boolean>;
}

/** A source of codes whose devices are known. */
export type CodeSource =
  | Extract<MfaSource, { kind: 'devices' }>
  | { readonly kind: 'code'; readonly serial: Serial; readonly code: string };

/** What a code was exchanged for. */
export interface Minted<T> {
  readonly value: T;
  /** The serial number of the device whose code was accepted. */
  readonly serial: string;
}

/** Exchanges one code for what a call returns. Throws a `Failure` if that can't succeed, or not within the source's longest wait. */
export function mint<T>(source: CodeSource, send: SendCode<T>, context: MintContext): Promise<Minted<T>> {
  return source.kind === 'code' ? mintWithCode(source, send, context) : mintWithDevices(source, send, context);
}

/**
 * A code from elsewhere is sent once. It is sent again only if the failure proves that STS didn't check it: no connection could be
 * made, or the time of the signature was refused.
 */
async function mintWithCode<T>(
  { serial, code }: Extract<CodeSource, { kind: 'code' }>,
  send: SendCode<T>,
  context: RetryContext,
): Promise<Minted<T>> {
  const retries = new Retries(context);
  for (;;) {
    const answer = await send({ serialNumber: serial.text, tokenCode: code });
    if (answer.ok) return { value: answer.value, serial: serial.text };
    const { failure } = answer;
    if (leftCodeUnspent(failure)) {
      if (await retries.wait(failure)) continue;
      throw failure;
    }
    if (!isTransient(failure) && !isCodeRefused(failure)) throw failure;
    throw new Failure('mfa-code-spent', {}, { cause: failure, context: { kind: 'because', failure } });
  }
}

async function mintWithDevices<T>(
  { devices, slot, maxWaitSeconds }: Extract<CodeSource, { kind: 'devices' }>,
  send: SendCode<T>,
  context: MintContext,
): Promise<Minted<T>> {
  const { clock, reporter, random, memory } = context;
  const { clockOffset, attempts: remembered } = memory.recall();
  const server = new ServerClock(clock, reporter, clockOffset);
  const deadline = clock.now() + maxWaitSeconds * 1000;
  const state: MintState = { context, confirmed: new Set(), troubles: [], retries: new Retries(context) };
  let attempts: readonly Attempt[] = [];
  const remember = (sent: readonly Attempt[]): void =>
    memory.keep({ clockOffset: server.offset, attempts: [...remembered, ...sent] });

  try {
    for (;;) {
      const now = server.now();
      const latest = deadline + server.offset;
      const { confirmed } = state;
      const move = nextMove({ devices, slot, attempts, remembered, confirmed, now, latest, random });
      if (move.kind === 'give-up') throw giveUp(move, attempts, now, state.troubles.at(-1));
      if (move.kind === 'wait') {
        await reporter.note({ kind: 'waiting', seconds: Math.ceil((move.until - now) / 1000), because: move.because });
        await clock.sleep(move.until - now);
        continue;
      }
      const { device, step } = move;
      const serial = device.serial.text;
      // Before it is sent: if the process is killed now, the next step of the job must not send it again.
      remember([...attempts, { serial, step, at: now, verdict: 'lost' }]);
      const answer = await send({ serialNumber: serial, tokenCode: codeOfStep(device.seed, step) });
      const moved = await server.learn(answer.serverTime);
      // AWS's time is known better now, and with it when the earlier codes were sent.
      attempts = attempts.map((attempt) => ({ ...attempt, at: attempt.at + moved }));
      const verdict = answer.ok ? 'accepted' : verdictOf(answer.failure);
      if (verdict !== undefined) attempts = [...attempts, { serial, step, at: now + moved, verdict }];
      if (answer.ok) return { value: answer.value, serial };
      await handleRefusal(answer.failure, device, state);
    }
  } finally {
    remember(attempts);
  }
}

/** What one run has learned besides the attempts. */
interface MintState {
  readonly context: MintContext;
  /** The serials that IAM confirmed to be the user's own. */
  readonly confirmed: Set<string>;
  /** The failures that weren't about a code. */
  readonly troubles: Failure[];
  readonly retries: Retries;
}

/** Prepares for another attempt after a failure, and waits if that helps. Throws the failure if another code can't do better. */
async function handleRefusal(failure: Failure, { serial }: Device, state: MintState): Promise<void> {
  const { context, confirmed, troubles, retries } = state;
  if (isCodeRefused(failure)) return;
  if (isCodeUnchecked(failure)) {
    if (!confirmed.has(serial.text) && (await context.explainUnvalidated(serial))) confirmed.add(serial.text);
    return;
  }
  if (isTooLarge(failure)) {
    if (await context.shrink()) return;
    throw failure;
  }
  troubles.push(failure);
  if (!(await retries.wait(failure, leftCodeUnspent(failure) ? 'same-code' : 'another-code'))) throw failure;
}

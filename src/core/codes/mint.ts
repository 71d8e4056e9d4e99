import type { Answer } from '../answer.ts';
import { Failure } from '../failure.ts';
import { isCodeRefused, isCodeUnchecked, isTooLarge, isTransient, leftCodeUnspent } from '../failure-kinds.ts';
import type { Memory, MfaValues } from '../ports.ts';
import type { Device, MfaSource } from '../request.ts';
import { Retries, type RetryContext } from '../retry.ts';
import { nextMove } from './schedule.ts';
import type { Serial } from './serial.ts';
import { ServerClock } from './server-clock.ts';
import type { Attempt, Verdict } from './situation.ts';
import { codeOfStep } from './totp.ts';
import { giveUp } from './verdicts.ts';

/** One call that carries a code. */
export type SendCode<T> = (mfa: MfaValues) => Promise<Answer<T>>;

/** What minting needs from its caller. */
export interface MintSetting extends RetryContext {
  readonly memory: Memory;
  /**
   * Explains "unable to validate" as far as it can be: throws the `Failure` that ends the run where the serial is proven
   * wrong; returns whether IAM confirmed the device to be the user's own, so that only its budget is left as a reason.
   */
  readonly explainUnvalidated: (serial: string) => Promise<boolean>;
  /** Tries to make the call smaller after "packed size too large"; false where nothing can be left out. */
  readonly shrink: () => Promise<boolean>;
}

/** A source whose devices are known. */
export type ReadySource =
  | Extract<MfaSource, { kind: 'devices' }>
  | { readonly kind: 'code'; readonly serial: Serial; readonly code: string };

/** What a code was exchanged for. */
export interface Minted<T> {
  readonly value: T;
  /** The serial number of the device whose code was accepted. */
  readonly serial: string;
}

/**
 * Spends one code on one call. Throws a `Failure` where that cannot succeed, or not within the source's longest wait.
 */
export function mint<T>(source: ReadySource, send: SendCode<T>, setting: MintSetting): Promise<Minted<T>> {
  return source.kind === 'code' ? mintWithCode(source, send, setting) : mintWithDevices(source, send, setting);
}

/**
 * A code made elsewhere is sent once. It is sent again only if the failure proves that STS did not look at it: no connection could
 * be made, or the signature's time was refused.
 */
async function mintWithCode<T>(
  { serial, code }: Extract<ReadySource, { kind: 'code' }>,
  send: SendCode<T>,
  setting: RetryContext,
): Promise<Minted<T>> {
  const mfa = { serialNumber: serial.text, tokenCode: code };
  const retries = new Retries(setting);
  for (;;) {
    const answer = await send(mfa);
    if (answer.ok) return { value: answer.value, serial: serial.text };
    const { failure } = answer;
    if (leftCodeUnspent(failure)) {
      if (await retries.wait(failure)) continue;
      throw failure;
    }
    if (isTransient(failure) || isCodeRefused(failure)) {
      throw new Failure('mfa-code-spent', {}, { cause: failure, context: { kind: 'because', failure } });
    }
    throw failure;
  }
}

async function mintWithDevices<T>(
  source: Extract<MfaSource, { kind: 'devices' }>,
  send: SendCode<T>,
  setting: MintSetting,
): Promise<Minted<T>> {
  const { clock, reporter, random, memory } = setting;
  const { clockOffset, attempts: earlier } = memory.recall();
  const server = new ServerClock(clock, reporter, clockOffset);
  const [first, ...rest] = source.devices;
  const serials = [first.serial.text, ...rest.map(({ serial }) => serial.text)] as const;
  const deadline = clock.now() + source.maxWaitSeconds * 1000;
  const confirmed = new Set<string>();
  const troubles: Failure[] = [];
  const retries = new Retries(setting);
  let own: readonly Attempt[] = [];
  const remember = (attempts: readonly Attempt[]): void =>
    memory.keep({ clockOffset: server.offset, attempts: [...earlier, ...attempts] });

  try {
    for (;;) {
      const now = server.now();
      const latest = deadline + server.offset;
      const facts = { serials, slot: source.slot, attempts: own, remembered: earlier, confirmed, now, latest, random };
      const move = nextMove(facts);
      if (move.kind === 'give-up') throw giveUp(move, own, now, troubles.at(-1));
      if (move.kind === 'wait') {
        await reporter.note({ kind: 'waiting', seconds: Math.ceil((move.until - now) / 1000), because: move.because });
        await clock.sleep(move.until - now);
        continue;
      }
      const { serial, step } = move;
      // Before it is sent: should the process be killed now, the next step of the job must not send it again.
      remember([...own, { serial, step, at: now, verdict: 'lost' }]);
      const answer = await send({ serialNumber: serial, tokenCode: codeOfStep(seedOf(source.devices, serial), step) });
      const moved = await server.learn(answer.serverTime);
      // What was sent by a clock that was off is put where it was on AWS's.
      own = own.map((attempt) => ({ ...attempt, at: attempt.at + moved }));
      const verdict = answer.ok ? 'accepted' : verdictOf(answer.failure);
      if (verdict !== undefined) own = [...own, { serial, step, at: now + moved, verdict }];
      if (answer.ok) return { value: answer.value, serial };
      await handleRefusal(answer.failure, serial, { setting, confirmed, troubles, retries });
    }
  } finally {
    remember(own);
  }
}

/** What a failure says of the code: undefined if STS never saw it, so that it is as good as before. */
function verdictOf(failure: Failure): Verdict | undefined {
  if (isCodeRefused(failure)) return 'refused';
  if (isCodeUnchecked(failure)) return 'not-validated';
  // The code may have been checked before the call failed for another reason: it counts as spent.
  return leftCodeUnspent(failure) ? undefined : 'lost';
}

interface MintState {
  readonly setting: MintSetting;
  readonly confirmed: Set<string>;
  readonly troubles: Failure[];
  readonly retries: Retries;
}

/** Prepares for another attempt after a failure, waiting if that helps. Throws the failure if another code can't do better. */
async function handleRefusal(failure: Failure, serial: string, state: MintState): Promise<void> {
  const { setting, confirmed, troubles, retries } = state;
  if (isCodeRefused(failure)) return;
  if (isCodeUnchecked(failure)) {
    if (!confirmed.has(serial) && (await setting.explainUnvalidated(serial))) confirmed.add(serial);
    return;
  }
  if (isTooLarge(failure)) {
    if (await setting.shrink()) return;
    throw failure;
  }
  troubles.push(failure);
  if (!(await retries.wait(failure, leftCodeUnspent(failure) ? 'same-code' : 'another-code'))) throw failure;
}

function seedOf(devices: readonly Device[], serial: string): Device['seed'] {
  const device = devices.find((candidate) => candidate.serial.text === serial);
  if (device === undefined) throw new Failure('unexpected', { error: 'the schedule named an unknown device' });
  return device.seed;
}

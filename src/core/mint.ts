import type { Answer } from './answer.ts';
import { backoff } from './backoff.ts';
import { Failure, type FailureCode } from './failure.ts';
import { giveUp } from './give-up.ts';
import type { Clock, Memory, MfaValues, Reporter } from './ports.ts';
import type { Device, MfaSource } from './request/mfa.ts';
import type { Serial } from './request/serial.ts';
import { nextMove } from './schedule/schedule.ts';
import { type Attempt, type Verdict, WORTH_REMEMBERING_MS } from './schedule/situation.ts';
import { ServerClock } from './server-clock.ts';
import { codeOfStep } from './totp.ts';

/** One call that carries a code. */
export type SendCode<T> = (mfa: MfaValues) => Promise<Answer<T>>;

/** What minting needs from its caller. */
export interface MintSetting {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly random: () => number;
  readonly memory: Memory;
  /** How many passing failures (throttling, 5xx, lost answers) are borne in all. */
  readonly maxAttempts: number;
  /**
   * Explains "unable to validate" as far as it can be: throws the `Failure` that ends the run where the serial is proven
   * wrong; returns whether IAM confirmed the device to be the user's own, so that only its budget is left as a reason.
   */
  readonly explainUnvalidated: (serial: string) => Promise<boolean>;
  /** Tries to make the call smaller after "packed size too large"; false where nothing can be left out. */
  readonly shrink: () => boolean;
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

/** Failures after which another code may succeed at once: the one that was sent counts as spent, where it was sent. */
const PASSING: readonly FailureCode[] = [
  'throttled',
  'service-unavailable',
  'network',
  'unreachable',
  'incomplete-answer',
];

/** Whether an error is a passing one: worth another attempt with nothing changed. */
export function isPassing(failure: Failure): boolean {
  return PASSING.includes(failure.code);
}

/**
 * Spends one code on one call. Throws a `Failure` where that cannot succeed, or not within the source's longest wait.
 */
export function mint<T>(source: ReadySource, send: SendCode<T>, setting: MintSetting): Promise<Minted<T>> {
  return source.kind === 'code' ? mintWithCode(source, send) : mintWithDevices(source, send, setting);
}

/**
 * A code made elsewhere is sent once. Only a refusal of the signature's time proves that STS did not look at it; the SDK has
 * corrected its clock from that answer, so it is sent again then.
 */
async function mintWithCode<T>(
  { serial, code }: Extract<ReadySource, { kind: 'code' }>,
  send: SendCode<T>,
): Promise<Minted<T>> {
  const mfa = { serialNumber: serial.text, tokenCode: code };
  let answer = await send(mfa);
  if (!answer.ok && answer.failure.code === 'clock-off') answer = await send(mfa);
  if (answer.ok) return { value: answer.value, serial: serial.text };
  const { failure } = answer;
  if ((isPassing(failure) && failure.code !== 'unreachable') || failure.code === 'mfa-code-refused') {
    throw new Failure('mfa-code-spent', `${failure.message} The code given as mfa-code counts as spent.`, {
      cause: failure,
    });
  }
  throw failure;
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
  let own: readonly Attempt[] = [];

  try {
    for (;;) {
      const now = server.now();
      const latest = deadline + server.offset;
      const remembered = earlier.filter(({ at }) => now - at < WORTH_REMEMBERING_MS);
      const move = nextMove({ serials, slot: source.slot, attempts: own, remembered, confirmed, now, latest, random });
      if (move.kind === 'give-up') throw giveUp(move, own, troubles.at(-1));
      if (move.kind === 'wait') {
        reporter.info(`Waiting ${Math.ceil((move.until - now) / 1000)} s for a fresh code: ${move.because}.`);
        await clock.sleep(move.until - now);
        continue;
      }
      const { serial, step } = move;
      const answer = await send({ serialNumber: serial, tokenCode: codeOfStep(seedOf(source.devices, serial), step) });
      const moved = server.learn(answer.serverTime);
      // What was sent by a clock that was off is put where it was on AWS's.
      own = own.map((attempt) => ({ ...attempt, at: attempt.at + moved }));
      const verdict = answer.ok ? 'accepted' : verdictOf(answer.failure);
      if (verdict !== undefined) own = [...own, { serial, step, at: now + moved, verdict }];
      if (answer.ok) return { value: answer.value, serial };
      await bear(answer.failure, serial, { setting, confirmed, troubles });
    }
  } finally {
    memory.keep({ clockOffset: server.offset, attempts: [...earlier, ...own] });
  }
}

/** What a refusal says of the code: undefined where STS never saw it, so that it is as good as before. */
function verdictOf({ code }: Failure): Verdict | undefined {
  switch (code) {
    case 'mfa-code-refused':
      return 'refused';
    case 'mfa-device-unknown':
      return 'not-validated';
    case 'clock-off':
    case 'unreachable':
      return undefined;
    default:
      // The code may have been looked at before the call failed for another reason: it counts as spent.
      return 'lost';
  }
}

/** Bears a failure after which another code may do better, or throws it. Waits where that helps. */
async function bear(
  failure: Failure,
  serial: string,
  state: { readonly setting: MintSetting; readonly confirmed: Set<string>; readonly troubles: Failure[] },
): Promise<void> {
  const { setting, confirmed, troubles } = state;
  switch (failure.code) {
    case 'mfa-code-refused':
      return;
    case 'mfa-device-unknown':
      if (!confirmed.has(serial) && (await setting.explainUnvalidated(serial))) confirmed.add(serial);
      return;
    case 'packed-policy-too-large':
      if (setting.shrink()) return;
      throw failure;
    case 'clock-off':
      // Once: the SDK has corrected its clock from this answer, and the next code goes by it.
      if (troubles.some(({ code }) => code === 'clock-off')) throw failure;
      troubles.push(failure);
      return;
    default: {
      if (!isPassing(failure)) throw failure;
      troubles.push(failure);
      const passing = troubles.filter(isPassing).length;
      if (passing >= setting.maxAttempts) throw failure;
      const another = failure.code === 'unreachable' ? '' : ' with another code';
      setting.reporter.info(`${failure.message} Trying again${another}.`);
      await setting.clock.sleep(backoff(passing, setting.random));
    }
  }
}

function seedOf(devices: readonly Device[], serial: string): Device['seed'] {
  const device = devices.find((candidate) => candidate.serial.text === serial);
  if (device === undefined)
    throw new Failure('unexpected', 'The schedule named a device that is not among the given ones.');
  return device.seed;
}

import { Failure, type FailureCode } from './failure.ts';
import type { Answer, Clock, MfaValues, Reporter } from './ports.ts';
import type { Device, MfaSource } from './request/mfa.ts';
import { type Attempt, nextMove, type Verdict } from './schedule.ts';
import { codeOfStep } from './totp.ts';

/** One call that carries a code. */
export type SendCode<T> = (mfa: MfaValues) => Promise<Answer<T>>;

/** What minting needs from its caller. */
export interface MintSetting {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly random: () => number;
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
  | { readonly kind: 'code'; readonly serial: string; readonly code: string };

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
/** Shorter offsets of the clock than this are the network's and the header's own coarseness. */
const CLOCK_WARNING_MS = 30_000;

/** Whether an error is a passing one: worth another attempt with nothing changed. */
export function isPassing(failure: Failure): boolean {
  return PASSING.includes(failure.code);
}

/** How long to wait before attempt `count` + 1: "full jitter" up to 20 s, in milliseconds. */
export function backoff(count: number, random: () => number): number {
  return Math.round(random() * Math.min(20_000, 100 * 2 ** count));
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
  const mfa = { serialNumber: serial, tokenCode: code };
  let answer = await send(mfa);
  if (!answer.ok && answer.failure.code === 'clock-off') answer = await send(mfa);
  if (answer.ok) return { value: answer.value, serial };
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
  const { clock, reporter, random } = setting;
  const [first, ...rest] = source.devices.map(({ serial }) => serial.text);
  const serials: readonly [string, ...string[]] = [first ?? '', ...rest];
  const latest = clock.now() + source.maxWaitSeconds * 1000;
  const attempts: Attempt[] = [];
  const confirmed = new Set<string>();
  let offset = 0;
  let offsetTold = false;
  let passing = 0;
  let lastPassing: Failure | undefined;
  let unsigned = 0;

  for (;;) {
    const now = clock.now() + offset;
    const move = nextMove({ serials, slot: source.slot, attempts, confirmed, now, latest: latest + offset, random });
    if (move.kind === 'give-up') throw giveUp(move.reason, move.explanation, attempts, lastPassing);
    if (move.kind === 'wait') {
      const wait = move.until - now;
      reporter.info(`Waiting ${Math.ceil(wait / 1000)} s for a code that may be sent: ${move.because}.`);
      await clock.sleep(wait);
      continue;
    }

    const answer = await send({
      serialNumber: move.serial,
      tokenCode: codeOfStep(seedOf(source.devices, move.serial), move.step),
    });
    if (answer.serverTime !== undefined) {
      const measured = answer.serverTime - clock.now();
      if (Math.abs(measured - offset) > 1500) offset = measured;
      if (Math.abs(offset) > CLOCK_WARNING_MS && !offsetTold) {
        offsetTold = true;
        reporter.warning(clockWarning(offset));
      }
    }
    if (answer.ok) return { value: answer.value, serial: move.serial };

    const { failure } = answer;
    const record = (verdict: Verdict): void => {
      attempts.push({ serial: move.serial, step: move.step, at: now, verdict });
    };
    if (failure.code === 'mfa-code-refused') {
      record('refused');
    } else if (failure.code === 'mfa-device-unknown') {
      record('not-validated');
      if (await setting.explainUnvalidated(move.serial)) confirmed.add(move.serial);
    } else if (failure.code === 'packed-policy-too-large' && setting.shrink()) {
      record('lost');
    } else if (failure.code === 'clock-off') {
      unsigned += 1;
      if (unsigned > 1) throw failure;
    } else if (isPassing(failure)) {
      // Without a connection nothing was sent, and the code is as good as before.
      const sent = failure.code !== 'unreachable';
      if (sent) record('lost');
      passing += 1;
      lastPassing = failure;
      if (passing >= setting.maxAttempts) throw failure;
      reporter.info(`${failure.message} Trying again${sent ? ' with another code' : ''}.`);
      await clock.sleep(backoff(passing, random));
    } else {
      throw failure;
    }
  }
}

function seedOf(devices: readonly Device[], serial: string): Device['seed'] {
  const device = devices.find((candidate) => candidate.serial.text === serial);
  if (device === undefined)
    throw new Failure('unexpected', 'The schedule named a device that is not among the given ones.');
  return device.seed;
}

/** The sentence that tells a clock that is off from a wrong seed. */
export function clockWarning(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return `The clock of this runner is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} AWS's. This step goes by AWS's clock; set the runner's clock (NTP).`;
}

function giveUp(
  reason: 'seed' | 'serial' | 'wait',
  explanation: string,
  attempts: readonly Attempt[],
  lastPassing: Failure | undefined,
): Failure {
  const times = attempts.map(({ at }) => at);
  const span = times.length === 0 ? 0 : Math.round((Math.max(...times) - Math.min(...times)) / 1000);
  const tried =
    attempts.length === 0
      ? 'No code was sent'
      : `${attempts.length} ${attempts.length === 1 ? 'code was' : 'codes were'} sent over ${span} s`;
  switch (reason) {
    case 'seed':
      return new Failure('mfa-seed-wrong', `The codes are not those of this device. ${tried}: ${explanation}.`);
    case 'serial':
      return new Failure(
        'mfa-device-unknown',
        `This user has no MFA device with this serial number. ${tried}: ${explanation}.`,
      );
    case 'wait':
      // Not the codes are what is wrong, but what kept their answers away.
      if (lastPassing !== undefined && attempts.at(-1)?.verdict === 'lost') {
        return new Failure(lastPassing.code, `${lastPassing.message} ${tried}; ${explanation}.`, {
          cause: lastPassing,
        });
      }
      return attempts.some(({ verdict }) => verdict === 'refused')
        ? new Failure(
            'mfa-code-refused',
            `STS refused the codes, and mfa-max-wait-seconds is too short for another. ${tried}; ${explanation}.`,
          )
        : new Failure(
            'mfa-wait-too-long',
            `No code may be sent within mfa-max-wait-seconds. ${tried}; ${explanation}.`,
          );
  }
}

import type { Recollection } from '../ports.ts';
import { isPlausibleOffset } from './server-clock.ts';
import { type Attempt, VERDICTS, WORTH_REMEMBERING_MS } from './situation.ts';
import { stepAt } from './totp.ts';

// What a memory keeps, whoever keeps it: what is worth keeping, and what can be believed of what a file says.

/** Nothing is known: no code was sent, and the local clock is right. */
export const NOTHING_KNOWN: Recollection = { clockOffset: 0, attempts: [] };
/** Eight devices take about nine codes in three minutes each, so no job sends more than this in ten. */
const MAX_ATTEMPTS = 300;
/** No job sends the code of a step further away from now; many such codes would keep the device unused for hours. */
const MAX_STEPS_AWAY = 10;
/** How far ahead of a clock a code may have been sent: the clocks were set in the meantime, or are coarse. */
const AHEAD_MS = 60_000;

/**
 * Without what is too old to matter, or in the future: by both AWS's clock and the local one, since either may be wrong, and to forget
 * a code means to send it again. The newest, if there are more than any job sends.
 */
export function recent({ clockOffset, attempts }: Recollection, now: number): Recollection {
  const isRecent = ({ at }: Attempt): boolean =>
    [now, now + clockOffset].some((time) => at <= time + AHEAD_MS && time - at < WORTH_REMEMBERING_MS);
  // The code of a step may have been chosen by a local clock that was off, before an answer showed that.
  const isOfItsTime = ({ step, at }: Attempt): boolean =>
    [at, at - clockOffset].some((time) => Math.abs(step - stepAt(time)) <= MAX_STEPS_AWAY);
  return { clockOffset, attempts: attempts.filter(isRecent).filter(isOfItsTime).slice(-MAX_ATTEMPTS) };
}

/** What the file says, as far as it is valid: other programs may have written anything. */
export function parseRecollection(text: string): Recollection {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return NOTHING_KNOWN;
  }
  if (typeof parsed !== 'object' || parsed === null) return NOTHING_KNOWN;
  const { clockOffset, attempts }: Partial<Record<keyof Recollection, unknown>> = parsed;
  return {
    clockOffset: typeof clockOffset === 'number' && isPlausibleOffset(clockOffset) ? clockOffset : 0,
    attempts: Array.isArray(attempts) ? attempts.filter(isAttempt) : [],
  };
}

function isAttempt(item: unknown): item is Attempt {
  if (typeof item !== 'object' || item === null) return false;
  const { serial, step, at, verdict }: Partial<Record<keyof Attempt, unknown>> = item;
  return (
    typeof serial === 'string' &&
    serial.length <= 256 &&
    Number.isSafeInteger(step) &&
    typeof at === 'number' &&
    Number.isFinite(at) &&
    VERDICTS.some((known) => known === verdict)
  );
}

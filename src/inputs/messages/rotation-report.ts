import { momentInWords } from '../../core/words.ts';
import type { Finding } from '../../setup/rotation-run.ts';
import type { Line } from './notices.ts';
import { alarmOf, moveInWords, rotatedInWords, situationInWords } from './rotation.ts';

// A run of a rotation as a whole. Loaded only by what rotates.

/** What there is to say about a run. */
export interface RotationReport {
  readonly lines: readonly string[];
  /** Sentences for which a person has to do something. `error`: the run fails, so that somebody reads it. */
  readonly alarms: readonly Alarm[];
  /** What the next run does. */
  readonly next: string;
}

/** Something that a person has to do. */
export interface Alarm {
  readonly level: 'error' | Line['level'];
  readonly text: string;
}

/** How a run is judged. */
export interface RotationContext {
  readonly mode: 'step' | 'status';
  /** No key may get that old. */
  readonly limitDays: number;
  /** When the token that writes the secrets stops working, if that is known. */
  readonly tokenExpires: Date | undefined;
}

/** Puts a run into words. */
export function rotationReport(
  findings: readonly Finding[],
  { mode, limitDays, tokenExpires }: RotationContext,
): RotationReport {
  const now = findings[0]?.situation.now ?? new Date();
  const alarms = findings.flatMap((finding): readonly Alarm[] => {
    const text = alarmOf(finding, limitDays, finding.what);
    return text === undefined ? [] : [{ level: 'error', text: `${text}${reasonOf(finding)}` }];
  });
  const ofToken = tokenAlarm(tokenExpires, now);
  return {
    lines: findings.flatMap((finding) => [...situationInWords(finding.situation, finding.what), done(finding, mode)]),
    alarms: [...alarms, ...(ofToken === undefined ? [] : [ofToken])],
    next: findings.map(nextInWords).join(' '),
  };
}

function done({ what, secret, move, rotated }: Finding, mode: RotationContext['mode']): string {
  const next = moveInWords(move, what, secret);
  return mode === 'status' ? `Next: ${next}` : (rotatedInWords(rotated, what, secret) ?? next);
}

/** An annotation is read alone, so it says why. */
function reasonOf({ move, what, secret }: Finding): string {
  return move.kind === 'stuck' || move.kind === 'wait' ? ` ${moveInWords(move, what, secret)}` : '';
}

function nextInWords({ what, secret, move, rotated }: Finding): string {
  switch (rotated.kind) {
    case 'unchanged':
      return moveInWords(move, what, secret);
    case 'replaced':
      return `The old ${what} is removed when nothing has used it for a while.`;
    case 'discarded':
      return moveInWords({ kind: 'replace' }, what, secret);
    case 'deactivated':
      return `The ${what} ${rotated.id} is deleted if nothing turns out to need it.`;
    case 'deleted':
      return `Nothing to do until the ${what} is due.`;
    case 'overtaken':
      return 'It sees what the other run has done.';
  }
}

const DAY_MS = 86_400_000;
/** A run that writes nothing for weeks would only notice when it is too late. */
const FAIL_DAYS = 7;
const WARN_DAYS = 21;

/** Whether a person has to replace the token that writes the secrets. */
export function tokenAlarm(expires: Date | undefined, now: Date): Alarm | undefined {
  if (expires === undefined) return undefined;
  const days = (expires.getTime() - now.getTime()) / DAY_MS;
  if (days >= WARN_DAYS) return undefined;
  const text = `The token that writes the secrets expires on ${momentInWords(expires)}. Without a new one, nothing is rotated after that.`;
  return { level: days < FAIL_DAYS ? 'error' : 'warning', text };
}

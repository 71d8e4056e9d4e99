import { closeSync, constants, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Memory, Recollection } from '../core/ports.ts';
import { type Attempt, VERDICTS, WORTH_REMEMBERING_MS } from '../core/schedule/situation.ts';
import type { Environment } from './environment.ts';

/** Fifty years: what is more off is no clock, and no step can be counted by it. */
const LARGEST_OFFSET_MS = 50 * 365 * 86_400_000;
const NOTHING: Recollection = { clockOffset: 0, attempts: [] };

/**
 * What the steps of one job remember of their codes and of AWS's clock, in a file of the job's own temporary folder: so that a
 * second use of the action does not begin with a code that the first one spent. It holds serial numbers, steps and verdicts; no
 * seed, no code. Losing it costs a refused code, so nothing here fails the step.
 */
export function openMemory(env: Environment): Memory {
  const folder = env['RUNNER_TEMP'];
  if (!folder) return { recall: () => NOTHING, keep: () => undefined };
  const path = join(folder, 'aws-mfa-credentials.json');
  /** Read once: the clock and the codes are asked for apart. */
  let known: Recollection | undefined;
  return {
    recall: () => (known ??= readRecollection(path)),
    keep({ clockOffset, attempts }) {
      known = undefined;
      const newest = Math.max(...attempts.map(({ at }) => at));
      const recent = attempts.filter(({ at }) => newest - at < WORTH_REMEMBERING_MS);
      const temporary = `${path}.${process.pid}`;
      try {
        // Written whole and moved into place: a link that somebody put there is replaced, not followed.
        writeFileSync(temporary, JSON.stringify({ clockOffset, attempts: recent }), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, path);
      } catch {
        try {
          rmSync(temporary, { force: true });
        } catch {
          // Then it stays; it is worth no failed step.
        }
      }
    },
  };
}

function readRecollection(path: string): Recollection {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return parseRecollection(readFileSync(file, 'utf8')) ?? NOTHING;
    } finally {
      closeSync(file);
    }
  } catch {
    return NOTHING;
  }
}

/** The text of the file as what it should be, or undefined: another step of the job may have written anything. */
export function parseRecollection(text: string): Recollection | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { clockOffset, attempts }: Partial<Record<keyof Recollection, unknown>> = parsed;
  if (typeof clockOffset !== 'number' || !(Math.abs(clockOffset) <= LARGEST_OFFSET_MS)) return undefined;
  if (!Array.isArray(attempts)) return undefined;
  return attempts.length <= 1000 && attempts.every(isAttempt) ? { clockOffset, attempts } : undefined;
}

function isAttempt(item: unknown): item is Attempt {
  if (typeof item !== 'object' || item === null) return false;
  const { serial, step, at, verdict }: Partial<Record<keyof Attempt, unknown>> = item;
  return (
    typeof serial === 'string' &&
    Number.isSafeInteger(step) &&
    typeof at === 'number' &&
    Number.isFinite(at) &&
    VERDICTS.some((known) => known === verdict)
  );
}

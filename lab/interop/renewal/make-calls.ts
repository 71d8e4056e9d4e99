import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, runChild, type Start } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Environment } from './profiles.ts';
import type { Outcome } from './tally.ts';

/** Makes calls with this environment until it has lived long enough. */
export type MakeCalls = (env: Environment, cleanup: Cleanup) => Promise<readonly Outcome[]>;

/** How long calls are made, and how often, in seconds. */
export interface Pace {
  readonly lifeS: number;
  readonly intervalS: number;
}

const LIMIT_MS = 150_000;

/** A program that lives all the time, and prints a line of JSON per call. It gets the number of rounds and the interval. */
export function longLived(
  { command, args }: Start,
  { lifeS, intervalS }: Pace,
  more: readonly string[] = [],
): MakeCalls {
  const pace = [String(lifeS / intervalS + 1), String(intervalS)];
  return async (env, cleanup) => {
    const ended = await runChild({ command, args: [...args, ...pace, ...more], env, limitMs: LIMIT_MS }, cleanup);
    const lines = ended.stdout.trim().split('\n');
    const outcomes = lines.flatMap((line): Outcome[] => (line.startsWith('{') ? [JSON.parse(line) as Outcome] : []));
    return ended.exitCode === 0 ? outcomes : [...outcomes, failed('the program', ended)];
  };
}

const CLI_CALLS = [
  ['GetCallerIdentity', 'sts', 'get-caller-identity'],
  ['ListBuckets', 's3api', 'list-buckets'],
] as const;

/** A command that makes one call and ends. */
export function repeated({ command, args }: Start, { lifeS, intervalS }: Pace): MakeCalls {
  return async (env, cleanup) => {
    const outcomes: Outcome[] = [];
    const end = performance.now() + lifeS * 1000;
    for (let began = performance.now(); began <= end; began = performance.now()) {
      const [operation, ...call] = CLI_CALLS[outcomes.length % 2 === 0 ? 0 : 1];
      const ended = await runChild({ command, args: [...args, ...call], env, limitMs: LIMIT_MS }, cleanup);
      outcomes.push(ended.exitCode === 0 ? { operation } : failed(operation, ended));
      await sleep(Math.max(0, began + intervalS * 1000 - performance.now()));
    }
    return outcomes;
  };
}

function failed(operation: string, { exitCode, stderr }: Ended): Outcome {
  return { operation, error: `exit code ${exitCode}: ${stderr.trim()}` };
}

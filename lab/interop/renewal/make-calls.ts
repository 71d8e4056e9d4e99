import { runChild } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Environment } from './profiles.ts';
import type { Outcome } from './tally.ts';

/** How long calls are made, and how often, in seconds. */
export interface Pace {
  readonly lifeS: number;
  readonly intervalS: number;
}

/** A command and its arguments. */
export type CommandLine = readonly [string, ...string[]];

const LIMIT_MS = 150_000;

/** The arguments that every program gets: the number of rounds, and the interval. */
export function paceArguments({ lifeS, intervalS }: Pace): readonly string[] {
  return [String(Math.ceil(lifeS / intervalS) + 1), String(intervalS)];
}

/** Runs a program that prints a line of JSON per call. That it failed counts as a failed call. */
export async function makeCalls(
  [command, ...args]: CommandLine,
  env: Environment,
  cleanup: Cleanup,
): Promise<readonly Outcome[]> {
  const { exitCode, stdout, stderr } = await runChild({ command, args, env, limitMs: LIMIT_MS }, cleanup);
  const outcomes = stdout.split('\n').flatMap((line) => outcomeIn(line) ?? []);
  if (exitCode === 0) return outcomes;
  return [...outcomes, { operation: 'the program', error: `exit code ${exitCode}: ${stderr.trim()}` }];
}

/** What a line of output says about a call; undefined if it says something else. */
export function outcomeIn(line: string): Outcome | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as Outcome) : undefined;
}

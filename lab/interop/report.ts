import { isDeepStrictEqual } from 'node:util';
import type { Cleanup } from './cleanup.ts';
import type { AwsCli, Boto3 } from './clients.ts';

/** What every check works with. */
export interface RunContext {
  readonly report: Report;
  readonly boto3: Boto3;
  readonly aws: AwsCli;
  readonly cleanup: Cleanup;
}

/** What was compared, by name. Expected is a value, or a pattern for a string. */
export type Comparison = Readonly<Record<string, readonly [actual: unknown, expected: unknown]>>;

/** Prints one line per check, and counts. */
export class Report {
  #passed = 0;
  #failed = 0;
  readonly #silenced: AbortSignal;

  /** @param silenced once aborted, nothing more is printed: checks now fail because the run is being ended */
  constructor(silenced: AbortSignal) {
    this.#silenced = silenced;
  }

  get failed(): number {
    return this.#failed;
  }

  /** The closing line. */
  get summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }

  /** Prints a line that isn't a check. */
  note(text: string): void {
    this.#print(text);
  }

  /** Runs a check and prints what it compared and how long it took; an error counts as a difference. */
  async check(name: string, run: () => Promise<Comparison>): Promise<void> {
    const began = performance.now();
    const { compared, problems } = await outcome(run);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    if (problems.length === 0) this.#passed += 1;
    else this.#failed += 1;
    this.#print(`${problems.length === 0 ? 'ok     ' : 'DIFFERS'}  ${seconds} s  ${name}: ${compared}`);
    for (const problem of problems) this.#print(`                 ${problem.replaceAll('\n', '\n                 ')}`);
  }

  #print(text: string): void {
    if (!this.#silenced.aborted) console.log(text);
  }
}

async function outcome(run: () => Promise<Comparison>): Promise<{ compared: string; problems: string[] }> {
  try {
    const comparison = await run();
    const problems = Object.entries(comparison)
      .filter(([, [actual, expected]]) => !isAsExpected(actual, expected))
      .map(([name, [actual, expected]]) => `${name}: got ${show(actual)}, expected ${show(expected)}`);
    return { compared: Object.keys(comparison).join('; '), problems };
  } catch (error) {
    return { compared: 'failed', problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function isAsExpected(actual: unknown, expected: unknown): boolean {
  if (!(expected instanceof RegExp)) return isDeepStrictEqual(actual, expected);
  return typeof actual === 'string' && expected.test(actual);
}

function show(value: unknown): string {
  const text = value instanceof RegExp || value === undefined ? String(value) : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)} …` : text;
}

import { isDeepStrictEqual } from 'node:util';

/** What was compared: for each name what came, and what was expected: a value, or a pattern of a text. */
export type Comparison = Readonly<Record<string, readonly [came: unknown, expected: unknown]>>;

/** Prints one line a check and counts. */
export class Report {
  #passed = 0;
  #failed = 0;
  readonly #silenced: AbortSignal;

  /** @param silenced nothing is printed any more once it is aborted: what fails then fails because the run is being ended */
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

  /** Prints a line that is no check. */
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
      .filter(([, [came, expected]]) => !isAsExpected(came, expected))
      .map(([name, [came, expected]]) => `${name}: ${show(came)} came, ${show(expected)} was expected`);
    return { compared: Object.keys(comparison).join('; '), problems };
  } catch (error) {
    return { compared: 'could not be compared', problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function isAsExpected(came: unknown, expected: unknown): boolean {
  if (!(expected instanceof RegExp)) return isDeepStrictEqual(came, expected);
  return typeof came === 'string' && expected.test(came);
}

function show(value: unknown): string {
  const text = value instanceof RegExp || value === undefined ? String(value) : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)} …` : text;
}

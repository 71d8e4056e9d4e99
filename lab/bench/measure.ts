import { spawn } from 'node:child_process';

/** A command to time. */
export interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The exit code that a run must have to count. */
  readonly exitCode: number;
}

/** The ratio of two commands that run in turn, so that a slow moment slows down both. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The medians of both, in milliseconds: for people, never for a verdict. */
  readonly milliseconds: readonly [number, number];
}

/** Times `command(i)` against `against(i)` in pairs, after one pair that doesn't count. Throws if a run fails. */
export async function measureRatio(
  pairs: number,
  command: (index: number) => Command,
  against: (index: number) => Command,
): Promise<Ratio> {
  const ratios: number[] = [];
  const times: [number[], number[]] = [[], []];
  for (let index = 0; index <= pairs; index += 1) {
    const other = await time(against(index));
    const own = await time(command(index));
    if (index === 0) continue;
    ratios.push(own / other);
    times[0].push(own);
    times[1].push(other);
  }
  return {
    median: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    milliseconds: [median(times[0]), median(times[1])],
  };
}

async function time({ args, env, exitCode }: Command): Promise<number> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== exitCode) throw new Error(`node ${args.join(' ')} ended with ${code}, not ${exitCode}: ${stderr}`);
  return elapsed;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

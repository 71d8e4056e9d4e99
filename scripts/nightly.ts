// What is too slow for every `npm test`: random tests with fifty times as many runs, the enrollment killed at each of its calls, and
// the behavior tests with a process for each step, which `npm test` mostly executes within its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const JEST = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const args = process.argv.slice(2);

const RUNS: readonly (readonly [name: string, env: Readonly<Record<string, string>>, args: readonly string[]])[] = [
  ['random tests, fifty times as many runs', { PROPERTY_FACTOR: '50' }, []],
  ['a process for each step', { REAL_PROCESSES: '1' }, ['__tests__/behaviour']],
];

for (const [name, env, own] of RUNS) {
  console.log(`\n== ${name} (${Object.entries(env).flat().join('=')})`);
  const { status } = spawnSync(process.execPath, [JEST, ...(args.length > 0 ? args : own)], {
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

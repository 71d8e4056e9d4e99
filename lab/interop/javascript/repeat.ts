/**
 * Runs the AWS CLI COUNT times, one call every INTERVAL seconds, and prints a line of JSON per call:
 * `repeat.ts COUNT INTERVAL COMMAND [ARGUMENT ...]`.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const [count, interval, command = '', ...args] = process.argv.slice(2);
const CALLS = [
  ['GetCallerIdentity', 'sts', 'get-caller-identity'],
  ['ListBuckets', 's3api', 'list-buckets'],
] as const;

for (let round = 0; round < Number(count); round += 1) {
  const began = performance.now();
  const [operation, ...call] = CALLS[round % 2 === 0 ? 0 : 1];
  const { status, stderr } = spawnSync(command, [...args, ...call], { encoding: 'utf8' });
  const error = status === 0 ? undefined : `exit code ${status}: ${stderr.trim()}`;
  console.log(JSON.stringify({ operation, error }));
  await sleep(Math.max(0, began + Number(interval) * 1000 - performance.now()));
}

import { createInterface } from 'node:readline';
import { SettableClock, startEmulator } from '../../aws/index.ts';
import { startChild } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import type { RunContext } from '../report.ts';
import { type Environment, renewingProfiles } from './profiles.ts';
import type { Programs } from './programs.ts';
import { type Outcome, tally } from './tally.ts';
import { worldWithRoles } from './world.ts';

const HOURS = 3;
const MINUTES_BETWEEN_CALLS = 5;
const CALLS = (HOURS * 60) / MINUTES_BETWEEN_CALLS + 1;

/** A job of three hours with Terraform's credential code and a role of one hour. Its time and AWS's time are virtual. */
export async function checkLongJob({ report, cleanup }: RunContext, { go }: Programs): Promise<void> {
  if (go === undefined) return;
  await report.check(`aws-sdk-go-base in a job of ${HOURS} hours, simulated`, async () => {
    const { world, roles } = worldWithRoles(['terraform']);
    const start = Date.now();
    const clock = new SettableClock(start);
    const emulator = await startEmulator({ world, clock });
    cleanup.add(() => emulator.close());
    const env = {
      ...(await renewingProfiles(emulator, roles, cleanup)),
      AWS_PROFILE: 'terraform',
      AWS_ENDPOINT_URL_STS: emulator.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      START: String(start),
      CALLS: String(CALLS),
      INTERVAL: `${MINUTES_BETWEEN_CALLS}m`,
    };
    const outcomes = await run(go.longJob, env, clock, cleanup);
    const counted = tally(outcomes, emulator, roles[0]?.arn ?? '');
    return {
      failures: [counted.failures, []],
      calls: [counted.calls, CALLS],
      'AWS answered every call with the role': [counted.answered >= CALLS, true],
      'hours that passed': [Math.round((clock.now() - start) / 3_600_000), HOURS],
      [`renewed ${HOURS} times or more`]: [counted.sessions > HOURS, true],
      'lives through all expirations': [counted.expirations, HOURS],
      'verifications of a code': [emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? []), ['accepted']],
    };
  });
}

/** Runs the program, and sets AWS's clock whenever the program says what its own time is. */
function run(command: string, env: Environment, clock: SettableClock, cleanup: Cleanup): Promise<readonly Outcome[]> {
  const child = startChild({ command, args: ['-test.run=TestLongJob'], env, limitMs: 60_000 }, cleanup);
  const { promise, resolve } = Promise.withResolvers<readonly Outcome[]>();
  const outcomes: Outcome[] = [];
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('{')) {
        said += `${line}\n`;
        return;
      }
      const parsed = JSON.parse(line) as Outcome | { readonly now: number };
      if ('operation' in parsed) outcomes.push(parsed);
      else {
        clock.set(parsed.now);
        child.stdin?.write('set\n');
      }
    });
  }
  child.once('close', () => {
    if (child.exitCode !== 0)
      outcomes.push({ operation: 'the program', error: `exit code ${child.exitCode}: ${said}` });
    resolve(outcomes);
  });
  return promise;
}

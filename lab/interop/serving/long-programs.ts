import { startEmulator } from '../../aws/index.ts';
import type { Client } from '../renewal/clients.ts';
import { type CommandLine, makeCalls } from '../renewal/make-calls.ts';
import { fared, tally } from '../renewal/tally.ts';
import { endSessionsAfter } from '../renewal/world.ts';
import type { RunContext } from '../report.ts';
import { personNamed, worldOf } from './people.ts';
import { waysTo } from './ways.ts';

const RENEWALS = 3;
/** `exec --serve` renews a session that is this short when a third is left. */
const LIFETIME_S = 12;
/** Programs need a few seconds to start. */
const LIFE_S = RENEWALS * LIFETIME_S - 4;

/** Each client runs under its own `exec --serve`, side by side, through sessions that end early. */
export async function checkLongPrograms(
  { report, cleanup }: RunContext,
  command: CommandLine,
  clients: readonly Client[],
): Promise<void> {
  const all = clients.map((client) => ({ client, person: personNamed(client.profile, cleanup) }));
  const emulator = await startEmulator({ world: worldOf(all.map(({ person }) => person)) });
  cleanup.add(() => emulator.close());
  endSessionsAfter(LIFETIME_S, emulator);
  const ways = await waysTo(emulator.endpoint, cleanup);
  const runs = all.map(async ({ client, person: { name, roleArn, env } }) => {
    const exec = [...command, 'exec', '--serve', '--role-to-assume', name, '--'] as const;
    const outcomes = await makeCalls([...exec, ...client.program(LIFE_S)], { ...env, ...ways[client.by] }, cleanup);
    return { client, counted: tally(outcomes, emulator, roleArn) };
  });
  const results = await Promise.all(runs);
  for (const { client, counted } of results) {
    await report.check(`exec --serve renews what ${client.name} uses`, async () => ({
      failures: [counted.failures, []],
      'AWS answered every call with the role': [counted.answered >= counted.calls, true],
      [`${RENEWALS + 1} sessions or more`]: [counted.sessions > RENEWALS, true],
    }));
  }
  await report.check('exec --serve renews a role with a single code', async () => {
    const verdicts = emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? []);
    return { 'verifications of a code': [verdicts, clients.map(() => 'accepted')] };
  });
  report.note(fared(results));
}

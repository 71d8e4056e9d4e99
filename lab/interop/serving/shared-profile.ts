import { type Emulator, startEmulator } from '../../aws/index.ts';
import type { Client } from '../renewal/clients.ts';
import { type CommandLine, makeCalls } from '../renewal/make-calls.ts';
import { fared, tally } from '../renewal/tally.ts';
import { endSessionsAfter } from '../renewal/world.ts';
import type { RunContext } from '../report.ts';
import { personNamed, worldOf } from './people.ts';
import { processProfile } from './profiles.ts';
import { waysTo } from './ways.ts';

const RENEWALS = 3;
/** The cache replaces a session that is this short when a third is left. */
const LIFETIME_S = 12;
/** Some clients only ask again when the session has ended. */
const LIFE_S = RENEWALS * LIFETIME_S;

/** Each client has the same profile with `credential_process`. They share its sessions, which end early. */
export async function checkSharedProfile(
  { report, cleanup }: RunContext,
  command: CommandLine,
  clients: readonly Client[],
): Promise<void> {
  const person = personNamed('work', cleanup);
  const emulator = await startEmulator({ world: worldOf([person]) });
  cleanup.add(() => emulator.close());
  endSessionsAfter(LIFETIME_S, emulator);
  const ways = await waysTo(emulator.endpoint, cleanup);
  const profile = processProfile(person, command, emulator.endpoint);
  const runs = clients.map(async (client) => {
    const agent = { AWS_EXECUTION_ENV: client.profile };
    const outcomes = await makeCalls(client.program(LIFE_S), { ...profile, ...ways[client.by], ...agent }, cleanup);
    return { client, counted: tally(outcomes, seenBy(client, emulator), person.roleArn) };
  });
  const results = await Promise.all(runs);
  for (const { client, counted } of results) {
    await report.check(`credential-process renews what ${client.name} uses`, async () => ({
      failures: [counted.failures, []],
      'AWS answered every call with the role': [counted.answered >= counted.calls, true],
      [`${RENEWALS + 1} sessions or more`]: [counted.sessions > RENEWALS, true],
    }));
  }
  await report.check(`${clients.length} clients share one code per session`, async () => {
    const verdicts = emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? []);
    return { 'verifications of a code': [verdicts, emulator.sessions.map(() => 'accepted')] };
  });
  report.note(fared(results));
}

/** What AWS saw of one client: all SDKs send this variable along. */
function seenBy({ profile }: Client, { calls, sessions }: Emulator): Pick<Emulator, 'calls' | 'sessions'> {
  const isOurs = (agent = ''): boolean => agent.split(' ').includes(`exec-env/${profile}`);
  return { sessions, calls: calls.filter(({ headers }) => isOurs(headers['user-agent'])) };
}

import { startEmulator } from '../../aws/index.ts';
import type { RunContext } from '../report.ts';
import { startAwsHostNames } from './aws-host-names.ts';
import { type Client, clientsOf } from './clients.ts';
import { makeCalls } from './make-calls.ts';
import { type Environment, renewingProfiles } from './profiles.ts';
import type { Programs } from './programs.ts';
import { fared, tally } from './tally.ts';
import { endSessionsAfter, worldWithRoles } from './world.ts';

const ROLE_LIFETIME_S = 8;
const EXPIRATIONS = 3;
/** At each expiration, a CLI may lose as much as there is between two of its calls. */
const LIFE_S = EXPIRATIONS * (ROLE_LIFETIME_S + 7);

/** Real clients side by side, each with a role that expires again and again. */
export async function checkShortLives(
  { report, cleanup }: RunContext,
  python: string,
  programs: Programs,
): Promise<void> {
  const clients = clientsOf(python, programs);
  const { world, roles } = worldWithRoles(clients.map(({ profile }) => profile));
  const emulator = await startEmulator({ world });
  cleanup.add(() => emulator.close());
  endSessionsAfter(ROLE_LIFETIME_S, emulator);
  const profiles = await renewingProfiles(emulator, roles, cleanup);
  const ways: Readonly<Record<Client['by'], Environment>> = {
    AWS_ENDPOINT_URL: { AWS_ENDPOINT_URL: emulator.endpoint },
    'host names': await startAwsHostNames(emulator.endpoint, cleanup),
  };
  const runs = clients.map(async (client) => {
    const env = { ...profiles, ...ways[client.by], AWS_PROFILE: client.profile, AWS_EC2_METADATA_DISABLED: 'true' };
    const outcomes = await makeCalls(client.program(LIFE_S), env, cleanup);
    const arn = roles.find(({ profile }) => profile === client.profile)?.arn ?? '';
    return { client, counted: tally(outcomes, emulator, arn) };
  });
  const results = await Promise.all(runs);
  for (const { client, counted } of results) {
    await report.check(`${client.name} renews its role`, async () => ({
      failures: [counted.failures, []],
      // Some clients also try their credentials when they start.
      'AWS answered every call with the role': [counted.answered >= counted.calls, true],
      [`lives through ${EXPIRATIONS} expirations or more`]: [counted.expirations >= EXPIRATIONS, true],
    }));
  }
  await report.check('what AWS saw of the clients', async () => ({
    'verifications of a code': [emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? []), ['accepted']],
    'roles assumed': [emulator.sessions.length > clients.length * EXPIRATIONS, true],
  }));
  report.note(fared(results));
}

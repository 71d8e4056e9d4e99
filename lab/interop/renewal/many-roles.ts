import { join } from 'node:path';
import { startEmulator } from '../../aws/index.ts';
import type { RunContext } from '../report.ts';
import { makeCalls, paceArguments } from './make-calls.ts';
import { renewingProfiles } from './profiles.ts';
import { tally } from './tally.ts';
import { endSessionsAfter, worldWithRoles } from './world.ts';

const ACCOUNTS = ['111122223333', '222233334444', '333344445555', '444455556666', '555566667777'];
const NAMES = ['build', 'deploy', 'audit', 'backup'];
const ROLE_LIFETIME_S = 2;
const PACE = { lifeS: 6, intervalS: 3 };

/** One MFA session, and twenty roles in five accounts that one program renews from it. */
export async function checkManyRoles({ report, cleanup }: RunContext, python: string): Promise<void> {
  await report.check('boto3 renews 20 roles in 5 accounts, from one code', async () => {
    const { world, roles } = worldWithRoles(NAMES, ACCOUNTS);
    const emulator = await startEmulator({ world });
    cleanup.add(() => emulator.close());
    endSessionsAfter(ROLE_LIFETIME_S, emulator);
    const env = {
      ...(await renewingProfiles(emulator, roles, cleanup)),
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const program = join(import.meta.dirname, '../python/renewal.py');
    const profiles = roles.map(({ profile }) => profile);
    const outcomes = await makeCalls([python, program, ...paceArguments(PACE), ...profiles], env, cleanup);
    const counted = roles.map(({ arn }) => tally(outcomes, emulator, arn));
    return {
      'verifications of a code': [emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? []), ['accepted']],
      failures: [counted.flatMap(({ failures }) => failures), []],
      'accounts with a session': [new Set(emulator.sessions.map(({ accountId }) => accountId)).size, ACCOUNTS.length],
      'roles that lived through an expiration': [
        counted.filter(({ expirations }) => expirations > 0).length,
        ACCOUNTS.length * NAMES.length,
      ],
    };
  });
}

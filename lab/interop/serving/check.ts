import { clientsOf } from '../renewal/clients.ts';
import type { CommandLine } from '../renewal/make-calls.ts';
import type { Programs } from '../renewal/programs.ts';
import type { RunContext } from '../report.ts';
import { checkLongPrograms } from './long-programs.ts';
import { checkSharedProfile } from './shared-profile.ts';
import { checkTroubles } from './troubles.ts';

/**
 * What renews credentials for as long as programs run: `exec --serve`, and `credential-process`.
 * @param python an environment with boto3 and the AWS CLI
 */
export async function checkServing(
  run: RunContext,
  python: string,
  programs: Programs,
  command: CommandLine,
): Promise<void> {
  const clients = clientsOf(python, programs);
  await Promise.all([
    checkLongPrograms(run, command, clients),
    checkSharedProfile(run, command, clients),
    checkTroubles(run, command, clients),
  ]);
}

import { clientsOf } from '../renewal/clients.ts';
import type { Programs } from '../renewal/programs.ts';
import type { RunContext } from '../report.ts';
import { packageCommand } from './command.ts';
import { checkLongPrograms } from './long-programs.ts';

/**
 * What renews credentials for as long as a program runs: `exec --serve`, and `credential-process`.
 * @param python an environment with boto3 and the AWS CLI
 */
export async function checkServing(run: RunContext, python: string, programs: Programs): Promise<void> {
  const command = await packageCommand(run.cleanup);
  const clients = clientsOf(python, programs);
  await checkLongPrograms(run, command, clients);
}

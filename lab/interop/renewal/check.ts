import type { RunContext } from '../report.ts';
import { checkLongJob } from './long-job.ts';
import { checkManyRoles } from './many-roles.ts';
import type { Programs } from './programs.ts';
import { checkShortLives } from './short-lives.ts';

/**
 * A role reached by reference (a profile with `role_arn` and `source_profile`) is renewed by each SDK itself.
 * @param python an environment with boto3 and the AWS CLI
 */
export async function checkRenewal(run: RunContext, python: string, programs: Programs): Promise<void> {
  await Promise.all([checkShortLives(run, python, programs), checkLongJob(run, programs), checkManyRoles(run, python)]);
}

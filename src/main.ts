import { homedir } from 'node:os';
import { PARTITIONS } from './aws/partitions.ts';
import { connectServices, type Services } from './aws/services.ts';
import type { BucketReport } from './core/bucket-check.ts';
import { Failure, messageOf } from './core/failure.ts';
import { parseRequest, type Request } from './core/request/request.ts';
import { obtainSession, type Session } from './core/session.ts';
import { hidingAccounts, maskAccountsOf, maskKnownAccounts } from './github/accounts.ts';
import { requireCommandFiles } from './github/command-file.ts';
import { forgetCredentials, forgetInputs } from './github/environment.ts';
import { exportSession } from './github/export.ts';
import { type Environment, readInputs } from './github/inputs.ts';
import { type Lifetime, startLifetime } from './github/lifetime.ts';
import { reporter as log, mask, reportFailure, reportProblems } from './github/log.ts';
import { openMemory } from './github/memory.ts';
import { narrate, warnOfProfile } from './github/narrate.ts';
import { workflowFacts } from './github/workflow.ts';

/** The action's step. */
async function main(): Promise<void> {
  const env: Environment = { ...process.env };
  const lifetime = startLifetime();
  try {
    const inputs = readInputs(env, mask);
    forgetInputs();
    const parsed = parseRequest(inputs, { partitions: PARTITIONS, workflow: workflowFacts(env) });
    if (parsed.ok) await run(parsed.request, env, lifetime);
    else await reportProblems(parsed.problems);
  } catch (error) {
    await reportFailure(
      error instanceof Failure ? error : new Failure('unexpected', messageOf(error), { cause: error }),
    );
  } finally {
    lifetime.end();
  }
}

/** Request → session → bucket check → export → what the user sees. Export is last: what fails before it leaves nothing behind. */
async function run(request: Request, env: Environment, lifetime: Lifetime): Promise<void> {
  const { signal, clock } = lifetime;
  lifetime.limit(request.timeoutSeconds);
  requireCommandFiles(env);
  await checkProfile(request, env);
  const { profile, outputs, maskAccount } = request.exports;
  const reporter = maskAccount ? hidingAccounts(log, mask) : log;
  if (maskAccount) maskKnownAccounts(request, mask);

  if (request.exports.unsetCurrent) forgetCredentials();
  const memory = openMemory(env);
  const services = await connectServices(request, { env, signal, mask, clockOffset: memory.recall().clockOffset });
  try {
    const session = await obtainSession(request, { ...services, clock, reporter, memory, random: Math.random });
    const report = await checkAccess(request, session, services);
    const variables = await exportSession(request, session, report, env, { mask, signal, pause: clock.sleep });
    narrate(session, report, { variables, profile: profile?.name, outputs }, clock.now(), reporter);
    warnOfProfile(env['AWS_PROFILE'], variables, reporter);
    await summarise(request, session, report, variables, env, clock.now());
  } catch (error) {
    if (maskAccount) maskAccountsOf(error, mask);
    throw error;
  } finally {
    services.close();
  }
}

/** Fails where the profile cannot be written, before a code is spent on it. */
async function checkProfile({ exports: { profile } }: Request, env: Environment): Promise<void> {
  if (profile === undefined) return;
  const { checkProfiles, profilePaths } = await import('./github/profile/profile.ts');
  checkProfiles(profilePaths(env, homedir()), [profile.name], profile.overwrite);
}

async function checkAccess(
  { bucketCheck }: Request,
  session: Session,
  services: Services,
): Promise<BucketReport | undefined> {
  if (bucketCheck === undefined) return undefined;
  const { checkBuckets } = await import('./core/bucket-check.ts');
  return checkBuckets(bucketCheck, session, await services.buckets(session.credentials));
}

/** The summary is an extra: where it cannot be written, the step has succeeded all the same. */
async function summarise(
  { exports, region }: Request,
  session: Session,
  report: BucketReport | undefined,
  exported: readonly string[],
  env: Environment,
  now: number,
): Promise<void> {
  if (!exports.summary) return;
  const { writeSummary } = await import('./github/summary.ts');
  const { profile, outputs, maskAccount } = exports;
  try {
    writeSummary(env['GITHUB_STEP_SUMMARY'] ?? '', {
      session,
      region: region.name,
      report,
      exported,
      profile: profile?.name,
      outputs,
      maskAccount,
      now,
    });
  } catch (error) {
    log.warning(`The job summary could not be written (${messageOf(error)}); everything else was done.`);
  }
}

main();

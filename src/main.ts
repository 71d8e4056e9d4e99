import { PARTITIONS } from './aws/partitions.ts';
import { createServices, type Services } from './aws/services.ts';
import { Failure, messageOf } from './core/failure.ts';
import type { Clock, Environment, Ports, Session } from './core/ports.ts';
import type { Request } from './core/request.ts';
import type { BucketReport } from './core/session/buckets.ts';
import type { ProfileSession } from './core/session/many-roles.ts';
import { obtainSession } from './core/session/session.ts';
import { requireRunner } from './github/command-file.ts';
import {
  childEnvironment,
  forgetCredentials,
  forgetInputs,
  insistOnCertificates,
  workflowRun,
} from './github/environment.ts';
import { exportSession, hasProfiles } from './github/export.ts';
import { readInputs } from './github/inputs.ts';
import { guardOutput, type Log, leave, log, requireDelivery, sayError } from './github/log.ts';
import {
  concealCode,
  hidingAccounts,
  type Masking,
  maskAccountsOf,
  maskKnownAccounts,
  openMasked,
  redact,
  startMasking,
} from './github/masks.ts';
import { openMemory } from './github/memory.ts';
import { logInputNotices, logProfileNotices, reporterOn } from './github/notices.ts';
import { accessOf } from './github/obtained.ts';
import type { FailureSummary } from './github/report.ts';
import { logResult, type Result, showResult } from './github/result.ts';
import { parseRequest } from './inputs/request.ts';
import { type Lifetime, startLifetime } from './lifetime.ts';

/** The action's step. */
async function main(): Promise<void> {
  guardOutput();
  const lifetime = startLifetime();
  const reports: Reports = { summary: undefined };
  try {
    await lifetime.during(step(lifetime, reports));
  } catch (error) {
    if (lifetime.succeeded) log.warning(`Everything was exported, but this log is incomplete (${messageOf(error)}).`);
    else await fail(error, reports.summary);
  } finally {
    await leave();
  }
}

async function fail(error: unknown, summary: FailureSummary | undefined): Promise<void> {
  process.exitCode = 1;
  try {
    const { reportFailure } = await import('./github/report.ts');
    await reportFailure(error, summary);
  } catch {
    // A part of the action can't be loaded, and with it the words. What is known is shown all the same.
    sayError(error instanceof Failure ? `${error.code} ${JSON.stringify(error.facts)}` : messageOf(error));
  }
}

/** Where a failure is shown in addition to the annotation. */
interface Reports {
  summary: FailureSummary | undefined;
}

async function step(lifetime: Lifetime, reports: Reports): Promise<void> {
  const env: Environment = { ...process.env };
  const masking = startMasking();
  // Before anything that may fail. This input isn't a secret, and no variable replaces it.
  const { INPUT_SUMMARY: summary = '', GITHUB_STEP_SUMMARY: path } = env;
  if (path && /^\s*true\s*$/i.test(summary)) reports.summary = { path, masks: masking.masks };
  requireRunner(env);
  insistOnCertificates(log);
  const inputs = await readInputs(env, masking.mask);
  forgetInputs();
  const parsed = await parseRequest(inputs, { partitions: PARTITIONS, run: workflowRun(env) });
  await logInputNotices(parsed.notices, inputs.variables);
  if (parsed.ok) return run(parsed.request, env, lifetime, masking);
  process.exitCode = 1;
  const { reportProblems } = await import('./github/report.ts');
  await reportProblems(parsed.problems, inputs, masking.mask, reports.summary);
}

/** Request → session → roles, bucket check → export → log. Export is last: what fails before it leaves nothing. */
async function run(request: Request, env: Environment, lifetime: Lifetime, masking: Masking): Promise<void> {
  const { signal, clock } = lifetime;
  const { mask, masks } = masking;
  lifetime.limit(request.timeoutSeconds);
  await requireDelivery();
  await checkProfiles(request, env, clock);
  await rehearse(request, masks);
  const { profile, outputs, maskAccount } = request.exports;
  const shown = maskAccount ? hidingAccounts(log, mask) : log;
  const reporter = reporterOn(shown);
  if (maskAccount) maskKnownAccounts(request, mask);

  if (request.exports.unsetCurrent) forgetCredentials();
  await findOwnKeys(request, env);
  const memory = openMemory(env, clock.now);
  const { clockOffset } = memory.recall();
  const services = createServices(request, {
    env,
    signal,
    secrets: { mask, conceal: concealCode, redact },
    retry: { clock, reporter, random: Math.random },
    childEnvironment: () => childEnvironment(env),
    clockOffset,
  });
  const sealed: Ports['sealed'] = { open: (source) => openMasked(source, clock.now() + clockOffset, mask) };
  const ports: Ports = { ...services, sealed, clock, reporter, memory, random: Math.random };
  try {
    const session = await obtainSession(request, ports);
    const roles = await assumeEach(request, session, ports);
    const report = await checkAccess(request, { ...session, ...accessOf(request, { session, roles }) }, services);
    const obtained = { session, roles, report };
    const renewal = await describeRenewal(request, session);
    const context = { env, mask, masks, signal, pause: clock.sleep, committed: lifetime.succeed };
    const variables = await exportSession(request, obtained, context);
    const sealed = request.seal !== undefined;
    const result = {
      ...obtained,
      variables,
      profile: request.renewal?.sessionProfile ?? profile,
      outputs,
      sealed,
      renewal,
    };
    await showResult(
      {
        log: async () => {
          logResult(result, clock.now(), shown);
          await warn(request, result, env, shown);
        },
        'job summary': () => summarise(request, result, env, clock.now()),
      },
      shown,
    );
  } catch (error) {
    if (maskAccount) maskAccountsOf(error, mask);
    throw error;
  } finally {
    services.close();
  }
}

/** Long-term keys aren't in profiles that an earlier step wrote, to which its variables may point; a session is. */
async function findOwnKeys({ plan: { kind } }: Request, env: Environment): Promise<void> {
  if (kind === 'environment' || kind === 'chained-role') return;
  if (!env['AWS_PROFILE'] && !env['AWS_CONFIG_FILE']?.includes('aws-mfa-credentials')) return;
  const { forgetWrittenProfiles } = await import('./github/job-files.ts');
  forgetWrittenProfiles(env);
}

/** Fails before a code is spent if the profiles can't be written. */
async function checkProfiles(request: Request, env: Environment, { sleep }: Clock): Promise<void> {
  if (!hasProfiles(request)) return;
  const { checkRequested } = await import('./github/requested-profiles.ts');
  await logProfileNotices(await checkRequested(request, env, sleep));
}

/** Fails before a code is spent if the session can't be sealed. */
async function rehearse({ seal }: Request, masks: ReadonlySet<string>): Promise<void> {
  if (seal === undefined) return;
  const { rehearseSealing } = await import('./github/sealing.ts');
  await rehearseSealing(seal, masks);
}

async function assumeEach(request: Request, session: Session, ports: Ports): Promise<readonly ProfileSession[]> {
  if (request.roles === undefined) return [];
  if (request.renewal !== undefined) {
    const { proveRenewal } = await import('./core/session/renew.ts');
    return proveRenewal(request.roles, request.renewal.sessionProfile, session, request, ports);
  }
  const { assumeRoles } = await import('./core/session/many-roles.ts');
  return assumeRoles(request.roles, session, request, ports);
}

async function describeRenewal({ renewal }: Request, session: Session): Promise<readonly string[]> {
  if (renewal === undefined) return [];
  const { aboutRenewal } = await import('./github/renewal.ts');
  return aboutRenewal(session);
}

async function checkAccess(
  { bucketCheck }: Request,
  session: Session,
  services: Services,
): Promise<BucketReport | undefined> {
  if (bucketCheck === undefined) return undefined;
  const { checkBuckets } = await import('./core/session/buckets.ts');
  return checkBuckets(bucketCheck, session, await services.buckets(session.credentials));
}

const OTHER_CREDENTIALS = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ACCOUNT_ID', 'AWS_ACCESS_KEY_ID'] as const;

async function warn(request: Request, result: Result, env: Environment, shown: Log): Promise<void> {
  if (!OTHER_CREDENTIALS.some((name) => env[name])) return;
  const { warnOfKeys, warnOfVariables } = await import('./github/warnings.ts');
  warnOfVariables(result, env, shown);
  warnOfKeys(request, env, shown);
}

async function summarise({ exports, region }: Request, result: Result, env: Environment, now: number): Promise<void> {
  if (!exports.summary) return;
  const { renderSummary, writeSummary } = await import('./github/summary.ts');
  const facts = { ...result, region: region.name, maskAccount: exports.maskAccount, now };
  writeSummary(env['GITHUB_STEP_SUMMARY'] ?? '', renderSummary(facts));
}

main();

import { PARTITIONS } from './aws/partitions.ts';
import { createServices, type Services } from './aws/services.ts';
import { messageOf } from './core/failure.ts';
import type { Clock, Environment, Ports, Session } from './core/ports.ts';
import type { Request } from './core/request.ts';
import type { BucketReport } from './core/session/buckets.ts';
import type { ProfileSession } from './core/session/many-roles.ts';
import { obtainSession } from './core/session/session.ts';
import { hidingAccounts, maskAccountsOf, maskKnownAccounts } from './github/accounts.ts';
import { childEnvironment, forgetCredentials, forgetInputs, insistOnCertificates } from './github/environment.ts';
import { exportSession, hasProfiles } from './github/export.ts';
import type { HandedOver } from './github/handover.ts';
import { requireHost } from './github/host.ts';
import { readInputs } from './github/inputs.ts';
import { type Lifetime, startLifetime } from './github/lifetime.ts';
import { type Log, log, logInputNotices, logProfileNotices, reporterOn, sayError } from './github/log.ts';
import { concealCode, type Masking, redact, startMasking } from './github/masking.ts';
import { openMemory } from './github/memory.ts';
import { narrate, warnOfKeys, warnOfVariables } from './github/narrate.ts';
import { guardOutput, leave, requireDelivery } from './github/output.ts';
import type { FailureSummary } from './github/report.ts';
import { workflowRun } from './github/workflow.ts';
import { parseRequest } from './inputs/request.ts';

const CERTIFICATES_ARE_CHECKED =
  'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: this action always checks certificates. To trust a private CA, name its file in NODE_EXTRA_CA_CERTS.';

/** The action's step. */
async function main(): Promise<void> {
  guardOutput();
  const lifetime = startLifetime();
  const reports: Reports = { summary: undefined };
  try {
    await lifetime.during(step(lifetime, reports));
  } catch (error) {
    if (lifetime.succeeded) log.warning(`All was exported, but not all of it was said here (${messageOf(error)}).`);
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
    // A part of the action can't be loaded: what happened is said all the same.
    sayError(messageOf(error));
  }
}

/** Where a failure is told besides the annotation. */
interface Reports {
  summary: FailureSummary | undefined;
}

async function step(lifetime: Lifetime, reports: Reports): Promise<void> {
  const env: Environment = { ...process.env };
  const masking = startMasking();
  // Before all that may fail; this input is no secret, and no variable stands in for it.
  const { INPUT_SUMMARY: summary = '', GITHUB_STEP_SUMMARY: path } = env;
  if (path && /^\s*true\s*$/i.test(summary)) reports.summary = { path, masks: masking.masks };
  requireHost(env);
  if (insistOnCertificates()) log.warning(CERTIFICATES_ARE_CHECKED);
  const inputs = await readInputs(env, masking.mask);
  forgetInputs();
  const parsed = await parseRequest(inputs, { partitions: PARTITIONS, run: workflowRun(env) });
  if (parsed.notices.length > 0) await logInputNotices(parsed.notices, inputs.variables);
  if (parsed.ok) return run(parsed.request, env, lifetime, masking);
  process.exitCode = 1;
  const { reportProblems } = await import('./github/report.ts');
  await reportProblems(parsed.problems, inputs, masking.mask, reports.summary);
}

/** Request → session → roles, bucket check → export → what the user sees. Export is last: what fails before it leaves nothing. */
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
  const memory = openMemory(env, clock.now);
  const clockOffset = memory.recall().clockOffset;
  const services = createServices(request, {
    env,
    signal,
    secrets: { mask, conceal: concealCode, redact },
    retry: { clock, reporter, random: Math.random },
    childEnvironment: () => childEnvironment(env),
    clockOffset,
  });
  const sealed: Ports['sealed'] = {
    open: async (source) =>
      (await import('./github/open-sealed.ts')).openMasked(source, clock.now() + clockOffset, mask),
  };
  const ports: Ports = { ...services, sealed, clock, reporter, memory, random: Math.random };
  try {
    const session = await obtainSession(request, ports);
    const roles = await assumeEach(request, session, ports);
    const report = await checkAccess(request, session, services);
    const handover = { session, roles, report };
    const variables = await exportSession(request, handover, env, {
      mask,
      masks,
      signal,
      pause: clock.sleep,
      committed: lifetime.succeed,
    });
    const told = { ...handover, variables, profile, outputs, sealed: request.seal !== undefined };
    await afterExport(shown, {
      log: () => {
        narrate(told, clock.now(), shown);
        warnOfVariables(told, env, shown);
        warnOfKeys(request, env, shown);
      },
      'job summary': () => summarise(request, told, env, clock.now()),
    });
  } catch (error) {
    if (maskAccount) maskAccountsOf(error, mask);
    throw error;
  } finally {
    services.close();
  }
}

/** Fails where the profiles cannot be written, before a code is spent on them. */
async function checkProfiles(request: Request, env: Environment, { sleep }: Clock): Promise<void> {
  if (!hasProfiles(request)) return;
  const { checkRequested } = await import('./github/requested-profiles.ts');
  const notices = await checkRequested(request, env, sleep);
  if (notices.length > 0) await logProfileNotices(notices);
}

/** Fails where no sealed text could pass the masks of this step, before a code is spent on it. */
async function rehearse({ seal }: Request, masks: ReadonlySet<string>): Promise<void> {
  if (seal === undefined) return;
  const { rehearseSealing } = await import('./github/seal-session.ts');
  await rehearseSealing(seal, masks);
}

async function assumeEach(request: Request, session: Session, ports: Ports): Promise<readonly ProfileSession[]> {
  if (request.roles === undefined) return [];
  const { assumeRoles } = await import('./core/session/many-roles.ts');
  return assumeRoles(request.roles, session, request, ports);
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

/** What is said of an export that is done: later steps have the credentials, so nothing in here fails this one. */
async function afterExport(
  { warning }: Log,
  acts: Readonly<Record<string, () => void | Promise<void>>>,
): Promise<void> {
  for (const [what, act] of Object.entries(acts)) {
    try {
      await act();
    } catch (error) {
      try {
        warning(`The ${what} could not be written (${messageOf(error)}); everything else was done.`);
      } catch {
        // There is no log to say so in.
      }
    }
  }
}

async function summarise({ exports, region }: Request, told: HandedOver, env: Environment, now: number): Promise<void> {
  if (!exports.summary) return;
  const { renderSummary, writeSummary } = await import('./github/summary.ts');
  const facts = { ...told, region: region.name, maskAccount: exports.maskAccount, now };
  writeSummary(env['GITHUB_STEP_SUMMARY'] ?? '', renderSummary(facts));
}

main();

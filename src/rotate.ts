import { createIamAdmin } from './aws/iam-admin.ts';
import { PARTITIONS } from './aws/partitions.ts';
import { createServices, type Services } from './aws/services.ts';
import type { Identity, Keys } from './core/credentials.ts';
import { Failure } from './core/failure.ts';
import type { Environment, Ports } from './core/ports.ts';
import type { Request } from './core/request.ts';
import { obtainSession } from './core/session/session.ts';
import { requireRunner } from './github/command-file.ts';
import { childEnvironment, forgetInputs, insistOnCertificates, workflowRun } from './github/environment.ts';
import { readInputs } from './github/inputs.ts';
import { guardOutput, leave, log, requireDelivery } from './github/log.ts';
import { concealCode, type Masking, redact, startMasking } from './github/masks.ts';
import { openMemory } from './github/memory.ts';
import { logInputNotices, reporterOn } from './github/notices.ts';
import { type FailureSummary, reportFailure } from './github/report.ts';
import { readRotationInputs, reportRotationProblems, showRotation } from './github/rotation.ts';
import { rotationReport } from './inputs/messages/rotation-report.ts';
import type { RawInputs } from './inputs/names.ts';
import { parseConnection, parseRequest } from './inputs/request.ts';
import { parseRotation, type RotationRequest, sharedOf } from './inputs/rotation.ts';
import { unusualSecrets } from './inputs/secrets.ts';
import { type Lifetime, startLifetime } from './lifetime.ts';
import { openAgent } from './net/agent.ts';
import { deviceWith, keyPair, type Made } from './setup/enrollment.ts';
import type { SecretStore } from './setup/ports.ts';
import type { Rotated } from './setup/rotate.ts';
import { type Finding, type RotationRun, rotationOf, runRotation } from './setup/rotation-run.ts';
import { createGithubStore } from './stores/github.ts';

/** The step of the sub-action `rotate`. */
async function main(): Promise<void> {
  guardOutput();
  const lifetime = startLifetime();
  const masking = startMasking();
  const summary = { path: process.env['GITHUB_STEP_SUMMARY'] ?? '', masks: masking.masks };
  try {
    await lifetime.during(step(lifetime, masking, summary));
  } catch (error) {
    process.exitCode = 1;
    await reportFailure(error, summary.path === '' ? undefined : summary);
  } finally {
    await leave();
  }
}

/** What a run is about, once its inputs are read. */
interface Run {
  readonly rotation: RotationRequest;
  readonly request: Request;
  /** The inputs, for a request with a new key or device. */
  readonly inputs: RawInputs;
  readonly token: string;
  readonly env: Environment;
  readonly lifetime: Lifetime;
  readonly masking: Masking;
}

async function step(lifetime: Lifetime, masking: Masking, summary: FailureSummary): Promise<void> {
  const env: Environment = { ...process.env };
  requireRunner(env);
  insistOnCertificates(log);
  const raw = readRotationInputs(masking.mask);
  const given = await readInputs(env, masking.mask);
  forgetInputs();
  const inputs = sharedOf(given);
  const { request: rotation, problems } = parseRotation(raw, given, env['GITHUB_REPOSITORY'] ?? '');
  const context = { partitions: PARTITIONS, run: workflowRun(env) };
  const connection = await parseConnection(inputs, context);
  // Without these two, the request would be another one.
  const isWhole = inputs['aws-access-key'] !== '' && inputs['mfa-devices'] !== '';
  const parsed = isWhole ? await parseRequest(inputs, context) : connection;
  await logInputNotices(parsed.notices, inputs.variables);
  if (problems.length > 0 || !parsed.ok || !connection.ok) {
    process.exitCode = 1;
    const others = [parsed, connection].flatMap((each) => (each.ok ? [] : each.problems));
    reportRotationProblems(problems, others, inputs);
    return;
  }
  const request = { ...parsed.request, connection: connection.request.connection };
  await rotate({ rotation, request, inputs, token: raw['github-token'], env, lifetime, masking }, summary);
}

async function rotate(run: Run, summary: FailureSummary): Promise<void> {
  const { rotation, request, lifetime } = run;
  const { clock } = lifetime;
  lifetime.limit(request.timeoutSeconds);
  await requireDelivery();
  const services = connect(run);
  try {
    const { identity, credentials } = await obtainSession(request, portsOf(run, services));
    const client = await services.client();
    const store = await openStore(run);
    const ports = {
      iam: createIamAdmin({ ...client, endpoint: request.connection.iam?.endpoint }, credentials),
      clock,
      identify: (keys: Keys) => services.sts.callerIdentity(keys, 'aside'),
      prove: (made: Made) => prove(made, run, services),
    };
    const findings = await runRotation(runOf(run, identity, store), ports, rotation.mode);
    const { mode, limitDays } = rotation;
    const report = rotationReport(findings, { mode, limitDays, tokenExpires: store.tokenExpires });
    if (report.alarms.some(({ level }) => level === 'error')) process.exitCode = 1;
    showRotation({ report, outputs: outputsOf(findings) }, summary);
  } finally {
    services.close();
  }
}

function connect({ request, env, lifetime, masking }: Run): Services {
  const { signal, clock } = lifetime;
  return createServices(request, {
    env,
    signal,
    secrets: { mask: masking.mask, conceal: concealCode, redact },
    retry: { clock, reporter: reporterOn(log), random: Math.random },
    childEnvironment: () => childEnvironment(env),
    clockOffset: openMemory(env, clock.now).recall().clockOffset,
  });
}

function portsOf({ env, lifetime: { clock } }: Run, services: Services): Ports {
  const memory = openMemory(env, clock.now);
  const sealed: Ports['sealed'] = { open: () => Promise.reject(new Error('a rotation opens no sealed session')) };
  return { ...services, sealed, clock, reporter: reporterOn(log), memory, random: Math.random };
}

async function openStore({ rotation, request, token, env, lifetime, masking }: Run): Promise<SecretStore> {
  const { owner, repo, environment } = rotation;
  const { signal, clock } = lifetime;
  const place =
    environment === undefined
      ? ({ kind: 'repository', owner, repo, of: 'actions' } as const)
      : ({ kind: 'environment', owner, repo, environment } as const);
  return createGithubStore(place, env['GITHUB_API_URL'] || 'https://api.github.com', token, {
    agent: await openAgent(request.connection.proxy),
    signal,
    secrets: { mask: masking.mask, redact },
    retry: { clock, reporter: reporterOn(log), random: Math.random, maxAttempts: request.maxAttempts },
    // Without the version, which would be another dist/ for each.
    userAgent: 'aws-mfa-credentials/rotate',
  });
}

function runOf({ rotation, request }: Run, identity: Identity, store: SecretStore): RotationRun {
  const { rules, keySecret, deviceSecret, deviceMaxAge: maxAge } = rotation;
  const device = maxAge === undefined ? undefined : ({ secret: deviceSecret, separator: ' ', maxAge } as const);
  return rotationOf(request, identity, { store, keySecret, rules, device });
}

/** Gets a session with a new device. */
async function prove(made: Made, run: Run, services: Services): Promise<void> {
  const { env, masking } = run;
  const pairs = { 'aws-access-key': keyPair(made), 'mfa-devices': deviceWith(' ')(made) };
  const inputs = { ...run.inputs, ...pairs };
  for (const secret of unusualSecrets(inputs)) masking.mask(secret);
  const parsed = await parseRequest(inputs, { partitions: PARTITIONS, run: workflowRun(env) });
  if (!parsed.ok) throw new Failure('unexpected', { error: 'the new device is not a valid input' });
  await obtainSession(parsed.request, portsOf(run, services));
}

const NAMES: Readonly<Record<Rotated['kind'], string>> = {
  unchanged: 'unchanged',
  replaced: 'replaced',
  discarded: 'discarded',
  deactivated: 'deactivated',
  deleted: 'deleted',
  overtaken: 'unchanged',
};

const DAY_MS = 86_400_000;

/** One step at most was taken. */
function outputsOf(findings: readonly Finding[]): {
  readonly rotated: string;
  readonly keyAgeDays: number | undefined;
} {
  const { rotated } = findings.find((finding) => finding.rotated.kind !== 'unchanged') ?? { rotated: undefined };
  const [{ situation } = { situation: undefined }] = findings;
  const mine = situation?.items.find(({ id }) => id === situation.mine);
  const age = situation && mine && (situation.now.getTime() - mine.created.getTime()) / DAY_MS;
  return {
    rotated: NAMES[rotated?.kind ?? 'unchanged'],
    keyAgeDays: age === undefined ? undefined : Math.max(0, Math.floor(age)),
  };
}

main();

import { unlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BucketReport } from '../core/bucket-check.ts';
import { Failure, messageOf } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';
import type { Exports } from '../core/request/exports.ts';
import type { Request } from '../core/request/request.ts';
import type { Session } from '../core/session.ts';
import { appendEntries, commandFile, type Entries, newDelimiter } from './command-file.ts';
import { KEY_VARIABLES } from './environment.ts';
import type { Environment, Mask } from './inputs.ts';
import type { PreparedProfiles } from './profile/profile.ts';
import { digest, type ExportedVariable, formatUndo, STATE_NAME } from './state.ts';

/** What is let out, worked out before any of it is. */
interface Release {
  readonly variables: Entries;
  readonly outputs: Entries;
  /** The whole list of buckets, where it is too long for an output. */
  readonly bucketsFile: { readonly path: string; readonly text: string } | undefined;
}

/** What one output bears in later steps, where it often becomes an environment variable (128 KB on Linux). */
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * The one place that lets credentials out: the profile, the outputs, the environment, and before them the state with which the
 * post step undoes it. All of it or nothing: whatever fails, what was written before is taken back. Returns the names of the
 * exported variables.
 *
 * From the first visible change to the last there is no await, so a signal cannot come in between.
 */
export async function exportSession(
  request: Request,
  session: Session,
  report: BucketReport | undefined,
  env: Environment,
  { mask, signal, pause }: { readonly mask: Mask; readonly signal: AbortSignal; readonly pause: Clock['sleep'] },
): Promise<readonly string[]> {
  const { exports } = request;
  for (const secret of [
    session.credentials.accessKeyId,
    session.credentials.secretAccessKey,
    session.credentials.sessionToken,
  ])
    mask(secret);
  if (exports.maskAccount) mask(session.identity.account);
  const release = planRelease(request, session, report, env);
  const profiles = await prepareProfile(request, session, env, pause);
  try {
    signal.throwIfAborted();
    commit(release, profiles, exports, env, mask);
  } finally {
    await profiles?.release();
  }
  return Object.entries(release.variables)
    .filter(([, value]) => value !== '')
    .map(([name]) => name);
}

function commit(
  release: Release,
  profiles: PreparedProfiles | undefined,
  exports: Exports,
  env: Environment,
  mask: Mask,
): void {
  const delimiter = newDelimiter();
  const state = formatUndo({
    delimiter,
    variables: exportedVariables(release.variables, env, mask),
    profiles: profiles && JSON.stringify(profiles.written),
  });
  const undone: (() => void)[] = [];
  try {
    undone.push(appendEntries(commandFile(env, 'GITHUB_STATE'), { [STATE_NAME]: state }, delimiter));
    if (release.bucketsFile !== undefined)
      undone.push(writeOwnFile(release.bucketsFile.path, release.bucketsFile.text));
    if (exports.profile !== undefined && profiles !== undefined) {
      profiles.commit();
      undone.push(() => profiles.rollback());
    }
    undone.push(appendEntries(commandFile(env, 'GITHUB_OUTPUT'), release.outputs, delimiter));
    undone.push(appendEntries(commandFile(env, 'GITHUB_ENV'), release.variables, delimiter));
  } catch (error) {
    takeBack(undone.reverse(), error);
    throw error;
  }
}

/** Takes everything back, each whatever becomes of the others. Throws a Failure where something had to stay. */
function takeBack(undone: readonly (() => void)[], reason: unknown): void {
  const failures: string[] = [];
  for (const undo of undone) {
    try {
      undo();
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  if (failures.length === 0) return;
  throw new Failure(
    'export-failed',
    `${messageOf(reason)} Not all of what was written before could be taken back (${failures.join('; ')}).`,
    { cause: reason, remedy: 'Treat the session as handed over: later steps of this job may see it until it ends.' },
  );
}

function planRelease(request: Request, session: Session, report: BucketReport | undefined, env: Environment): Release {
  const { exports, region } = request;
  const { credentials, identity } = session;
  const expiration = credentials.expiration?.toISOString() ?? '';
  const variables: Record<string, string> = {};
  if (exports.environment) {
    variables['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
    variables['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
    variables['AWS_SESSION_TOKEN'] = credentials.sessionToken;
    variables['AWS_REGION'] = region.name;
    variables['AWS_DEFAULT_REGION'] = region.name;
    // Only where somebody set it before: a later action that does not know it would leave ours behind, and botocore refuses
    // good credentials once it passes.
    if (env['AWS_CREDENTIAL_EXPIRATION']) variables['AWS_CREDENTIAL_EXPIRATION'] = expiration;
    // botocore reads this old name before AWS_SESSION_TOKEN.
    if (env['AWS_SECURITY_TOKEN']) variables['AWS_SECURITY_TOKEN'] = '';
    if (exports.profile !== undefined) variables['AWS_PROFILE'] = exports.profile.name;
  } else if (exports.unsetCurrent) {
    for (const name of [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'])
      if (env[name]) variables[name] = '';
  }
  const buckets = planBuckets(report, env);
  const outputs: Record<string, string> = {
    'aws-account-id': identity.account,
    'authenticated-arn': identity.arn,
    ...(expiration === '' ? {} : { 'aws-expiration': expiration }),
    ...(session.serial === undefined ? {} : { 'mfa-serial': session.serial }),
    ...buckets.outputs,
  };
  if (exports.outputs) {
    outputs['aws-access-key-id'] = credentials.accessKeyId;
    outputs['aws-secret-access-key'] = credentials.secretAccessKey;
    outputs['aws-session-token'] = credentials.sessionToken;
  }
  return { variables, outputs, bucketsFile: buckets.file };
}

function planBuckets(
  report: BucketReport | undefined,
  env: Environment,
): { readonly outputs: Entries; readonly file: Release['bucketsFile'] } {
  if (report?.listed === undefined) return { outputs: {}, file: undefined };
  const count = { 'bucket-count': String(report.listed.length) };
  const text = JSON.stringify(report.listed);
  if (Buffer.byteLength(text) <= MAX_OUTPUT_BYTES) return { outputs: { ...count, buckets: text }, file: undefined };
  // The longest beginning that fits; the brackets count, and each name brings quotes and a comma.
  let size = 2;
  const fitting = report.listed.filter((name) => {
    size += Buffer.byteLength(JSON.stringify(name)) + 1;
    return size <= MAX_OUTPUT_BYTES;
  });
  const path = join(env['RUNNER_TEMP'] || '.', `aws-mfa-credentials-buckets-${process.pid}-${Date.now()}.json`);
  return { outputs: { ...count, buckets: JSON.stringify(fitting), 'buckets-file': path }, file: { path, text } };
}

async function prepareProfile(
  { exports, region }: Request,
  { credentials }: Session,
  env: Environment,
  pause: Clock['sleep'],
): Promise<PreparedProfiles | undefined> {
  if (exports.profile === undefined) return undefined;
  const { prepareProfiles, profilePaths } = await import('./profile/profile.ts');
  const { name, overwrite } = exports.profile;
  return prepareProfiles(profilePaths(env, homedir()), [{ name, region: region.name, credentials }], overwrite, pause);
}

/** What the post step needs to know of each variable. Values that may be put back are masked: state shows in debug logs. */
function exportedVariables(variables: Entries, env: Environment, mask: Mask): readonly ExportedVariable[] {
  // A token beside a long-term key (AKIA…) is a leftover, and the key is still one that must not come back.
  const wasSession = Boolean(env['AWS_SESSION_TOKEN']) && !env['AWS_ACCESS_KEY_ID']?.startsWith('AKIA');
  return Object.entries(variables).map(([name, value]) => {
    const before = env[name] || undefined;
    const isKey = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN'].some((key) => key === name);
    const putBack = isKey && !wasSession ? undefined : before;
    if (isKey && putBack !== undefined) mask(putBack);
    return { name, ours: value, before: before && digest(before), putBack };
  });
}

function writeOwnFile(path: string, text: string): () => void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new Failure('export-failed', `The list of buckets could not be written to ${path} (${messageOf(error)}).`, {
      cause: error,
    });
  }
  return () => unlinkSync(path);
}

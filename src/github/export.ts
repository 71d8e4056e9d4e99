import type { BucketReport } from '../core/bucket-check.ts';
import { Failure, messageOf } from '../core/failure.ts';
import type { ProfileSession } from '../core/many-roles.ts';
import type { Clock, Session } from '../core/ports.ts';
import type { Request } from '../core/request/request.ts';
import type { Seal } from '../core/request/sealing.ts';
import type { BucketOutputs, BucketsFile } from './bucket-outputs.ts';
import { appendEntries, commandFile, type Entries, newDelimiter } from './command-file.ts';
import { KEY_VARIABLES } from './environment.ts';
import type { Environment, Mask } from './inputs.ts';
import type { RequestedProfiles } from './profile/requested.ts';
import { digest, type ExportedVariable, formatUndo, STATE_NAME } from './state.ts';

/** What the export needs from the step. */
export interface ExportTools {
  readonly mask: Mask;
  /** All that was masked so far. */
  readonly masks: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly pause: Clock['sleep'];
}

/** What the step got, and now hands to later ones. */
export interface Handover {
  readonly session: Session;
  /** The roles that follow from the session. */
  readonly roles: readonly ProfileSession[];
  readonly report: BucketReport | undefined;
}

/** What is let out, worked out before any of it is. */
interface Release {
  readonly variables: Entries;
  readonly outputs: Entries;
  readonly bucketsFile: BucketsFile | undefined;
}

/**
 * The one place that lets credentials out: the profile, the outputs, the environment, and before them the state with which the
 * post step undoes it. All of it or nothing: whatever fails, what was written before is taken back. Returns the names of the
 * exported variables.
 *
 * From the first visible change to the last there is no await, so a signal cannot come in between.
 */
export async function exportSession(
  request: Request,
  handover: Handover,
  env: Environment,
  { mask, masks, signal, pause }: ExportTools,
): Promise<readonly string[]> {
  const { exports, seal } = request;
  const { session, roles } = handover;
  for (const { credentials, identity } of [session, ...roles]) {
    for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) mask(secret);
    if (exports.maskAccount) mask(identity.account);
  }
  const profiles = await prepareProfiles(request, handover, env, pause);
  try {
    const release = planRelease(request, handover, profiles, await planBuckets(handover, env), env);
    const undoing = exportedVariables(release.variables, profiles, env, mask);
    // Behind the last mask: an output that a mask changes is dropped.
    const sealed = seal && { 'sealed-session': await sealFor(session, seal, masks) };
    signal.throwIfAborted();
    commit({ ...release, outputs: { ...release.outputs, ...sealed } }, undoing, profiles, env);
    return Object.entries(release.variables)
      .filter(([, value]) => value !== '')
      .map(([name]) => name);
  } finally {
    await profiles?.release();
  }
}

/** Whether the request has profiles written; what that takes is loaded only then. */
export function hasProfiles({ exports, roles }: Request): boolean {
  return exports.profile !== undefined || roles !== undefined;
}

async function prepareProfiles(
  request: Request,
  handover: Handover,
  env: Environment,
  pause: Clock['sleep'],
): Promise<RequestedProfiles | undefined> {
  if (!hasProfiles(request)) return undefined;
  const { prepareRequested } = await import('./profile/requested.ts');
  return prepareRequested(request, handover, env, pause);
}

async function sealFor(session: Session, seal: Seal, masks: ReadonlySet<string>): Promise<string> {
  const { sealUnmasked } = await import('./sealing.ts');
  return sealUnmasked(session, seal, masks);
}

function commit(
  release: Release,
  variables: readonly ExportedVariable[],
  profiles: RequestedProfiles | undefined,
  env: Environment,
): void {
  const delimiter = newDelimiter();
  const state = formatUndo({
    delimiter,
    variables,
    profiles: profiles && JSON.stringify(profiles.written),
  });
  const forget = appendEntries(commandFile(env, 'GITHUB_STATE'), { [STATE_NAME]: state }, delimiter);
  const undone: Undoing[] = [];
  try {
    if (release.bucketsFile !== undefined) undone.push({ undo: release.bucketsFile.write() });
    if (profiles !== undefined) {
      profiles.commit();
      undone.push({ undo: () => profiles.rollback(), byPost: true });
    }
    undone.push({ undo: appendEntries(commandFile(env, 'GITHUB_OUTPUT'), release.outputs, delimiter) });
    undone.push({ undo: appendEntries(commandFile(env, 'GITHUB_ENV'), release.variables, delimiter) });
  } catch (error) {
    takeBack(undone.reverse(), forget, error);
    throw error;
  }
}

interface Undoing {
  readonly undo: () => unknown;
  /** The post step can do it as well, as long as it has the state. */
  readonly byPost?: true;
}

/** Takes everything back, each whatever becomes of the others. Throws a Failure where something had to stay. */
function takeBack(undone: readonly Undoing[], forget: () => void, reason: unknown): void {
  const failures: string[] = [];
  let leftToPost = false;
  const last: Undoing = { undo: () => leftToPost || forget() };
  for (const { undo, byPost = false } of [...undone, last]) {
    try {
      undo();
    } catch (error) {
      failures.push(messageOf(error));
      leftToPost ||= byPost;
    }
  }
  if (failures.length === 0) return;
  throw new Failure(
    'export-failed',
    `${messageOf(reason)} Not all of what was written before could be taken back (${failures.join('; ')}).`,
    { cause: reason, remedy: 'Treat the session as handed over: later steps of this job may see it until it ends.' },
  );
}

function planRelease(
  { exports, region }: Request,
  { session }: Handover,
  profiles: RequestedProfiles | undefined,
  buckets: BucketOutputs | undefined,
  env: Environment,
): Release {
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
    if (exports.profile !== undefined) variables['AWS_PROFILE'] = exports.profile;
  } else if (exports.unsetCurrent) {
    for (const name of [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'])
      if (env[name]) variables[name] = '';
  }
  Object.assign(variables, profiles?.variables);
  const outputs: Record<string, string> = {
    'aws-account-id': identity.account,
    'authenticated-arn': identity.arn,
    ...(expiration === '' ? {} : { 'aws-expiration': expiration }),
    ...(session.serial === undefined ? {} : { 'mfa-serial': session.serial }),
    ...profiles?.outputs,
    ...buckets?.outputs,
  };
  if (exports.outputs) {
    outputs['aws-access-key-id'] = credentials.accessKeyId;
    outputs['aws-secret-access-key'] = credentials.secretAccessKey;
    outputs['aws-session-token'] = credentials.sessionToken;
  }
  return { variables, outputs, bucketsFile: buckets?.file };
}

async function planBuckets({ report }: Handover, env: Environment): Promise<BucketOutputs | undefined> {
  if (report?.listed === undefined) return undefined;
  const { bucketOutputs } = await import('./bucket-outputs.ts');
  return bucketOutputs(report.listed, env);
}

/** What the post step needs to know of each variable. Values that may be put back are masked: state shows in debug logs. */
function exportedVariables(
  variables: Entries,
  profiles: RequestedProfiles | undefined,
  env: Environment,
  mask: Mask,
): readonly ExportedVariable[] {
  // A token beside a long-term key (AKIA…) is a leftover, and the key is still one that must not come back.
  const wasSession = Boolean(env['AWS_SESSION_TOKEN']) && !env['AWS_ACCESS_KEY_ID']?.startsWith('AKIA');
  return Object.entries(variables).map(([name, value]) => {
    const before = env[name] || undefined;
    const isKey = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN'].some((key) => key === name);
    const putBack = isKey && !wasSession ? undefined : before;
    // What is shorter is no key of AWS's (emulators take any), and as a mask would hide words by chance.
    if (isKey && putBack !== undefined && putBack.length >= 16) mask(putBack);
    return { name, ours: value, before: before && digest(before), putBack, unset: profiles?.unset[name] };
  });
}

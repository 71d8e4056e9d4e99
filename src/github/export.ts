import type { Clock, Environment, Session } from '../core/ports.ts';
import type { Request, Seal } from '../core/request.ts';
import type { BucketOutputs } from './bucket-outputs.ts';
import { appendEntries, commandFile, newDelimiter, notUndone } from './command-file.ts';
import type { Handover } from './handover.ts';
import type { Mask } from './masking.ts';
import { requireDelivery } from './output.ts';
import { exportedVariables, planRelease, type Release } from './release.ts';
import type { RequestedProfiles } from './requested-profiles.ts';
import { type ExportedVariable, formatUndo, STATE_NAME } from './state.ts';

/** What the export needs from the step. */
export interface ExportTools {
  readonly mask: Mask;
  /** All that was masked so far. */
  readonly masks: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly pause: Clock['sleep'];
  /** Called as soon as everything is exported. */
  readonly committed: () => void;
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
  { mask, masks, signal, pause, committed }: ExportTools,
): Promise<readonly string[]> {
  const { exports, seal } = request;
  const { session, roles } = handover;
  for (const { credentials, identity } of [session, ...roles]) {
    for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) mask(secret);
    if (exports.maskAccount) mask(identity.account);
  }
  const profiles = await prepareProfiles(request, handover, env, pause);
  try {
    const release = planRelease(request, session, profiles, await prepareBuckets(handover, env), env);
    const undoing = exportedVariables(release.variables, profiles, env, mask);
    // Behind the last mask: an output that a mask changes is dropped.
    const sealed = seal && { 'sealed-session': await sealFor(session, seal, masks) };
    await requireDelivery();
    signal.throwIfAborted();
    commit({ ...release, outputs: { ...release.outputs, ...sealed } }, undoing, profiles, env);
    committed();
    return Object.entries(release.variables)
      .filter(([, value]) => value !== '')
      .map(([name]) => name);
  } finally {
    profiles?.release();
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
  const { prepareRequested } = await import('./requested-profiles.ts');
  return prepareRequested(request, handover, env, pause);
}

async function prepareBuckets({ report }: Handover, env: Environment): Promise<BucketOutputs | undefined> {
  if (report?.listed === undefined) return undefined;
  const { bucketOutputs } = await import('./bucket-outputs.ts');
  return bucketOutputs(report.listed, env);
}

async function sealFor(session: Session, seal: Seal, masks: ReadonlySet<string>): Promise<string> {
  const { sealUnmasked } = await import('./seal-session.ts');
  return sealUnmasked(session, seal, masks);
}

function commit(
  release: Release,
  variables: readonly ExportedVariable[],
  profiles: RequestedProfiles | undefined,
  env: Environment,
): void {
  const delimiter = newDelimiter();
  const written = profiles && JSON.stringify(profiles.written);
  const remember = (undoing: readonly ExportedVariable[]): (() => void) => {
    // The post step gets a delimiter of its own: later steps can read this one in the runner's files.
    const state = formatUndo({ delimiter: newDelimiter(), variables: undoing, profiles: written });
    return appendEntries(commandFile(env, 'GITHUB_STATE'), { [STATE_NAME]: state }, delimiter);
  };
  const forget = remember(variables);
  const undone: Undoing[] = [];
  try {
    if (release.bucketsFile !== undefined) undone.push({ undo: release.bucketsFile.write() });
    if (profiles !== undefined) {
      undone.push({ undo: () => profiles.rollback(), byPost: true });
      profiles.commit();
    }
    undone.push({ undo: appendEntries(commandFile(env, 'GITHUB_OUTPUT'), release.outputs, delimiter) });
    undone.push({ undo: appendEntries(commandFile(env, 'GITHUB_ENV'), release.variables, delimiter) });
  } catch (error) {
    takeBack(
      undone.reverse(),
      (leftToPost) => {
        // No variable was exported, so none is to be taken back. The later entry counts; without room for it, the first one has to.
        if (leftToPost) remember([]);
        else forget();
      },
      error,
    );
    throw error;
  }
}

interface Undoing {
  readonly undo: () => void;
  /** The post step can do it as well, as long as it has the state. */
  readonly byPost?: true;
}

/**
 * Takes everything back, each whatever becomes of the others, and the state last. Throws a Failure where something had to stay.
 */
function takeBack(undone: readonly Undoing[], settle: (leftToPost: boolean) => void, reason: unknown): void {
  const stuck: unknown[] = [];
  let leftToPost = false;
  const last: Undoing = { undo: () => settle(leftToPost) };
  for (const { undo, byPost = false } of [...undone, last]) {
    try {
      undo();
    } catch (error) {
      stuck.push(error);
      leftToPost ||= byPost;
    }
  }
  if (stuck.length > 0) throw notUndone(reason, stuck);
}

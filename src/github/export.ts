import type { Clock, Environment, Session } from '../core/ports.ts';
import type { Request, Seal } from '../core/request.ts';
import type { BucketOutputs } from './bucket-outputs.ts';
import { appendEntries, commandFile, newDelimiter, notUndone } from './command-file.ts';
import { type ExportPlan, planExport } from './export-plan.ts';
import { requireDelivery } from './log.ts';
import type { Mask } from './masks.ts';
import type { Obtained } from './obtained.ts';
import type { RequestedProfiles } from './requested-profiles.ts';
import { type ExportedVariable, formatUndo, STATE_NAME } from './undo.ts';

/** What the export needs from the step. */
export interface ExportContext {
  readonly env: Environment;
  readonly mask: Mask;
  /** Everything that was masked so far. */
  readonly masks: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly pause: Clock['sleep'];
  /** Called as soon as everything is exported. */
  readonly committed: () => void;
}

/**
 * The one place that makes credentials visible: the profiles, the outputs, the environment, and before them the state with which the
 * post step undoes it. All of it or nothing: if anything fails, what was written before is undone. Returns the names of the exported
 * variables.
 *
 * Nothing is awaited between the first visible change and the last, so a signal can't interrupt it.
 */
export async function exportSession(
  request: Request,
  obtained: Obtained,
  { env, mask, masks, signal, pause, committed }: ExportContext,
): Promise<readonly string[]> {
  const { session, roles } = obtained;
  if (request.exports.maskAccount) for (const { identity } of [session, ...roles]) mask(identity.account);
  const profiles = await prepareProfiles(request, obtained, env, pause);
  try {
    const plan = planExport(request, obtained, profiles, await prepareBuckets(obtained, env), env, mask);
    // After the last mask: an output that a mask changes is dropped.
    const sealed = request.seal && { 'sealed-session': await sealFor(session, request.seal, masks) };
    await requireDelivery();
    signal.throwIfAborted();
    commit({ ...plan, outputs: { ...plan.outputs, ...sealed } }, env);
    committed();
    return Object.entries(plan.variables)
      .filter(([, value]) => value !== '')
      .map(([name]) => name);
  } finally {
    profiles?.release();
  }
}

/** Whether the request writes profiles; what that takes is loaded only then. */
export function hasProfiles({ exports, roles }: Request): boolean {
  return exports.profile !== undefined || roles !== undefined;
}

async function prepareProfiles(
  request: Request,
  obtained: Obtained,
  env: Environment,
  pause: Clock['sleep'],
): Promise<RequestedProfiles | undefined> {
  if (!hasProfiles(request)) return undefined;
  const { prepareRequested } = await import('./requested-profiles.ts');
  return prepareRequested(request, obtained, env, pause);
}

async function prepareBuckets({ report }: Obtained, env: Environment): Promise<BucketOutputs | undefined> {
  if (report?.listed === undefined) return undefined;
  const { bucketOutputs } = await import('./bucket-outputs.ts');
  return bucketOutputs(report.listed, env);
}

async function sealFor(session: Session, seal: Seal, masks: ReadonlySet<string>): Promise<string> {
  const { sealUnmasked } = await import('./sealing.ts');
  return sealUnmasked(session, seal, masks);
}

function commit({ variables, undo, outputs, bucketsFile, profiles }: ExportPlan, env: Environment): void {
  const delimiter = newDelimiter();
  const written = profiles && JSON.stringify(profiles.written);
  const remember = (exported: readonly ExportedVariable[]): (() => void) => {
    // The post step gets a different delimiter: later steps can read this one in the runner's files.
    const state = formatUndo({ delimiter: newDelimiter(), variables: exported, profiles: written });
    return appendEntries(commandFile(env, 'GITHUB_STATE'), { [STATE_NAME]: state }, delimiter);
  };
  const forget = remember(undo);
  const done: Done[] = [];
  try {
    if (bucketsFile !== undefined) done.push({ undo: bucketsFile.write() });
    if (profiles !== undefined) {
      done.push({ undo: () => profiles.rollback(), byPost: true });
      profiles.commit();
    }
    done.push({ undo: appendEntries(commandFile(env, 'GITHUB_OUTPUT'), outputs, delimiter) });
    done.push({ undo: appendEntries(commandFile(env, 'GITHUB_ENV'), variables, delimiter) });
  } catch (error) {
    undoAll(
      done.reverse(),
      (leftToPost) => {
        // No variable was exported, so none has to be restored. The later entry counts; without room for it, the first one has to do.
        if (leftToPost) remember([]);
        else forget();
      },
      error,
    );
    throw error;
  }
}

/** A change that was made, and how to undo it. */
interface Done {
  readonly undo: () => void;
  /** The post step can do it as well, as long as it has the state. */
  readonly byPost?: true;
}

/** Undoes everything, whatever becomes of the rest, and the state last. Throws a Failure if something has to stay. */
function undoAll(done: readonly Done[], settle: (leftToPost: boolean) => void, reason: unknown): void {
  const stuck: unknown[] = [];
  let leftToPost = false;
  const last: Done = { undo: () => settle(leftToPost) };
  for (const { undo, byPost = false } of [...done, last]) {
    try {
      undo();
    } catch (error) {
      stuck.push(error);
      leftToPost ||= byPost;
    }
  }
  if (stuck.length > 0) throw notUndone(reason, stuck);
}

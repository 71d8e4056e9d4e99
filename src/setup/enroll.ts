import { asFailure, endsStep, type Failure } from '../core/failure.ts';
import type { Enrollment, Made } from './enrollment.ts';
import { type EnrollmentPorts, EnrollmentRun } from './enrollment-run.ts';
import type { Step } from './plan.ts';
import { leftEarlier, replacedBy } from './remains.ts';
import type { Survey } from './survey.ts';
import type { Left, Thing } from './undo.ts';

/** How an enrollment ended. */
export type EnrollmentOutcome =
  /** `note`: why the user doesn't have the tags that say so. */
  | {
      readonly kind: 'done';
      readonly made: Made;
      readonly note: Failure | undefined;
      /** What an earlier enrollment made that this one replaces. Jobs that run may still use it. */
      readonly replaced: readonly Thing[];
    }
  /** Nothing was stored, and what was made is gone, except for what is left. */
  | {
      readonly kind: 'taken-back';
      readonly failure: Failure;
      readonly taken: readonly Thing[];
      readonly left: readonly Left[];
      /** What an earlier enrollment left that wasn't completed, and this one hasn't removed. */
      readonly earlier: readonly Thing[];
    }
  /** Something was stored, so everything stays. The same enrollment once more completes it. */
  | { readonly kind: 'incomplete'; readonly failure: Failure; readonly written: readonly string[] };

/**
 * Carries out a plan. Before a secret is stored, a failure takes back what was made. After that, everything stays, and a signal no longer
 * ends it: the rest takes seconds.
 */
export async function enroll(
  enrollment: Enrollment,
  steps: readonly Step[],
  found: Survey,
  ports: EnrollmentPorts,
): Promise<EnrollmentOutcome> {
  const run = new EnrollmentRun(enrollment, found, ports);
  try {
    for (const step of steps) {
      ports.announce(step);
      await run.take(step).catch((error: unknown) => {
        if (run.written.size === 0 || !endsStep(asFailure(error))) throw error;
        ports.outlive();
        return run.take(step);
      });
    }
    ports.note.end();
    const made = run.made();
    return { kind: 'done', made, note: run.note, replaced: replacedBy(made, found, run.removed) };
  } catch (error) {
    const failure = asFailure(error);
    if (run.written.size > 0) return { kind: 'incomplete', failure, written: [...run.written] };
    ports.outlive();
    const undone = await run.undo.run();
    if (undone.left.length === 0) ports.note.end();
    return { kind: 'taken-back', failure, ...undone, earlier: leftEarlier(enrollment, found, run.removed) };
  }
}

/** Says of a run what was asserted and whether it held: by act, by the workflow's own checks, and from outside. */
import type { CaseRun, Check } from './case.ts';
import type { Plan } from './plan.ts';

/** One sentence that held, or did not. */
export interface Verdict {
  readonly what: string;
  /** Undefined where it held. */
  readonly problem: string | undefined;
}

// `[workflow/job]   ✅  Success - Main NAME [1.2s]`, `[workflow/job] 🏁  Job succeeded`. What a step prints stands behind `   | `,
// so it cannot pass for one of these.
// Gitea's act leaves the time out.
const STEP = /^\[[^\]]+\]\s+✅\s+Success - Main (.+?)(?: \[[^[\]]+s\])?$/u;
const JOB = /^\[[^\]]+\]\s+🏁\s+Job (succeeded|failed)$/u;

/** What act says: every job has run and ended well, and in them every check step has. */
export function judgeByLog(plan: Plan, exitCode: number | null, log: string): readonly Verdict[] {
  const lines = log.split('\n');
  const results = lines.flatMap((line) => JOB.exec(line)?.[1] ?? []);
  const steps = lines.flatMap((line) => STEP.exec(line)?.[1] ?? []);
  return [judgeJobs(plan, exitCode, results), ...judgeChecks(plan, steps)];
}

function judgeJobs({ jobs }: Plan, exitCode: number | null, results: readonly string[]): Verdict {
  const succeeded = results.filter((result) => result === 'succeeded').length;
  const good = exitCode === 0 && succeeded === jobs && results.length === jobs;
  return {
    what: jobs === 1 ? 'the job succeeds' : `all ${jobs} jobs succeed`,
    problem: good ? undefined : `${succeeded} of ${results.length} jobs succeeded, and act's exit code was ${exitCode}`,
  };
}

function judgeChecks({ checks }: Plan, steps: readonly string[]): readonly Verdict[] {
  return [...checks].map(([name, expected]) => {
    const times = steps.filter((step) => step === name).length;
    const problem = times === expected ? undefined : `the step succeeded ${times} time(s), not ${expected}`;
    return { what: name.replace(/^Check: /, ''), problem };
  });
}

/** What only this side can see. A check that cannot look at what should be there has not held either. */
export function judgeFromOutside(checks: readonly Check[], run: CaseRun): readonly Verdict[] {
  return checks.map(({ what, holds }) => {
    try {
      holds(run);
      return { what, problem: undefined };
    } catch (error) {
      return { what, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

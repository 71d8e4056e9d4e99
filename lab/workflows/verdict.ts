/** The verdicts on a run: from act, from the workflow's own checks, and from our checks from outside. */
import type { CaseRun, Check } from './case.ts';
import type { Plan } from './plan.ts';

/** What was checked, as a sentence, and whether it's true. */
export interface Verdict {
  readonly what: string;
  /** Undefined if it's true. */
  readonly problem: string | undefined;
}

// `[workflow/job]   ✅  Success - Main NAME [1.2s]`, `[workflow/job] 🏁  Job succeeded`. act puts `   | ` before what a step prints,
// so that can't look like one of these. Gitea's act leaves out the time.
const STEP = /^\[[^\]]+\]\s+✅\s+Success - Main (.+?)(?: \[[^[\]]+s\])?$/u;
const JOB = /^\[[^\]]+\]\s+🏁\s+Job (succeeded|failed)$/u;

/** From act's log: every job succeeded, and every check step in it. */
export function verdictsFromLog(plan: Plan, exitCode: number | null, log: string): readonly Verdict[] {
  const lines = log.split('\n');
  const results = lines.flatMap((line) => JOB.exec(line)?.[1] ?? []);
  const steps = lines.flatMap((line) => STEP.exec(line)?.[1] ?? []);
  return [verdictOnJobs(plan, exitCode, results), ...verdictsOnChecks(plan, steps)];
}

function verdictOnJobs({ jobs }: Plan, exitCode: number | null, results: readonly string[]): Verdict {
  const succeeded = results.filter((result) => result === 'succeeded').length;
  const allSucceeded = exitCode === 0 && succeeded === jobs && results.length === jobs;
  return {
    what: jobs === 1 ? 'the job succeeds' : `all ${jobs} jobs succeed`,
    problem: allSucceeded
      ? undefined
      : `${succeeded} of ${results.length} jobs succeeded, and act's exit code was ${exitCode}`,
  };
}

function verdictsOnChecks({ checks }: Plan, steps: readonly string[]): readonly Verdict[] {
  return [...checks].map(([name, expected]) => {
    const times = steps.filter((step) => step === name).length;
    const problem = times === expected ? undefined : `the step succeeded ${times} time(s), not ${expected}`;
    return { what: name.replace(/^Check: /, ''), problem };
  });
}

/** From our checks. A check that doesn't find what it looks at has failed, too. */
export function verdictsFromChecks(checks: readonly Check[], run: CaseRun): readonly Verdict[] {
  return checks.map(({ what, holds }) => {
    try {
      holds(run);
      return { what, problem: undefined };
    } catch (error) {
      return { what, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

import * as core from '@actions/core';
import { Failure, messageOf } from '../core/failure.ts';
import { isTrue } from '../inputs/fields.ts';
import { entryOf, explain } from '../inputs/messages/catalogue.ts';
import { explainProblem } from '../inputs/messages/problems.ts';
import { withVariables } from '../inputs/messages/wording.ts';
import type { RawInputs } from '../inputs/names.ts';
import type { Problem } from '../inputs/problem.ts';
import { maskAccountsIn } from './accounts.ts';
import type { FailureReport } from './failure-summary.ts';
import { log, neutralise } from './log.ts';
import { type Mask, redact } from './masking.ts';
import { WORDING } from './wording.ts';

/** Where a failure goes beside the annotation: the job summary, with what must not show in it. */
export interface FailureSummary {
  readonly path: string;
  readonly masks: ReadonlySet<string>;
}

/** All that is wrong with the inputs, in one annotation; without the accounts that they name, if those are to be masked. */
export function reportProblems(
  problems: readonly Problem[],
  inputs: RawInputs,
  mask: Mask,
  summary?: FailureSummary,
): Promise<void> {
  // One variable may stand in for several inputs.
  const words = withVariables(WORDING, inputs.variables);
  const lines = [...new Set(problems.map((problem) => explainProblem(problem, words)))];
  if (isTrue(inputs, 'mask-aws-account-id')) for (const line of lines) maskAccountsIn(line, mask);
  const failure = new Failure('invalid-input', { count: lines.length });
  if (lines.length === 1) return report(failure, lines, summary);
  return report(failure, [explain(failure, WORDING).message, ...lines.map((line) => `- ${line}`)], summary);
}

/** What ended the step, in one annotation. Only a `Failure` was foreseen. */
export function reportFailure(error: unknown, summary?: FailureSummary): Promise<void> {
  const failure =
    error instanceof Failure ? error : new Failure('unexpected', { error: messageOf(error) }, { cause: error });
  return report(failure, [explain(failure, WORDING).message], summary);
}

/**
 * What happened, what to do, and where to read more: as an annotation, and in the job summary if that is on. The stack only with
 * debug logging on.
 */
async function report(failure: Failure, lines: readonly string[], summary: FailureSummary | undefined): Promise<void> {
  const { code } = failure;
  const told: FailureReport = { lines, remedy: explain(failure, WORDING).remedy, code, url: entryOf(code) };
  // The code is the annotation's title: docs/troubleshooting.md has an entry for each.
  core.error([...lines, told.remedy, told.url].map(neutralise).join('\n'), { title: code });
  if (core.isDebug()) {
    for (let error: unknown = failure; error instanceof Error; error = error.cause) {
      for (const line of (error.stack ?? error.message).split('\n')) core.debug(neutralise(redact(line)));
    }
  }
  if (summary !== undefined) await summarise(told, summary);
}

/** The summary is an extra: the step ends as it would without it. */
async function summarise(told: FailureReport, { path, masks }: FailureSummary): Promise<void> {
  try {
    const [{ renderFailure }, { writeSummary }] = await Promise.all([
      import('./failure-summary.ts'),
      import('./summary.ts'),
    ]);
    writeSummary(path, renderFailure(told, masks));
  } catch (error) {
    log.warning(`The job summary could not be written (${messageOf(error)}).`);
  }
}

import * as core from '@actions/core';
import { asFailure, Failure, messageOf } from '../core/failure.ts';
import { isTrue } from '../inputs/fields.ts';
import { entryOf, explain } from '../inputs/messages/catalogue.ts';
import { explainProblem } from '../inputs/messages/problems.ts';
import { withVariables } from '../inputs/messages/wording.ts';
import type { RawInputs } from '../inputs/names.ts';
import type { Problem } from '../inputs/problem.ts';
import { log, neutralise } from './log.ts';
import { type Mask, maskAccountsIn, redact } from './masks.ts';
import type { FailureReport } from './summary.ts';
import { WORDING } from './wording.ts';

/** The job summary, if a failure is shown there as well as in the annotation, and what must not show in it. */
export interface FailureSummary {
  readonly path: string;
  readonly masks: ReadonlySet<string>;
}

/** All problems with the inputs, in one annotation; without the accounts that they name, if those are masked. */
export function reportProblems(
  problems: readonly Problem[],
  inputs: RawInputs,
  mask: Mask,
  summary?: FailureSummary,
): Promise<void> {
  // One variable may replace several inputs.
  const words = withVariables(WORDING, inputs.variables);
  const lines = [...new Set(problems.map((problem) => explainProblem(problem, words)))];
  if (isTrue(inputs, 'mask-aws-account-id')) for (const line of lines) maskAccountsIn(line, mask);
  const failure = new Failure('invalid-input', { count: lines.length });
  if (lines.length === 1) return report(failure, lines, summary);
  return report(failure, [explain(failure, WORDING).message, ...lines.map((line) => `- ${line}`)], summary);
}

/** What ended the step, in one annotation. */
export function reportFailure(error: unknown, summary?: FailureSummary): Promise<void> {
  const failure = asFailure(error);
  return report(failure, [explain(failure, WORDING).message], summary);
}

/**
 * What happened, what to do, and where to read more: as an annotation, and in the job summary if that is on. With debug logging on,
 * also the stack and the facts.
 */
async function report(failure: Failure, lines: readonly string[], summary: FailureSummary | undefined): Promise<void> {
  const { code } = failure;
  const shown: FailureReport = { lines, remedy: explain(failure, WORDING).remedy, code, url: entryOf(code) };
  // The code is the annotation's title: docs/troubleshooting.md has an entry for each.
  core.error([...lines, shown.remedy, shown.url].map(neutralise).join('\n'), { title: code });
  if (core.isDebug()) {
    for (let error: unknown = failure; error instanceof Error; error = error.cause) {
      for (const line of (error.stack ?? error.message).split('\n')) core.debug(neutralise(redact(line)));
      if (error instanceof Failure) core.debug(neutralise(redact(JSON.stringify(error.facts))));
    }
  }
  if (summary !== undefined) await summarise(shown, summary);
}

/** The summary is an extra: the step ends as it would without it. */
async function summarise(shown: FailureReport, { path, masks }: FailureSummary): Promise<void> {
  try {
    const { renderFailure, writeSummary } = await import('./summary.ts');
    writeSummary(path, renderFailure(shown, masks));
  } catch (error) {
    log.warning(`The job summary couldn't be written (${messageOf(error)}).`);
  }
}

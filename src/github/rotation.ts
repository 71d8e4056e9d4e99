import * as core from '@actions/core';
import { Failure, messageOf } from '../core/failure.ts';
import { explain } from '../inputs/messages/catalogue.ts';
import { explainProblem } from '../inputs/messages/problems.ts';
import { explainRotationProblem } from '../inputs/messages/rotation-problems.ts';
import type { RotationReport } from '../inputs/messages/rotation-report.ts';
import { withVariables } from '../inputs/messages/wording.ts';
import type { RawInputs } from '../inputs/names.ts';
import type { Problem } from '../inputs/problem.ts';
import {
  type RawRotation,
  ROTATION_INPUT_NAMES,
  type RotationInput,
  type RotationProblem,
} from '../inputs/rotation.ts';
import { log, neutralise, sayError } from './log.ts';
import type { Mask } from './masks.ts';
import type { FailureSummary } from './report.ts';
import { renderRotation, writeSummary } from './summary.ts';
import { WORDING } from './wording.ts';

// What the sub-action `rotate` reads from the runner, and what it shows there.

/** Reads the inputs that only the sub-action has. No variable replaces them: their names are too common. Masks the token. */
export function readRotationInputs(mask: Mask): RawRotation {
  const entries = ROTATION_INPUT_NAMES.map((name): [RotationInput, string] => [name, core.getInput(name)]);
  const raw = Object.fromEntries(entries) as Record<RotationInput, string>;
  mask(raw['github-token']);
  return raw;
}

/** All problems with the inputs, in one annotation. */
export function reportRotationProblems(
  problems: readonly RotationProblem[],
  others: readonly Problem[],
  { variables }: RawInputs,
): void {
  const words = withVariables(WORDING, variables);
  const lines = new Set([
    ...problems.map((problem) => explainRotationProblem(problem, WORDING.emptySecret ?? '')),
    ...others.map((problem) => explainProblem(problem, words)),
  ]);
  const { message } = explain(new Failure('invalid-input', { count: lines.size }), WORDING);
  const shown = lines.size === 1 ? [...lines] : [message, ...[...lines].map((line) => `- ${line}`)];
  core.error([...shown, DOCUMENT].map(neutralise).join('\n'), { title: 'invalid-input' });
}

const DOCUMENT = 'https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/rotation.md';

/** What a run shows, and passes on. */
export interface RotationResult {
  readonly report: RotationReport;
  readonly outputs: { readonly rotated: string; readonly keyAgeDays: number | undefined };
}

/** Shows a run in the log, and what a person has to do also as annotations and in the job summary. Sets the outputs. */
export function showRotation({ report, outputs }: RotationResult, { path, masks }: FailureSummary): void {
  const { lines, alarms, next } = report;
  for (const line of lines) log.info(line);
  core.setOutput('rotated', outputs.rotated);
  core.setOutput('key-age-days', outputs.keyAgeDays ?? '');
  core.setOutput('next', next);
  for (const { level, text } of alarms) {
    if (level === 'error') sayError(text);
    else log[level](text);
  }
  if (alarms.length === 0 || path === '') return;
  try {
    writeSummary(path, renderRotation({ alarms: alarms.map(({ text }) => text), lines, document: DOCUMENT }, masks));
  } catch (error) {
    log.warning(`The job summary couldn't be written (${messageOf(error)}).`);
  }
}

import * as core from '@actions/core';
import { Failure } from '../core/failure.ts';
import type { Reporter } from '../core/ports.ts';
import type { Problem } from '../core/request/inputs.ts';
import { withoutCodes } from './masking.ts';

/**
 * Makes text from outside harmless in a log: the runner takes `::name::` at the start of a line and `##[name]` anywhere in it
 * for a command, so both are taken apart, and so is whatever could begin a line of its own or turn the text around. Codes that were
 * sent are taken out: some odd answers repeat them.
 */
export function neutralise(text: string): string {
  return withoutCodes(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replaceAll('##[', '# #[')
    .replace(/^\s*::/, ': :');
}

/** Prints to the step's log; every line is neutralised, whatever it is made of. */
export const reporter: Reporter = {
  info(line) {
    core.info(neutralise(line));
  },
  warning(line) {
    core.warning(neutralise(line));
  },
};

/** All that is wrong with the inputs, in one annotation. */
export function reportProblems(problems: readonly Problem[]): Promise<void> {
  const lines = problems.map(({ input, message }) => `${input} ${message}.`);
  const [first = ''] = lines;
  const message = lines.length === 1 ? first : `${lines.length} inputs are wrong.`;
  return reportFailure(
    new Failure('invalid-input', message),
    lines.length === 1 ? lines : [message, ...lines.map((line) => `- ${line}`)],
  );
}

/** One annotation that says what happened and what to do, and an exit code of 1. The stack only with debug logging on. */
export async function reportFailure(failure: Failure, lines: readonly string[] = [failure.message]): Promise<void> {
  const { remedyOf } = await import('../core/remedies.ts');
  process.exitCode = core.ExitCode.Failure;
  // The code is the annotation's title: docs/troubleshooting.md has an entry for each.
  core.error([...lines, remedyOf(failure)].map(neutralise).join('\n'), { title: failure.code });
  if (core.isDebug()) {
    for (let error: unknown = failure; error instanceof Error; error = error.cause) {
      for (const line of (error.stack ?? error.message).split('\n')) core.debug(neutralise(line));
    }
  }
}

import { asFailure } from '../core/failure.ts';
import type { Reporter } from '../core/ports.ts';
import { entryOf, explain } from '../inputs/messages/catalogue.ts';
import { wordInputNotice, wordNotice } from '../inputs/messages/notices.ts';
import { explainProblem } from '../inputs/messages/problems.ts';
import { withVariables } from '../inputs/messages/wording.ts';
import type { RawInputs } from '../inputs/names.ts';
import type { InputNotice, Problem } from '../inputs/problem.ts';
import type { KnownSecrets } from './secrets.ts';
import { UsageError } from './values.ts';
import { WORDING } from './wording.ts';

// What a person reads, on standard error: standard output belongs to what was requested.

/** Prints lines. */
export interface Screen {
  say(line: string): void;
  /** Prints lines of a longer text, as they are. */
  show(text: string): void;
}

/** Standard error, without secrets and without what could steer a terminal. */
export function screenOn(stream: NodeJS.WritableStream, { redact }: Pick<KnownSecrets, 'redact'>): Screen {
  return {
    say(line) {
      stream.write(`aws-mfa-credentials: ${redact(line).replace(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ')}\n`);
    },
    show(text) {
      stream.write(redact(text).replace(/[^\n\P{Cc}]+|\p{Bidi_Control}+/gu, ' '));
    },
  };
}

/** Shows what happens on the way to a session. */
export function reporterOn(screen: Screen): Reporter {
  return {
    async note(notice) {
      screen.say((await wordNotice(notice, WORDING)).text);
    },
  };
}

/** Shows what there is to know about the inputs. */
export function sayInputNotices(notices: readonly InputNotice[], inputs: RawInputs, screen: Screen): void {
  for (const notice of notices) screen.say(wordInputNotice(notice, withVariables(WORDING, inputs.variables)).text);
}

/** Shows everything that is wrong with the inputs. */
export function sayProblems(problems: readonly Problem[], inputs: RawInputs, screen: Screen): void {
  const words = withVariables(WORDING, inputs.variables);
  for (const line of new Set(problems.map((problem) => explainProblem(problem, words)))) screen.say(line);
}

/** Shows what ended the command, and what to do. */
export function sayFailure(error: unknown, screen: Screen): void {
  const usage = error instanceof Error && error.cause instanceof UsageError ? error.cause : error;
  if (usage instanceof UsageError) {
    screen.say(usage.message);
    return;
  }
  const failure = asFailure(error);
  const { message, remedy } = explain(failure, WORDING);
  for (const line of [message, remedy, entryOf(failure.code)]) screen.say(line);
}

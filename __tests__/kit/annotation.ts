import { expect } from '@jest/globals';
import type { StepResult } from '../../lab/runner/job.ts';
import type { FailureCode } from '../../src/core/failure.ts';

/** What a failed step tells people: the annotation's title, and the parts of its text. */
export interface Annotation {
  readonly code: string;
  /** What happened. Several lines if several inputs are wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Where more is said about this code. */
  readonly url: string;
  /** All of it, as the runner shows it. */
  readonly text: string;
}

/** The entry of a failure in the documentation. */
export function linkTo(code: string): string {
  return `https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#${code}`;
}

/** The only annotation of a step that failed. */
export function annotationOf({ stdout, commands }: Pick<StepResult, 'stdout' | 'commands'>): Annotation {
  const titles = Array.from(stdout.matchAll(/^::error title=([a-z-]+)::/gm), ([, title = '']) => title);
  const texts = commands.filter(({ name }) => name === 'error').map(({ message }) => message);
  expect({ stdout, titles: titles.length, texts: texts.length }).toEqual({ stdout, titles: 1, texts: 1 });
  const [code = ''] = titles;
  const lines = (texts[0] ?? '').split('\n');
  const [remedy = '', url = ''] = lines.splice(-2);
  expect({ remedy, url }).toEqual({ remedy: expect.stringMatching(/\S/), url: linkTo(code) });
  return { code, message: lines.join('\n'), remedy, url, text: texts.join() };
}

/** The failure has this code, and its message names these facts. Its words are asserted in the golden file of messages. */
export function expectFailure(
  { code, message }: Pick<Annotation, 'code' | 'message'>,
  expected: FailureCode,
  ...facts: readonly string[]
): void {
  const missing = facts.filter((fact) => !message.includes(fact));
  expect({ code, message, missing }).toEqual({ code: expected, message, missing: [] });
}

/** Matches a line or a message that names all of these facts, in whatever words. */
export function naming(...facts: readonly string[]): unknown {
  const all = facts.map((fact) => `(?=.*${fact.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`);
  return expect.stringMatching(new RegExp(`^${all.join('')}`, 's'));
}

import { expect } from '@jest/globals';
import type { StepResult } from '../../lab/runner/job.ts';

// Each annotation ends with a link to its entry in the documentation. It is checked here, once, and taken off.

/** The entry of a failure. */
export function linkTo(code: string): string {
  return `https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#${code}`;
}

/** The result of a step without the last line of its annotation, which must be the link. Unchanged if it did not fail. */
export function withoutLink(result: StepResult): StepResult {
  const [, code] = /^::error title=([a-z-]+)::/m.exec(result.stdout) ?? [];
  if (code === undefined) return result;
  const link = linkTo(code);
  const errors = result.commands.filter(({ name }) => name === 'error').map(({ message }) => message);
  expect(errors.map((message) => message.split('\n').at(-1))).toEqual([link]);
  return {
    ...result,
    lines: result.lines.filter((line) => line !== link),
    commands: result.commands.map(({ name, message }) => ({
      name,
      message: name === 'error' ? message.slice(0, -`\n${link}`.length) : message,
    })),
  };
}

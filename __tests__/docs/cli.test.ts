import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/shell/program.ts';
import { fencesOf, read } from './markdown.ts';

const PAGE = read('docs/cli.md');
const COMMAND = 'aws-mfa-credentials ';

/** The commands in code blocks, in a profile and in the table of ways to give a secret. */
const COMMANDS = [
  ...fencesOf(PAGE).map(({ text }) => text),
  ...PAGE.split('\n').filter((line) => line.startsWith('| ')),
]
  .join('\n')
  .split('\n')
  .flatMap((line) => {
    const start = line.indexOf(COMMAND);
    if (start < 0 || line.startsWith('npx ')) return [];
    return [line.slice(start + COMMAND.length).replace(/(?: 3< |\)"|` \|).*$/, '')];
  });

describe('docs/cli.md: the command line is valid:', () => {
  test.each(COMMANDS)('%s', (command) => {
    expect(readCommandLine(command.split(' '), '1.2.3').kind).not.toBe('nothing');
  });

  test('all commands are among them', () => {
    const kinds = COMMANDS.map((command) => readCommandLine(command.split(' '), '1.2.3').kind);
    expect([...new Set(kinds)].toSorted()).toEqual([
      'cache-clear',
      'check',
      'credential-process',
      'enroll',
      'env',
      'exec',
      'revoke',
      'rotate',
      'seal',
      'unenroll',
      'whoami',
    ]);
  });
});

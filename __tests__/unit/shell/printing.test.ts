import { describe, expect, test } from '@jest/globals';
import { namesOfCis } from '../../../src/shell/ci.ts';
import { CIS } from '../../../src/shell/ci-table.ts';
import { type Destination, permit } from '../../../src/shell/printing.ts';

const CAREFUL: Destination = { format: 'sh', ci: undefined, output: 'default', printing: 'careful' };

describe('values are printed', () => {
  test.each(['github', 'azure', 'buildkite'] as const)('on %s, once they are masked', (ci) => {
    expect(permit({ ...CAREFUL, ci })).toEqual({ permitted: true, to: 'stdout', masks: CIS[ci].masks });
  });

  test.each(namesOfCis().filter((ci) => CIS[ci].prints !== 'once masked'))('on %s only if the user insists', (ci) => {
    expect(permit({ ...CAREFUL, ci })).toEqual({
      permitted: false,
      refusal: { reason: 'not-masked', format: 'sh', ci },
    });
    expect(permit({ ...CAREFUL, ci, printing: 'insisted' })).toEqual({
      permitted: true,
      to: 'stdout',
      masks: CIS[ci].masks,
    });
  });

  test('on a laptop only if the user insists', () => {
    expect(permit(CAREFUL)).toEqual({
      permitted: false,
      refusal: { reason: 'not-masked', format: 'sh', ci: undefined },
    });
    expect(permit({ ...CAREFUL, printing: 'insisted' })).toEqual({
      permitted: true,
      to: 'stdout',
      masks: { kind: 'none' },
    });
  });
});

describe('Azure’s commands', () => {
  test('mask by themselves on Azure', () => {
    expect(permit({ ...CAREFUL, format: 'azure', ci: 'azure' })).toEqual({
      permitted: true,
      to: 'stdout',
      masks: { kind: 'none' },
    });
  });

  test('are secrets in the log of any other CI, which masks them as always', () => {
    expect(permit({ ...CAREFUL, format: 'azure', ci: 'gitlab' }).permitted).toBe(false);
    expect(permit({ ...CAREFUL, format: 'azure' }).permitted).toBe(false);
    expect(permit({ ...CAREFUL, format: 'azure', ci: 'github' })).toMatchObject({ masks: CIS.github.masks });
  });
});

describe('the format of GITHUB_ENV', () => {
  test.each(['github', 'forgejo', 'gitea'] as const)('goes to that file on %s, without insisting', (ci) => {
    expect(permit({ ...CAREFUL, format: 'github', ci })).toEqual({
      permitted: true,
      to: 'GITHUB_ENV',
      masks: CIS[ci].masks,
    });
  });

  test.each(['gitlab', undefined] as const)('is refused without such a file, whoever insists: %s', (ci) => {
    expect(permit({ ...CAREFUL, format: 'github', ci, printing: 'insisted' })).toEqual({
      permitted: false,
      refusal: { reason: 'no-command-file', ci, known: ['github', 'forgejo', 'gitea'] },
    });
  });
});

test.each([undefined, ...namesOfCis()])('a file is written anywhere, and masked where that is possible: %s', (ci) => {
  for (const format of ['sh', 'github', 'azure'] as const)
    expect(permit({ ...CAREFUL, ci, format, output: 'file' })).toEqual({
      permitted: true,
      to: 'file',
      masks: ci === undefined ? { kind: 'none' } : CIS[ci].masks,
    });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { reportFailure, reportProblems } from '../../../src/github/report.ts';

/** What was written to standard output, where the runner reads, with `\n` for the line ends of any system. */
let output = '';

beforeEach(() => {
  output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text).replaceAll(EOL, '\n');
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env['RUNNER_DEBUG'];
});

describe('a failure', () => {
  const failure = new Failure('network', { call: 'GetSessionToken', reason: 'silent', error: '##[error] odd\n::x::' });

  test('is one annotation of what happened, what to do and where to read more, under the name that it has in the documentation', async () => {
    await reportFailure(failure);
    expect(output).toBe(
      '::error title=network::GetSessionToken: no answer (# #[error] odd ::x::).%0ACheck that the runner can reach the endpoint: DNS, firewall, proxy (http-proxy, no-proxy), sts-endpoint.%0Ahttps://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#network\n',
    );
  });

  test('goes into the job summary if that is on, without what is masked and without markup from outside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    try {
      const summary = {
        path: join(folder, 'summary.md'),
        masks: new Set(['111122223333', 'p|w_<d', 'first\n second ']),
      };
      writeFileSync(summary.path, '');
      const error = '111122223333 says | <b>no</b>\n## and p|w_<d, second.';
      await reportFailure(new Failure('unexpected', { call: 'GetSessionToken', error }), summary);
      expect(readFileSync(summary.path, 'utf8')).toBe(
        [
          '### AWS credentials with MFA: failed',
          '',
          '| **What happened** | GetSessionToken: &#42;&#42;&#42; says &#124; &#60;b&#62;no&#60;/b&#62; &#35;&#35; and &#42;&#42;&#42;, &#42;&#42;&#42;. |',
          '| :-- | :-- |',
          '| **What to do** | This is a bug. Please open an issue and attach the debug log. |',
          '| **More** | [unexpected](https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#unexpected) |',
          '',
          '',
        ].join('\n'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('costs no more than a warning if that summary cannot be written', async () => {
    await reportFailure(failure, { path: tmpdir(), masks: new Set() });
    expect(output.split('\n').slice(1)).toEqual([
      '::warning::The job summary could not be written (it is something that is not a plain file).',
      '',
    ]);
  });

  test('that nobody foresaw is one too', async () => {
    await reportFailure(new TypeError('x is not a function'));
    expect(output).toMatch(/^::error title=unexpected::x is not a function%0A/);
  });

  test('shows no stack', async () => {
    await reportFailure(failure);
    expect(output).not.toContain('    at ');
  });

  test('shows its stack and its causes with debug logging on, each line harmless', async () => {
    process.env['RUNNER_DEBUG'] = '1';
    const cause = new Error('##[error] the cause');
    await reportFailure(new Failure('cancelled', 'It failed.', { cause }));
    const debug = output.split('\n').filter((line) => line.startsWith('::debug::'));
    expect(debug[0]).toBe('::debug::Failure: It failed.');
    expect(debug).toContain('::debug::Error: # #[error] the cause');
    expect(output).not.toContain('##[');
  });
});

describe('what is wrong with the inputs', () => {
  test('is a sentence where it is one thing', async () => {
    await reportProblems([{ input: 'aws-region', message: 'is missing' }]);
    expect(output).toBe(
      '::error title=invalid-input::aws-region is missing.%0ACorrect the inputs named above. Nothing was sent to AWS, and nothing was exported.%0Ahttps://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#invalid-input\n',
    );
  });

  test('is a list where there is more, with its length before it', async () => {
    await reportProblems([
      { input: 'aws-region', message: 'is missing' },
      { input: 'mfa-seed', message: 'is "::x\n::"' },
    ]);
    expect(output).toBe(
      '::error title=invalid-input::2 problems with the inputs.%0A- aws-region is missing.%0A- mfa-seed is "::x ::".%0ACorrect the inputs named above. Nothing was sent to AWS, and nothing was exported.%0Ahttps://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#invalid-input\n',
    );
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { startMasking } from '../../../src/github/masks.ts';
import { reportFailure, reportProblems } from '../../../src/github/report.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { rawInputs } from '../../kit/raw-inputs.ts';
import { parse, WITH_SEED } from '../../kit/requests.ts';
import { catchStdout } from '../../kit/stdout.ts';

const stdout = catchStdout();

afterEach(() => {
  delete process.env['RUNNER_DEBUG'];
});

describe('a failure', () => {
  const failure = new Failure('network', { call: 'GetSessionToken', reason: 'silent', error: '##[error] odd\n::x::' });

  test('is one annotation of what happened, what to do and where to read more; its title is the heading in the documentation', async () => {
    await reportFailure(failure);
    expect(stdout.text).toBe(
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

  test('causes only a warning if that summary cannot be written', async () => {
    await reportFailure(failure, { path: tmpdir(), masks: new Set() });
    expect(stdout.text.split('\n').slice(1)).toEqual([
      "::warning::The job summary couldn't be written (it isn't a regular file).",
      '',
    ]);
  });

  test('that is a bug is one too', async () => {
    await reportFailure(new TypeError('x is not a function'));
    expect(stdout.text).toMatch(/^::error title=unexpected::x is not a function%0A/);
  });

  test('shows no stack', async () => {
    await reportFailure(failure);
    expect(stdout.text).not.toContain('    at ');
  });

  test('shows its stack and its causes with debug logging on, each line harmless', async () => {
    process.env['RUNNER_DEBUG'] = '1';
    const cause = new Error('##[error] the cause');
    await reportFailure(new Failure('cancelled', { signal: 'SIGINT' }, { cause }));
    const debug = stdout.text.split('\n').filter((line) => line.startsWith('::debug::'));
    expect(debug[0]).toBe('::debug::Failure: cancelled');
    expect(debug).toContain('::debug::Error: # #[error] the cause');
    expect(stdout.text).not.toContain('##[');
  });

  test('shows its facts with debug logging on, without masked secrets', async () => {
    process.env['RUNNER_DEBUG'] = '1';
    startMasking().mask('wJalrXUtnFEMI');
    await reportFailure(new Failure('unexpected', { call: 'AssumeRole', error: 'wJalrXUtnFEMI is odd' }));
    const debug = stdout.text.split('\n').filter((line) => line.startsWith('::debug::'));
    expect(debug).toContain('::debug::{"call":"AssumeRole","error":"*** is odd"}');
  });
});

describe('problems with the inputs', () => {
  const REST =
    '%0ACorrect the inputs named above. Nothing was sent to AWS, and nothing was exported.%0Ahttps://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v1/docs/troubleshooting.md#invalid-input\n';

  async function reported(given: Partial<RawInputs>): Promise<{ readonly masked: readonly string[] }> {
    const parsed = await parse(given);
    const masked: string[] = [];
    await reportProblems(parsed.ok ? [] : parsed.problems, rawInputs(given), (secret) => masked.push(secret));
    return { masked };
  }

  test('are a sentence if there is one', async () => {
    await reported({ ...WITH_SEED, summary: '::x\n::' });
    expect(stdout.text).toBe(`::error title=invalid-input::summary must be true or false, not "::x ::".${REST}`);
  });

  test('are a list if there are more, with their number before it', async () => {
    await reported({ ...WITH_SEED, summary: 'yes', 'list-buckets': 'no' });
    expect(stdout.text).toBe(
      `::error title=invalid-input::2 problems with the inputs.%0A- list-buckets must be true or false, not "no".%0A- summary must be true or false, not "yes".${REST}`,
    );
  });

  test('are one if one variable stands in for several inputs, with its name', async () => {
    await reported({
      ...WITH_SEED,
      'sts-endpoint': 'minio',
      's3-endpoint': 'minio',
      'list-buckets': 'true',
      variables: { 'sts-endpoint': 'AWS_ENDPOINT_URL', 's3-endpoint': 'AWS_ENDPOINT_URL' },
    });
    expect(stdout.text).toMatch(/^::error title=invalid-input::AWS_ENDPOINT_URL isn't a URL\./);
  });

  test('mention other inputs by the names of their variables as well', async () => {
    await reported({ ...WITH_SEED, 'aws-region': 'cn-north-1', variables: { 'aws-region': 'AWS_REGION' } });
    expect(stdout.text).toContain('mfa-serial is in partition aws, but AWS_REGION is in aws-cn.');
  });

  test('have their accounts masked if that is on', async () => {
    const given = { ...WITH_SEED, 'allowed-account-ids': '999999999999' };
    expect((await reported(given)).masked).toEqual([]);
    expect((await reported({ ...given, 'mask-aws-account-id': 'true' })).masked).toEqual(['123456789012']);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { StepResult } from '../../../lab/runner/job.ts';
import { ACTION, closeAfterTest, SESSION, startJob } from '../../kit/action.ts';
import { testNeeding } from '../../kit/platform.ts';
import { preloading } from '../../kit/preload.ts';

// Once everything is exported, later steps have the credentials: whatever goes wrong then is a warning.

const SUMMARY = { ...SESSION, summary: 'true' };

/** The action without what has this text in it. */
function without(text: string): string {
  const action = mkdtempSync(join(tmpdir(), 'without-a-part-'));
  closeAfterTest(() => rmSync(action, { recursive: true }));
  cpSync(join(ACTION, 'dist'), join(action, 'dist'), { recursive: true });
  const chunks = globSync(join(action, 'dist/*.index.js')).filter((path) => readFileSync(path, 'utf8').includes(text));
  expect(chunks.length).toBeGreaterThan(0);
  for (const chunk of chunks) rmSync(chunk);
  return action;
}

/** The step has succeeded with all that it was to export, and with this one warning. */
function expectWarning({ exitCode, exported, commands, stderr }: StepResult, ...facts: readonly string[]): void {
  expect({ exitCode, stderr, keys: Object.keys(exported) }).toEqual({
    exitCode: 0,
    stderr: '',
    keys: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
  });
  const messages = commands.filter(({ name }) => name !== 'add-mask');
  expect(messages.map(({ name }) => name)).toEqual(['warning']);
  expect(facts.filter((fact) => !messages[0]?.message.includes(fact))).toEqual([]);
}

describe('after the export only a warning is left of', () => {
  test('a part of the action that is gone', async () => {
    const { job } = await startJob({ action: without('AWS credentials with MFA') });
    expectWarning(await job.step({ inputs: SUMMARY }), 'summary');
  });

  test.each([
    ['is not set', undefined],
    ['is a folder', 'temp'],
    ['is not there', 'nowhere'],
  ])('a summary whose file %s', async (_, path) => {
    const { job } = await startJob();
    expectWarning(await job.step({ inputs: SUMMARY, env: { GITHUB_STEP_SUMMARY: path } }), 'summary');
  });

  testNeeding('FIFOs').each(['/dev/full', 'fifo'])('a summary whose file is %s', async (path) => {
    const { job } = await startJob();
    execFileSync('mkfifo', [join(dirname(job.temp), 'fifo')]);
    expectWarning(await job.step({ inputs: SUMMARY, env: { GITHUB_STEP_SUMMARY: path } }), 'summary');
  });

  test('a log that cannot be written', async () => {
    const { job } = await startJob();
    mkdirSync(join(job.home, '.aws'));
    const result = await job.step({ inputs: SUMMARY, env: preloading('commands-only') });
    expectWarning(result, 'log', 'EIO: i/o error, write');
    expect(result.summary).toContain('AWS credentials with MFA');
  });
});

test('a step that fails without the part that reports failures fails, and says what happened', async () => {
  const { job } = await startJob({ action: without('Correct the inputs named above') });
  const [result, other] = [
    await job.step({ inputs: { ...SESSION, 'list-buckets': 'maybe' } }),
    await job.step({ inputs: SESSION, env: { GITHUB_ENV: '' } }),
  ];
  expect([result.exitCode, other.exitCode]).toEqual([1, 1]);
  expect(result.lines).toEqual([expect.stringMatching(/^Error: .*\.index\.js/)]);
  expect(other.lines).toEqual(['Error: command-file-missing {"file":"GITHUB_ENV","problem":"unset"}']);
});

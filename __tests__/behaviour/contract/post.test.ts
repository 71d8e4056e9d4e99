import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import type { Job, StepResult } from '../../../lab/runner/job.ts';
import { hide } from '../../../lab/runner/log.ts';
import { jobFor, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
const EMPTY = Object.fromEntries(NAMES.map((name) => [name, '']));
const OLD_SESSION = {
  AWS_ACCESS_KEY_ID: 'ASIAOLDOLDOLDOLDOLD1',
  AWS_SECRET_ACCESS_KEY: 'old-secret-old-secret-old-secret-old-sec',
  AWS_SESSION_TOKEN: 'old-token-old-token-old-token-old-token',
};
const LONG_TERM = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };

/** The one post step of a job, which never fails. */
async function postOf(job: Job): Promise<StepResult> {
  const [post, ...more] = await job.post();
  if (post === undefined || more.length > 0) throw new Error('the job has one step');
  return succeeded(Promise.resolve(post));
}

describe('the post step', () => {
  test('empties what was exported, and says so in a line', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const post = await postOf(job);
    expect(post.exported).toEqual(EMPTY);
    expect(post.stdout).toBe(
      'Restored AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION.\n',
    );
    expect(post.stderr).toBe('');
    expect(post.outputs).toEqual({});
    expect(post.state).toEqual({});
  });

  test('sends nothing to AWS', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const before = emulator.calls.length;
    await postOf(job);
    expect(emulator.calls).toHaveLength(before);
  });

  test('puts back the session and the region that were there before', async () => {
    const env = { ...OLD_SESSION, AWS_REGION: 'eu-west-1', AWS_CREDENTIAL_EXPIRATION: '2030-01-01T00:00:00Z' };
    const { job } = await startJob({ env });
    const main = await succeeded(job.step({ inputs: SESSION }));
    await postOf(job);
    expect(job.env).toMatchObject({ ...env, AWS_DEFAULT_REGION: '' });
    // It shows in debug logs with the state, so it is masked first.
    for (const secret of Object.values(OLD_SESSION)) {
      expect(main.commands).toContainEqual({ name: 'add-mask', message: secret });
    }
  });

  test.each(['x', 'test'])('puts back the keys of an emulator, %s, and hides no word for that', async (word) => {
    const env = { AWS_ACCESS_KEY_ID: word, AWS_SECRET_ACCESS_KEY: word, AWS_SESSION_TOKEN: word };
    const { job } = await startJob({ env });
    const inputs = { ...SESSION, 'aws-profile': `${word}-profile`, 'output-env-credentials': 'true' };
    const { commands, lines } = await succeeded(job.step({ inputs }));
    expect(commands).not.toContainEqual({ name: 'add-mask', message: word });
    expect(hide('npm test extra', job.masks)).toBe('npm test extra');
    expect(lines.at(-1)).toEqual(
      naming(
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE',
        `${word}-profile`,
      ),
    );
    expect((await postOf(job)).exported).toMatchObject(env);
  });

  test.each([
    ['alone', {}],
    ['with a leftover token beside them', { AWS_SESSION_TOKEN: 'leftover' }],
  ])('does not put long-term keys back, %s', async (_, leftover) => {
    const { job } = await startJob({ env: { ...LONG_TERM, ...leftover } });
    await succeeded(job.step({ inputs: SESSION }));
    expect((await postOf(job)).exported).toEqual(EMPTY);
  });

  test('undoes two uses in one job the last first, each to what it found', async () => {
    const { job } = await startJob({ env: { AWS_REGION: 'eu-west-1' } });
    const first = await succeeded(job.step({ inputs: SESSION }));
    await succeeded(job.step({ inputs: { ...SESSION, 'role-to-assume': 'deploy', 'aws-region': 'us-west-2' } }));
    const [undoesSecond, undoesFirst] = await job.post();
    expect(undoesSecond?.exported).toEqual(first.exported);
    expect(undoesFirst?.exported).toEqual({ ...EMPTY, AWS_REGION: 'eu-west-1' });
  });

  test('undoes a step that used an existing session only once', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    await succeeded(job.step({ inputs: { ...SESSION, 'use-existing-credentials': 'true' } }));
    const [undoesSecond, undoesFirst] = await job.post();
    expect(undoesSecond?.stdout).toBe('');
    expect(undoesFirst?.exported).toEqual(EMPTY);
  });

  test.each([
    ['long-term keys', LONG_TERM],
    ['a session', OLD_SESSION],
  ])('does not hand %s of `env:` of the step to the whole job', async (_, env) => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION, env: { ...env, AWS_REGION: 'eu-west-1' } }));
    const post = await postOf(job);
    expect(post.exported).toEqual(EMPTY);
    for (const value of Object.values(env)) expect(JSON.stringify(job.env)).not.toContain(value);
  });

  test('leaves alone what somebody else has changed since', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    job.env['AWS_REGION'] = 'ap-south-1';
    const post = await postOf(job);
    expect(post.exported).toEqual({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_DEFAULT_REGION: '',
    });
    expect(job.env['AWS_REGION']).toBe('ap-south-1');
  });

  test('puts back a session that unset-current-credentials had emptied', async () => {
    const { job } = await startJob({ env: OLD_SESSION });
    const inputs = {
      ...SESSION,
      'output-env-credentials': 'false',
      'output-credentials': 'true',
      'unset-current-credentials': 'true',
    };
    await succeeded(job.step({ inputs }));
    expect((await postOf(job)).exported).toEqual(OLD_SESSION);
  });

  test('puts AWS_PROFILE back, and leaves it rather than empty it', async () => {
    const inputs = { ...SESSION, 'aws-profile': 'ci', 'output-env-credentials': 'true' };
    const { job, emulator } = await startJob({ env: { AWS_PROFILE: 'dev' } });
    await succeeded(job.step({ inputs }));
    expect((await postOf(job)).exported['AWS_PROFILE']).toBe('dev');
    const other = jobFor(emulator);
    await succeeded(other.step({ inputs }));
    expect((await postOf(other)).exported).toEqual(EMPTY);
  });
});

describe('the post step says and does nothing', () => {
  test.each([
    ['where nothing was exported', { 'output-env-credentials': 'false', 'output-credentials': 'true' }],
    ['where the step failed', { 'allowed-account-ids': '444455556666' }],
  ])('%s', async (_, inputs) => {
    const { job } = await startJob({ debug: true });
    await job.step({ inputs: { ...SESSION, ...inputs } });
    const post = await postOf(job);
    expect([post.stdout, post.stderr, post.exported]).toEqual(['', '', {}]);
  });

  test('with AWS_SKIP_CLEANUP_STEP', async () => {
    const { job } = await startJob({ env: { AWS_SKIP_CLEANUP_STEP: 'true' } });
    await succeeded(job.step({ inputs: { ...SESSION, 'aws-profile': 'ci', 'output-env-credentials': 'true' } }));
    const post = await postOf(job);
    expect([post.stdout, post.stderr, post.exported]).toEqual(['', '', {}]);
  });

  test('where all of it was undone by somebody else', async () => {
    const { job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    Object.assign(job.env, EMPTY);
    const post = await postOf(job);
    expect([post.stdout, post.stderr, post.exported]).toEqual(['', '', {}]);
  });
});

describe('the post step warns and succeeds', () => {
  /** A job that finds another one's state: its own main step fails and leaves none. */
  async function postWith(env: Readonly<Record<string, string>>, state: string): Promise<StepResult> {
    const { job } = await startJob({ env });
    await job.step({ env: { STATE_undo: state, GITHUB_ENV: '/nowhere/env' } });
    return postOf(job);
  }

  test('if it can’t read what the main step left', async () => {
    const { lines } = await postWith({}, '{"variables": 7}');
    expect(lines).toEqual([naming('Warning: ', 'state')]);
  });

  test('if the runner gives it no file to write to', async () => {
    const { job } = await startJob();
    const { state, exported } = await succeeded(job.step({ inputs: SESSION }));
    const { lines } = await postWith(exported, state['undo'] ?? '');
    expect(lines).toEqual([
      naming(
        'Warning: ',
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION',
        'GITHUB_ENV',
      ),
    ]);
  });
});

describe('a state that somebody has forged', () => {
  const DELIMITER = 'ghadelimiter_0f8fad5b-d9cb-469f-a165-70867728950e';
  const stateWith = (delimiter: string, putBack: string) =>
    JSON.stringify({ delimiter, variables: [{ name: 'AWS_REGION', ours: 'us-east-1', putBack }] });

  /** The post step of a job whose main step failed before it left a state, with this one. */
  async function postWith(state: string): Promise<StepResult> {
    const { job } = await startJob({ env: { AWS_REGION: 'us-east-1' } });
    await job.step({ env: { STATE_undo: state } });
    return postOf(job);
  }

  test.each([['\n'], ['\r\n'], ['\r']])(
    'sets no other variable by a value with the delimiter in a line of its own, %j before it',
    async (lineEnd) => {
      const value = ['eu-west-1', DELIMITER, 'NODE_OPTIONS<<E', '--require /evil', 'E', 'X<<E'].join(lineEnd);
      const { exported, lines } = await postWith(stateWith(DELIMITER, value));
      expect(exported).toEqual({ AWS_REGION: '' });
      expect(lines).toEqual([naming('Warning: ', 'AWS_REGION', 'delimiter'), naming('AWS_REGION')]);
    },
  );

  test('puts any other value back as it was', async () => {
    const value = 'eu-west-1\nNODE_OPTIONS<<E\n--require /evil\nE';
    expect((await postWith(stateWith(DELIMITER, value))).exported).toEqual({ AWS_REGION: value });
  });

  test.each(['E', 'EOF\nPATH', '', 'ghadelimiter_'])('is not used with the delimiter %j', async (delimiter) => {
    const { exported, lines } = await postWith(stateWith(delimiter, 'eu-west-1'));
    expect(exported).toEqual({});
    expect(lines).toEqual([naming('Warning: ', 'state')]);
  });

  test('cannot know the delimiter from what the main step wrote', async () => {
    const { job } = await startJob();
    const { state } = await succeeded(job.step({ inputs: SESSION }));
    const { delimiter } = JSON.parse(state['undo'] ?? '');
    const written = readdirSync(dirname(job.temp)).filter((name) => /^GITHUB_(?:ENV|OUTPUT)/.test(name));
    expect(written).toHaveLength(2);
    for (const name of written) expect(readFileSync(join(dirname(job.temp), name), 'utf8')).not.toContain(delimiter);
  });
});

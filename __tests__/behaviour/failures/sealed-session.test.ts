import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Emulator, startEmulator } from '../../../lab/aws/index.ts';
import type { FailureCode } from '../../../src/core/failure.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { type Failed, fail, type Step, succeed } from '../../kit/failing.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { anyChange, changedText } from '../../kit/sealed-changes.ts';
import { contentWith, OTHER_KEY, SEALING_KEY, SECRETS, sealedText } from '../../kit/sealed-text.ts';
import { shownPieces, visibleText } from '../../kit/secrets.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const FAR = '2099-01-01T00:00:00.000Z';
const KEY_BYTES = Buffer.from(SEALING_KEY, 'base64');
/** What must not show, in whatever run. */
const HIDDEN = [SEALING_KEY, OTHER_KEY, KEY_BYTES.toString('hex'), KEY_BYTES.toString('base64url'), ...SECRETS];

/** Takes out what a new session would need. */
const NO_KEYS = { 'aws-access-key-id': '', 'aws-secret-access-key': '', 'mfa-serial': '', 'mfa-seed': '' } as const;

/** A text that would be opened, with some of its content changed. */
function textWith(changes: Readonly<Record<string, unknown>> = {}): string {
  return sealedText({ content: contentWith({ expiration: FAR, ...changes }) });
}

/** The inputs of a step that opens a text: no keys, no device, no seed. */
function opening(text: string, inputs: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { ...NO_KEYS, 'sealing-key': SEALING_KEY, 'sealed-session': text, ...inputs };
}

/** Runs a step that must fail before it sends anything; `fail` sees to it that nothing is exported and nothing shows. */
async function refused(step: Step): Promise<Failed> {
  const failed = await fail(emulator, { ...step, secrets: HIDDEN });
  const { calls, infos, warnings, result } = failed;
  expect({ calls, infos, warnings }).toEqual({ calls: [], infos: [], warnings: [] });
  expect([result.exported, result.outputs, result.state]).toEqual([{}, {}, {}]);
  return failed;
}

/** Each row: why, the inputs, the failure, and what its message names. */
type Row = readonly [string, Readonly<Record<string, string>>, FailureCode, readonly string[]];

const ROWS: readonly Row[] = [
  ['is empty', opening(''), 'sealed-session-empty', []],
  [
    'is empty and might have been opened anywhere',
    opening('', { 'sealed-session-scope': 'repository' }),
    'sealed-session-empty',
    [],
  ],
  [
    'has the key of another secret of that name',
    opening(textWith(), { 'sealing-key': OTHER_KEY }),
    'sealing-key-wrong',
    ['sealing-key'],
  ],
  ['was altered', opening(textWith().replace(/.$/, '!')), 'sealed-session-altered', []],
  ['has lost its end', opening(textWith().slice(0, 500)), 'sealed-session-altered', []],
  ['has quotes around it', opening(`"${textWith()}"`), 'sealed-session-altered', []],
  ['has a space after it', opening(`${textWith()} `), 'sealed-session-altered', []],
  ['has a line end after it', opening(`${textWith()}\n`), 'sealed-session-altered', []],
  ['was masked on its way', opening(textWith().replace('eyJ', '***')), 'sealed-session-altered', []],
  ['is nothing but a mask', opening('***'), 'sealed-session-altered', []],
  ['is white space', opening(' '), 'sealed-session-altered', []],
  ['is something else', opening('a session, please'), 'sealed-session-altered', []],
  [
    'doesn’t hold a session, though the key is right',
    opening(textWith({ sessionToken: `${SECRETS[2]}\nPATH=/evil` })),
    'sealed-session-altered',
    [],
  ],
  [
    'is of a later version',
    opening(textWith().replace('aws-mfa-1.', 'aws-mfa-2.')),
    'sealed-session-version',
    ['2', '1'],
  ],
  [
    'is of another repository',
    opening(textWith({ repository: 'octo-org/other', scope: 'repository' }), { 'sealed-session-scope': 'repository' }),
    'sealed-session-elsewhere',
    ['octo-org/other', 'octo-org/octo-repo'],
  ],
  [
    'is of another run',
    opening(textWith({ runId: '1658821492' })),
    'sealed-session-elsewhere',
    ['1658821492', '1658821493'],
  ],
  [
    'is of another run, and only the sealing side said repository',
    opening(textWith({ runId: '1658821492', scope: 'repository' })),
    'sealed-session-elsewhere',
    ['1658821492', '1658821493'],
  ],
  [
    'is of another run, and only the opening side says repository',
    opening(textWith({ runId: '1658821492' }), { 'sealed-session-scope': 'repository' }),
    'sealed-session-elsewhere',
    ['1658821492', '1658821493'],
  ],
  [
    'has ended',
    opening(textWith({ expiration: '2020-01-01T00:00:00.000Z' })),
    'sealed-session-expired',
    ['2020-01-01T00:00:00Z'],
  ],
  [
    'has ended, and no time has to be left',
    opening(textWith({ expiration: '2020-01-01T00:00:00.000Z' }), { 'minimum-remaining-seconds': '0' }),
    'sealed-session-expired',
    ['2020-01-01T00:00:00Z'],
  ],
  [
    'is of an account that is not allowed',
    opening(textWith(), { 'allowed-account-ids': '444455556666' }),
    'account-not-allowed',
    ['111122223333', 'arn:aws:iam::111122223333:user/ci', 'allowed-account-ids'],
  ],
  [
    'is of another partition than the region',
    opening(textWith(), { 'aws-region': 'cn-north-1' }),
    'sealed-session-elsewhere',
    ['aws', 'aws-cn', 'aws-region'],
  ],
];

describe('a sealed session is refused if it', () => {
  test.each(ROWS)('%s', async (_, inputs, code, facts) => {
    expectFailure(await refused({ inputs }), code, ...facts);
  });

  test.each([
    ['300', 250_000],
    ['3600', 3_500_000],
  ])('ends before the %s s that must be left', async (minimum, left) => {
    const expiration = new Date(Date.now() + left).toISOString();
    const { code, message } = await refused({
      inputs: opening(textWith({ expiration }), minimum === '300' ? {} : { 'minimum-remaining-seconds': minimum }),
    });
    expectFailure({ code, message }, 'sealed-session-expired', `${expiration.slice(0, 19)}Z`, minimum);
  });

  test('is of an account that is not allowed, which is hidden if account IDs are masked', async () => {
    const inputs = opening(textWith(), { 'allowed-account-ids': '444455556666', 'mask-aws-account-id': 'true' });
    const { result } = await refused({ inputs });
    expect(result.lines[0]).toContain('arn:aws:iam::***:user/ci');
    expect(result.lines.join('\n')).not.toContain('111122223333');
  });
});

describe('with debug logging on', () => {
  test.each(ROWS)('neither the key nor anything of the session shows if it %s', async (_, inputs, code) => {
    const { job, result, ...failed } = await refused({ inputs, debug: true });
    expect(failed.code).toBe(code);
    expect(result.commands.some(({ name }) => name === 'debug')).toBe(true);
    const seen = visibleText(result, new Set());
    for (const secret of HIDDEN) expect(shownPieces(seen, secret)).toEqual([]);
    expect(job.masks).toContain(inputs['sealing-key']);
  });
});

test('a text after any change is refused, and nothing is exported', async () => {
  const text = textWith();
  const known = ['sealed-session-empty', 'sealed-session-altered', 'sealed-session-version', 'sealing-key-wrong'];
  // An environment holds no NUL and no half of a surrogate pair; white space alone is not given, or is in the table above.
  const possible = (changed: string): boolean => !changed.includes('\0') && changed.isWellFormed();
  await fc.assert(
    fc.asyncProperty(anyChange, async (change) => {
      const changed = changedText(text, change);
      fc.pre(changed !== text && possible(changed));
      expect(known).toContain((await refused({ inputs: opening(changed) })).code);
    }),
    propertyRuns(30),
  );
}, 120_000);

describe('inputs that can’t be combined are refused before anything is opened', () => {
  test('the keys, the device and the seed, each by its name', async () => {
    const { code, message } = await refused({ inputs: { 'sealing-key': SEALING_KEY, 'sealed-session': textWith() } });
    expectFailure({ code, message }, 'invalid-input', ...Object.keys(NO_KEYS));
    expect(message.split('\n')).toHaveLength(5);
  });

  test.each([
    ['use-existing-credentials', { 'use-existing-credentials': 'true' }, 'use-existing-credentials'],
    ['role-chaining', { 'role-chaining': 'true', 'role-to-assume': 'deploy' }, 'role-chaining'],
    ['a scope that doesn’t exist', { 'sealed-session-scope': 'all' }, 'sealed-session-scope'],
    ['a key that is too short', { 'sealing-key': 'aHVudGVyMg==' }, 'sealing-key'],
    ['a key that is a phrase', { 'sealing-key': 'correct horse battery staple correct horse battery' }, 'sealing-key'],
    [
      'a key that counts from 0 to 31',
      { 'sealing-key': '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' },
      'sealing-key',
    ],
    ['a key of 16 bytes twice', { 'sealing-key': '8f2c61d09b7e43a5f01c5d86e7b9320a'.repeat(2) }, 'sealing-key'],
    [
      'a key that is a phrase in UTF-16',
      { 'sealing-key': Buffer.from('correct horse battery staple', 'utf16le').toString('base64') },
      'sealing-key',
    ],
    [
      'a key in hex that was wrapped in base64',
      { 'sealing-key': Buffer.from(`${KEY_BYTES.toString('hex')}\n`).toString('base64') },
      'sealing-key',
    ],
    ['no key, with the causes of that', { 'sealing-key': '' }, 'sealing-key'],
  ])('%s', async (_, inputs, name) => {
    expectFailure(await refused({ inputs: opening(textWith(), inputs) }), 'invalid-input', name);
  });

  test.each(['GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('and a place to bind the session to: %s', async (name) => {
    const needed = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID'];
    const stepEnv = { [name]: undefined };
    const opened = await refused({ inputs: opening(textWith()), stepEnv });
    expectFailure(opened, 'invalid-input', 'sealed-session', ...needed);
    const sealed = await refused({ inputs: { 'seal-session': 'true', 'sealing-key': SEALING_KEY }, stepEnv });
    expectFailure(sealed, 'invalid-input', 'seal-session', ...needed);
  });
});

describe('a session is not sealed, and no code is spent on it,', () => {
  const SEAL = { 'seal-session': 'true', 'sealing-key': SEALING_KEY } as const;

  test.each([
    ['one letter', 'http://ci:x@127.0.0.1:1'],
    ['a piece of what each sealed text has', 'http://ci:mfa@127.0.0.1:1'],
  ])("if a proxy's password is %s", async (_, proxy) => {
    const { code, message } = await refused({ inputs: { ...SEAL, 'http-proxy': proxy } });
    expectFailure({ code, message }, 'sealed-session-masked');
  });

  test('if it is that of an earlier step and doesn’t say when it ends', async () => {
    const { result } = await succeed(emulator);
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = result.exported;
    const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
    const inputs = { ...NO_KEYS, ...SEAL, 'role-chaining': 'true', roles: 'a = deploy' };
    const { code, message, calls } = await fail(emulator, { inputs, env, secrets: [...HIDDEN, ...Object.values(env)] });
    expectFailure({ code, message }, 'session-expiry-unknown');
    expect(calls.some(({ params }) => 'TokenCode' in params)).toBe(false);
  });
});

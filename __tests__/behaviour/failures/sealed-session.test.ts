import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Emulator, startEmulator } from '../../../lab/aws/index.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { type Failed, fail, type Step, succeed } from '../../kit/failing.ts';
import { EMPTY_SECRET } from '../../kit/remedies.ts';
import { anyChange, changedText } from '../../kit/sealed-changes.ts';
import { contentWith, OTHER_KEY, SEALING_KEY, SECRETS, sealedText } from '../../kit/sealed-text.ts';
import { shownPieces, visibleText } from '../contract/leaks.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const FAR = '2099-01-01T00:00:00.000Z';
const KEY_BYTES = Buffer.from(SEALING_KEY, 'base64');
/** What must not show, in whatever run. */
const HIDDEN = [SEALING_KEY, OTHER_KEY, KEY_BYTES.toString('hex'), KEY_BYTES.toString('base64url'), ...SECRETS];

const REMEDY = {
  input: 'Correct the inputs named above. Nothing was sent to AWS, and nothing was exported.',
  empty: `Pass the output of the job that sealed it, sealed-session: \${{ needs.JOB.outputs.sealed-session }}. It is empty where that job is not in this job's \`needs:\`; where it does not map the step's output to a job output (\`outputs: sealed-session: \${{ steps.ID.outputs.sealed-session }}\`); where a name is misspelt (GitHub takes that for an empty text); where the job was skipped or failed; or where GitHub dropped the output because a secret of that job occurs in it (its log says "Skip output 'sealed-session'").`,
  altered:
    'Pass the output as it is, in one line, without quotes or white space around it. If it shows ***, a secret of a job on its way occurs in it: let the sealing job run again.',
  version: 'Use the same release of this action in the job that seals and in the jobs that open.',
  key: 'Give both jobs the same secret as sealing-key. An environment, an organisation and a repository may each have a secret of the same name; the nearest one wins.',
  run: 'Open it in the run that sealed it. For a session that other runs of this repository may use, set sealed-session-scope: repository both where it is sealed and where it is opened.',
  repository: 'Seal a session in this repository; a sealed session never leaves the one it was made for.',
  expired:
    'Re-run all jobs, not only the failed ones: a re-run of failed jobs gets the old output of the job that sealed the session. For longer jobs, raise session-duration-seconds there.',
  unknown: 'Seal the session in the step that gets it, which knows when it ends.',
  masked:
    'Let the step that seals have no such short secret: look at http-proxy and aws-secret-access-key. Nothing was exported.',
  account: 'Use the keys or the role of an allowed account, or correct allowed-account-ids.',
  partition: 'Write a region of the partition of the session; no session of one partition reaches another.',
} as const;

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

/** Each row: why, the inputs, the first line of the annotation, and the second. */
type Row = readonly [string, Readonly<Record<string, string>>, string, string];

const ALTERED = 'The sealed session is not the text that was sealed.';

const ROWS: readonly Row[] = [
  ['is empty', opening(''), 'The sealed session is empty.', REMEDY.empty],
  [
    'is empty and might have been opened anywhere',
    opening('', { 'sealed-session-scope': 'repository' }),
    'The sealed session is empty.',
    REMEDY.empty,
  ],
  [
    'has the key of another secret of that name',
    opening(textWith(), { 'sealing-key': OTHER_KEY }),
    'The session was sealed with another sealing-key than the one given here.',
    REMEDY.key,
  ],
  ['was altered', opening(textWith().replace(/.$/, '!')), ALTERED, REMEDY.altered],
  ['has lost its end', opening(textWith().slice(0, 500)), ALTERED, REMEDY.altered],
  ['has quotes around it', opening(`"${textWith()}"`), ALTERED, REMEDY.altered],
  ['has a space behind it', opening(`${textWith()} `), ALTERED, REMEDY.altered],
  ['has a line end behind it', opening(`${textWith()}\n`), ALTERED, REMEDY.altered],
  ['was masked on its way', opening(textWith().replace('eyJ', '***')), ALTERED, REMEDY.altered],
  ['is nothing but a mask', opening('***'), ALTERED, REMEDY.altered],
  ['is white space', opening(' '), ALTERED, REMEDY.altered],
  ['is something else', opening('a session, please'), ALTERED, REMEDY.altered],
  [
    'holds what is no session, though the key is right',
    opening(textWith({ sessionToken: `${SECRETS[2]}\nPATH=/evil` })),
    ALTERED,
    REMEDY.altered,
  ],
  [
    'is of a later version',
    opening(textWith().replace('aws-mfa-1.', 'aws-mfa-2.')),
    'The sealed session has version 2, and this action opens version 1.',
    REMEDY.version,
  ],
  [
    'is of another repository',
    opening(textWith({ repository: 'octo-org/other', scope: 'repository' }), { 'sealed-session-scope': 'repository' }),
    'The session was sealed for the repository octo-org/other, and this is octo-org/octo-repo.',
    REMEDY.repository,
  ],
  [
    'is of another run',
    opening(textWith({ runId: '1658821492' })),
    'The session was sealed for the workflow run 1658821492, and this is the run 1658821493.',
    REMEDY.run,
  ],
  [
    'is of another run, and only the sealing side said repository',
    opening(textWith({ runId: '1658821492', scope: 'repository' })),
    'The session was sealed for the workflow run 1658821492, and this is the run 1658821493.',
    REMEDY.run,
  ],
  [
    'is of another run, and only the opening side says repository',
    opening(textWith({ runId: '1658821492' }), { 'sealed-session-scope': 'repository' }),
    'The session was sealed for the workflow run 1658821492, and this is the run 1658821493.',
    REMEDY.run,
  ],
  [
    'has ended',
    opening(textWith({ expiration: '2020-01-01T00:00:00.000Z' })),
    'The sealed session ended at 2020-01-01T00:00:00Z.',
    REMEDY.expired,
  ],
  [
    'has ended, and no time has to be left',
    opening(textWith({ expiration: '2020-01-01T00:00:00.000Z' }), { 'minimum-remaining-seconds': '0' }),
    'The sealed session ended at 2020-01-01T00:00:00Z.',
    REMEDY.expired,
  ],
  [
    'is of an account that is not allowed',
    opening(textWith(), { 'allowed-account-ids': '444455556666' }),
    'The credentials are of the account 111122223333 (arn:aws:iam::111122223333:user/ci), which allowed-account-ids does not allow.',
    REMEDY.account,
  ],
  [
    'is of another partition than the region',
    opening(textWith(), { 'aws-region': 'cn-north-1' }),
    'The sealed session is of the partition aws, and aws-region is in aws-cn.',
    REMEDY.partition,
  ],
];

describe('a sealed session is refused, with a remedy of its own, where it', () => {
  test.each(ROWS)('%s', async (_, inputs, sentence, remedy) => {
    const { code, message } = await refused({ inputs });
    expect(error).toBe(`${sentence}\n${remedy}`);
  });

  test.each([
    ['300', 250_000],
    ['3600', 3_500_000],
  ])('ends before the %s s that must be left', async (minimum, left) => {
    const expiration = new Date(Date.now() + left).toISOString();
    const { code, message } = await refused({
      inputs: opening(textWith({ expiration }), minimum === '300' ? {} : { 'minimum-remaining-seconds': minimum }),
    });
    expect(error.replace(/in \d+ s;/, 'in TIME;')).toBe(
      `The sealed session ends at ${expiration.slice(0, 19)}Z, in TIME; minimum-remaining-seconds is ${minimum}.\n${REMEDY.expired}`,
    );
  });

  test('is of an account that is not allowed, which is hidden where that is asked for', async () => {
    const inputs = opening(textWith(), { 'allowed-account-ids': '444455556666', 'mask-aws-account-id': 'true' });
    const { result } = await refused({ inputs });
    expect(result.lines[0]).toBe(
      'Error: The credentials are of the account *** (arn:aws:iam::***:user/ci), which allowed-account-ids does not allow.',
    );
    expect(result.lines.join('\n')).not.toContain('111122223333');
  });
});

describe('with debug logging on', () => {
  test.each(ROWS)('neither the key nor anything of the session shows where it %s', async (_, inputs, sentence) => {
    const { code, message, job, result } = await refused({ inputs, debug: true });
    expect(error.split('\n')[0]).toBe(sentence);
    expect(result.commands.some(({ name }) => name === 'debug')).toBe(true);
    const seen = visibleText(result, new Set());
    for (const secret of HIDDEN) expect(shownPieces(seen, secret)).toEqual([]);
    expect(job.masks).toContain(inputs['sealing-key']);
  });
});

test('a text after any of 60 changes is refused, and nothing is exported', async () => {
  const text = textWith();
  const known = [REMEDY.empty, REMEDY.altered, REMEDY.version, REMEDY.key];
  // An environment holds no NUL and no half of a surrogate pair; white space alone is not given, or is in the table above.
  const possible = (changed: string): boolean => !changed.includes('\0') && changed.isWellFormed();
  await fc.assert(
    fc.asyncProperty(anyChange, async (change) => {
      const changed = changedText(text, change);
      fc.pre(changed !== text && possible(changed));
      const { code, message } = await refused({ inputs: opening(changed) });
      expect(known).toContain(error.slice(error.indexOf('\n') + 1));
    }),
    { numRuns: 60 },
  );
}, 120_000);

describe('inputs that cannot go together are refused before anything is opened', () => {
  const noCode =
    'is given together with sealed-session, which needs no code. Leave it out, or set sealed-session-fallback: true to get a new session where the sealed one cannot be used';

  test('the keys, the device and the seed, each by its name', async () => {
    const { code, message } = await refused({ inputs: { 'sealing-key': SEALING_KEY, 'sealed-session': textWith() } });
    expect(error).toBe(
      [
        '4 problems with the inputs.',
        `- aws-access-key-id ${noCode}.`,
        `- aws-secret-access-key ${noCode}.`,
        `- mfa-serial ${noCode}.`,
        `- mfa-seed ${noCode}.`,
        REMEDY.input,
      ].join('\n'),
    );
  });

  test.each([
    [
      'use-existing-credentials',
      { 'use-existing-credentials': 'true' },
      'use-existing-credentials is true together with sealed-session: the one asks STS for the session in the environment, the other needs no call. Choose one.',
    ],
    [
      'role-chaining',
      { 'role-chaining': 'true', 'role-to-assume': 'deploy' },
      'role-chaining is true together with sealed-session: the one uses the session in the environment, the other brings its own. Choose one.',
    ],
    [
      'a scope that is none',
      { 'sealed-session-scope': 'all' },
      'sealed-session-scope is "all"; write run or repository.',
    ],
    [
      'a key that is too short',
      { 'sealing-key': 'aHVudGVyMg==' },
      'sealing-key has 7 bytes; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them.',
    ],
    [
      'a key that is a phrase',
      { 'sealing-key': 'correct horse battery staple correct horse battery' },
      'sealing-key is not random; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them.',
    ],
    [
      'a key that counts from 0 to 31',
      { 'sealing-key': '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' },
      'sealing-key is not random; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them.',
    ],
    [
      'a key of 16 bytes twice',
      { 'sealing-key': '8f2c61d09b7e43a5f01c5d86e7b9320a'.repeat(2) },
      'sealing-key is not random; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them.',
    ],
    [
      'a key that is a phrase in UTF-16',
      { 'sealing-key': Buffer.from('correct horse battery staple', 'utf16le').toString('base64') },
      'sealing-key is not random; write 32 random bytes or more in base64 or hex, as `openssl rand -base64 32` makes them.',
    ],
    [
      'a key in hex that was wrapped in base64',
      { 'sealing-key': Buffer.from(`${KEY_BYTES.toString('hex')}\n`).toString('base64') },
      'sealing-key is a hex text that was encoded in base64 once more; pass the hex itself, as `openssl rand -hex 32` prints it.',
    ],
    [
      'no key, with the causes of that',
      { 'sealing-key': '' },
      `sealing-key is empty; store 32 random bytes or more in base64 or hex, as \`openssl rand -base64 32\` makes them, as a secret. ${EMPTY_SECRET}`,
    ],
  ])('%s', async (_, inputs, sentence) => {
    const { code, message } = await refused({ inputs: opening(textWith(), inputs) });
    expectFailure({ code, message }, 'input', String(sentence));
  });

  test.each(['GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('and a place to bind the session to: %s', async (name) => {
    const needs =
      'needs GITHUB_REPOSITORY and GITHUB_RUN_ID, to which a sealed session is bound, and one of them is not set. Run this as a step of a workflow.';
    const stepEnv = { [name]: undefined };
    const opened = await refused({ inputs: opening(textWith()), stepEnv });
    expectFailure(opened, 'input', String(needs), 'sealed-session');
    const sealed = await refused({ inputs: { 'seal-session': 'true', 'sealing-key': SEALING_KEY }, stepEnv });
    expectFailure(sealed, 'input', String(needs), 'seal-session');
  });
});

describe('a session is not sealed, and no code is spent on it,', () => {
  const SEAL = { 'seal-session': 'true', 'sealing-key': SEALING_KEY } as const;

  test.each([
    ['one letter', 'http://ci:x@127.0.0.1:1'],
    ['a piece of what each sealed text has', 'http://ci:mfa@127.0.0.1:1'],
  ])("where a proxy's password is %s", async (_, proxy) => {
    const { code, message } = await refused({ inputs: { ...SEAL, 'http-proxy': proxy } });
    expectFailure({ code, message }, 'masked', '100');
  });

  test('where it is that of an earlier step, and does not say when it ends', async () => {
    const { result } = await succeed(emulator);
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = result.exported;
    const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
    const inputs = { ...NO_KEYS, ...SEAL, 'role-chaining': 'true', roles: 'a = deploy' };
    const { code, message, calls } = await fail(emulator, { inputs, env, secrets: [...HIDDEN, ...Object.values(env)] });
    expectFailure({ code, message }, 'unknown');
    expect(calls.some(({ params }) => 'TokenCode' in params)).toBe(false);
  });
});

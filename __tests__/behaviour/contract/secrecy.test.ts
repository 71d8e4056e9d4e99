import { describe, expect, test } from '@jest/globals';
import { DEMO, demoWorld, type Emulator } from '../../../lab/aws/index.ts';
import type { StepResult } from '../../../lab/runner/job.ts';
import { INPUT_NAMES } from '../../../src/inputs/names.ts';
import { SESSION, startJob, succeeded } from '../../kit/action.ts';
import { filesOf, shownPieces, visibleText } from '../../kit/secrets.ts';

const ACCOUNT = '111122223333';
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const EVERYTHING_ON = { 'list-buckets': 'true', 'mask-aws-account-id': 'true', summary: 'true' };

const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
const MANY = {
  'list-buckets': '',
  'output-env-credentials': 'true',
  roles: `one = ${ROLE}\ntwo = deploy`,
  'seal-session': 'true',
  'sealing-key': SEALING_KEY,
};

const GIVEN = [SESSION['aws-access-key-id'], SESSION['aws-secret-access-key'], SESSION['mfa-seed']];

/** The secrets that a step was given and those that it got: keys, seed, and whatever it masked on its way. */
function secretsOf(result: StepResult): readonly string[] {
  const masked = masksOf(result).filter((mask) => mask !== ACCOUNT);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = result.exported;
  const exported = [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN].map(String);
  return [...new Set([...GIVEN, ...exported, ...masked])];
}

function codesOf(emulator: Emulator): readonly string[] {
  return emulator.calls.flatMap(({ params }) => params['TokenCode'] ?? []);
}

function masksOf(result: StepResult): readonly string[] {
  return result.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
}

describe('masks', () => {
  test('are registered for keys and seed before the step does anything else', async () => {
    const { job } = await startJob();
    const { stdout } = await succeeded(job.step({ inputs: SESSION }));
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      '::add-mask::wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      '::add-mask::AKIAIOSFODNN7EXAMPLE',
      '::add-mask::GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      '::add-mask::gezdgnbvgy3tqojqgezdgnbvgy3tqojqgezdgnbvgy3tqojqgezdgnbvgy3tqojq',
      '::add-mask::GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ',
    ]);
  });

  test.each([
    ['a session', {}],
    ['a role', { 'role-to-assume': ROLE }],
  ])('are registered for all of %s before the first line that is none', async (_, inputs) => {
    const { job } = await startJob();
    const { stdout, exported } = await succeeded(job.step({ inputs: { ...SESSION, ...inputs } }));
    const lines = stdout.split('\n');
    const first = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    const before = lines.slice(0, first);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      expect(before).toContain(`::add-mask::${exported[name]}`);
    }
    expect(lines[first]).toContain('arn:aws:');
  });

  test('are never made of a code: six digits would black out whatever holds them', async () => {
    const { emulator, job } = await startJob();
    const result = await succeeded(job.step({ inputs: SESSION }));
    expect(codesOf(emulator)).toHaveLength(1);
    expect(masksOf(result).filter((mask) => mask.length < 12)).toEqual([]);
  });
});

describe('what the step got from STS', () => {
  test('is masked though the step fails later and exports none of it', async () => {
    const world = demoWorld();
    world.accounts[0]?.roles[0]?.policies.splice(0);
    const { emulator, job } = await startJob({ world });
    const result = await job.step({ inputs: { ...SESSION, 'role-to-assume': ROLE, 'list-buckets': 'true' } });
    expect(result.exitCode).toBe(1);
    const listing = emulator.calls.find(({ operation }) => operation === 'ListBuckets');
    expect(masksOf(result)).toEqual(
      expect.arrayContaining([listing?.accessKeyId, listing?.headers['x-amz-security-token']]),
    );
    expect(masksOf(result).filter((mask) => /^[A-Za-z0-9+/]{40}$/.test(mask))).toHaveLength(2);
  });

  test('is masked too where it was only a step on the way to a role', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'role-to-assume': ROLE, 'mfa-session-first': 'true' };
    const result = await succeeded(job.step({ inputs }));
    const assuming = emulator.calls.find(({ operation }) => operation === 'AssumeRole');
    expect(masksOf(result)).toEqual(
      expect.arrayContaining([assuming?.accessKeyId, assuming?.headers['x-amz-security-token']]),
    );
  });
});

describe('no secret and no piece of one, in any encoding,', () => {
  test.each([
    ['is printed, saved or summarised', false, {}],
    ['shows with debug logging on', true, {}],
    ['shows where a role is assumed', true, { 'role-to-assume': ROLE }],
    ['shows where a session is used for a role', true, { 'role-to-assume': ROLE, 'mfa-session-first': 'true' }],
    ['shows where many roles are got and the session is sealed', true, MANY],
    ['shows where the credentials are outputs', true, { 'output-credentials': 'true' }],
  ])('%s', async (_, debug, inputs) => {
    const { emulator, job } = await startJob({ debug });
    const step = await succeeded(job.step({ inputs: { ...SESSION, ...EVERYTHING_ON, ...inputs } }));
    const results = [step, ...(await job.post())];
    const seen = [...results.map((result) => visibleText(result, job.masks)), ...[...filesOf(job)].flat()].join('\n');
    for (const secret of secretsOf(step)) expect(shownPieces(seen, secret)).toEqual([]);
    for (const code of codesOf(emulator)) expect(seen).not.toMatch(new RegExp(`\\b${code}\\b`));
  });

  test('shows in the error and the stack of a step that AWS refuses, with debug logging on', async () => {
    const { emulator, job } = await startJob({ debug: true });
    const seed = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';
    const result = await job.step({ inputs: { ...SESSION, 'mfa-seed': seed, 'mfa-max-wait-seconds': '0' } });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls.some(({ mfa }) => mfa?.verdict === 'wrong')).toBe(true);
    expect(result.lines.some((line) => line.startsWith('##[debug]'))).toBe(true);
    for (const secret of [...GIVEN, seed]) expect(shownPieces(visibleText(result, job.masks), secret)).toEqual([]);
    for (const code of codesOf(emulator))
      expect(visibleText(result, job.masks)).not.toMatch(new RegExp(`\\b${code}\\b`));
  });

  test('is in an output where credentials were not asked for', async () => {
    const { job } = await startJob();
    const step = await succeeded(job.step({ inputs: { ...SESSION, 'list-buckets': 'true' } }));
    const outputs = Object.entries(step.outputs).flat().join('\n');
    for (const secret of secretsOf(step)) expect(shownPieces(outputs, secret)).toEqual([]);
  });

  test('of the long-term kind is exported, put out or saved, not even on success', async () => {
    const { job } = await startJob();
    const inputs = { ...SESSION, 'output-credentials': 'true', 'aws-profile': 'ci', 'output-env-credentials': 'true' };
    const step = await succeeded(job.step({ inputs }));
    const records = [step.exported, step.outputs, step.state].map((record) => JSON.stringify(record));
    const handed = [...records, ...[...filesOf(job)].flat()].join('\n');
    for (const secret of GIVEN) expect(shownPieces(handed, secret)).toEqual([]);
  });
});

// A mask hides a secret as a whole: of one that is cut in a message, the piece shows.
describe('no piece of a secret shows in the log if it is in', () => {
  const URI = `otpauth://totp/Amazon%20Web%20Services:ci?secret=${DEMO.seed}&issuer=Amazon`;
  /** Of 64 bytes, as `openssl rand -hex 64` makes them. */
  const LONG_KEY =
    '1227a4c68f85ca05aba3a2b79b2ff3b84c0a3c310b06dd58cce6dc950765f209c7d43d502f5cf4067fb3dc5e94654d1599008d4eaef40f82353be126924732f3';
  const OWN_PLACES: readonly string[] = ['aws-access-key-id', 'aws-secret-access-key', 'mfa-seed', 'sealing-key'];

  /** The log, as a person sees it, of a step that is refused before anything is sent. */
  async function logOf(inputs: Readonly<Record<string, string>>): Promise<string> {
    const { emulator, job } = await startJob({ debug: true });
    const { exitCode, lines } = await job.step({ inputs: { ...SESSION, ...inputs } });
    expect(exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    return lines.join('\n');
  }

  test('role-to-assume: the URI of a seed', async () => {
    const log = await logOf({ 'mfa-seed': URI, 'role-to-assume': URI });
    expect(log).toMatch(/^Error: role-to-assume .*\b127 /m);
    expect(shownPieces(log, DEMO.seed)).toEqual([]);
  });

  test('seal-session: a sealing key of 128 hexadecimal digits', async () => {
    const log = await logOf({ 'sealing-key': LONG_KEY, 'seal-session': LONG_KEY });
    expect(log).toMatch(/^Error: seal-session .*\b128 /m);
    expect(shownPieces(log, LONG_KEY)).toEqual([]);
  });

  test.each([
    ['the seed', DEMO.seed, DEMO.seed, {}],
    ['the URI of a seed', URI, DEMO.seed, { 'mfa-seed': URI }],
    ['the secret access key', DEMO.secretAccessKey, DEMO.secretAccessKey, {}],
    ['a sealing key of 64 bytes', LONG_KEY, LONG_KEY, { 'sealing-key': LONG_KEY }],
  ])('every input except its own: %s', async (_, text, secret, own) => {
    const wrong = INPUT_NAMES.filter((name) => !OWN_PLACES.includes(name)).map((name) => [name, text]);
    const log = await logOf({ ...Object.fromEntries(wrong), ...own });
    expect(log).toMatch(/^Error: [2-9]\d /m);
    expect(shownPieces(log, secret)).toEqual([]);
  });

  test.each([
    ['before its end', `deploy = ${URI}`],
    ['after a setting', `deploy = deploy region=${URI}`],
    ['in the place of a setting', `deploy = deploy ${URI}`],
    ['alone', URI],
  ])('a line of roles, %s: the URI of a seed', async (_, roles) => {
    expect(shownPieces(await logOf({ 'mfa-seed': URI, roles }), DEMO.seed)).toEqual([]);
  });
});

describe('the search for leaks', () => {
  test.each([
    ['as it is', 'a wJalrXUtnFEM b'],
    ['in base64', Buffer.from('x wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY').toString('base64')],
    ['in hexadecimal', Buffer.from('K7MDENG/bPxRf').toString('hex')],
    ['percent-encoded', encodeURIComponent('nFEMI/K7MDENG')],
  ])('finds a secret %s', (_, text) => {
    expect(shownPieces(text, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).not.toEqual([]);
  });
});

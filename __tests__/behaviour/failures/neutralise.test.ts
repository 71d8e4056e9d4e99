import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { bucket } from '../../../lab/aws/build.ts';
import { DEMO, type Fault } from '../../../lab/aws/index.ts';
import type { Command } from '../../../lab/runner/log.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { tap } from '../../kit/between.ts';
import { fail, succeed } from '../../kit/failing.ts';
import { worldWith } from '../../kit/worlds.ts';

// Text from outside that tries to give the runner commands: by `##[name]` anywhere in a line, by `::name::` at its start, by
// line ends of every kind; and characters that reverse what a person reads.

const HOSTILE = [
  'no ##[set-output name=buckets]stolen',
  '\r\n::set-env name=PATH::/tmp/evil',
  '\n::add-mask::e',
  '\r::stop-commands::x',
  '\u2028::warning::a line of its own',
  '\u0085::error::another',
  '\u202etxt.exe\u2066 ##[add-path]/tmp',
].join('');

/** The same, taken apart: one line, in which nothing is a command. */
const HARMLESS =
  'no # #[set-output name=buckets]stolen ::set-env name=PATH::/tmp/evil ::add-mask::e ::stop-commands::x ::warning::a line of its own ::error::another txt.exe  # #[add-path]/tmp';

const INPUT_MASKS = [
  DEMO.secretAccessKey,
  DEMO.accessKeyId,
  DEMO.seed,
  DEMO.seed.toLowerCase(),
  DEMO.seed.replaceAll(/(.{4})(?=.)/g, '$1 '),
];

/** All commands but the masks of what came from STS. */
function commandsOf(commands: readonly Command[], credentials: readonly string[] = []): readonly Command[] {
  return commands.filter(({ message }) => !credentials.includes(message));
}

const masked = (messages: readonly string[]): readonly Command[] =>
  messages.map((message) => ({ name: 'add-mask', message }));

describe('what AWS says cannot become a command', () => {
  test('in a refusal of STS', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'refuse-with', status: 403, code: 'AccessDenied', message: HOSTILE });
    const { code, message, text, result } = await fail(emulator, { inputs: { 'role-to-assume': 'deploy' } });
    expectFailure({ code, message }, 'access-denied', 'AssumeRole', `AWS: AccessDenied: ${HARMLESS}`);
    expect(commandsOf(result.commands)).toEqual([...masked(INPUT_MASKS), { name: 'error', message: text }]);
  });

  test('in the code of a refusal', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'refuse-with', status: 400, code: HOSTILE, message: 'no' });
    const { code, message, text, result } = await fail(emulator, { inputs: { 'role-to-assume': 'deploy' } });
    expectFailure({ code, message }, 'access-denied', 'AssumeRole', HARMLESS, '400');
    expect(commandsOf(result.commands)).toEqual([...masked(INPUT_MASKS), { name: 'error', message: text }]);
  });

  test('in a refusal that is passed over, with debug logging on', async () => {
    const emulator = await emulate();
    const fault: Fault = { kind: 'refuse-with', status: 400, code: 'Throttling', message: HOSTILE };
    emulator.faults.add({ ...fault, times: 2 });
    const inputs = { 'role-to-assume': 'deploy', 'retry-max-attempts': '2' };
    const { result, infos } = await fail(emulator, { inputs, debug: true });
    expect(infos).toEqual([expect.stringContaining(`AWS: Throttling: ${HARMLESS}`)]);
    expect(new Set(result.commands.map(({ name }) => name))).toEqual(new Set(['add-mask', 'error', 'debug']));
    expect(result.commands.filter(({ name }) => name === 'add-mask')).toEqual(masked(INPUT_MASKS));
  });

  test('in a refusal of S3', async () => {
    const emulator = await emulate();
    emulator.faults.add({ kind: 'refuse-with', service: 's3', status: 403, code: 'AccessDenied', message: HOSTILE });
    const { code, message, text, result } = await fail(emulator, { inputs: { 'list-buckets': 'true' } });
    expectFailure({ code, message }, 'buckets-denied', `AWS: AccessDenied: ${HARMLESS}`);
    expect(text.split('\n')).toHaveLength(3);
    expect(result.commands.filter(({ name }) => name !== 'add-mask')).toEqual([{ name: 'error', message: text }]);
  });

  test('in the name of a bucket', async () => {
    const names = [HOSTILE, 'example-artifacts', 'zz ##[add-mask]e'];
    const world = worldWith((account) => {
      account.buckets = names.map((name) => bucket({ name }));
    });
    const emulator = await emulate({ world });
    const { result } = await succeed(emulator, { inputs: { 'list-buckets': 'true', summary: 'true' } });
    const { exported, outputs, commands, summary } = result;
    const credentials = [
      exported['AWS_ACCESS_KEY_ID'],
      exported['AWS_SECRET_ACCESS_KEY'],
      exported['AWS_SESSION_TOKEN'],
    ];
    expect(commandsOf(commands, credentials.map(String))).toEqual(masked(INPUT_MASKS));
    expect(Object.keys(outputs)).toEqual([
      'aws-account-id',
      'authenticated-arn',
      'aws-expiration',
      'mfa-serial',
      'bucket-count',
      'buckets',
    ]);
    // XML knows no line end of its own but \n: what is left of the hostile name is still one name.
    expect(JSON.parse(outputs['buckets'] ?? '')).toHaveLength(3);
    expect(outputs['buckets']).not.toMatch(/[\r\n]/);
    expect(summary).toContain('<code>no &#35; &#35;&#91;set-output name=buckets&#93;stolen ::set-env');
    expect(summary).not.toMatch(/^::|##\[/m);
  });

  test('in the ARN of a role’s session', async () => {
    const emulator = await emulate();
    const arn = 'arn:aws:sts::111122223333:assumed-role/deploy/##[set-output]x::add-mask::y';
    const through = await tap(emulator, (body) => body.replace(/<Arn>[^<]*<\/Arn>/, `<Arn>${arn}</Arn>`));
    const { result, infos } = await succeed(through, { inputs: { 'role-to-assume': 'deploy', summary: 'true' } });
    const { exported, outputs, commands } = result;
    const credentials = [
      exported['AWS_ACCESS_KEY_ID'],
      exported['AWS_SECRET_ACCESS_KEY'],
      exported['AWS_SESSION_TOKEN'],
    ];
    expect(commandsOf(commands, credentials.map(String))).toEqual(masked(INPUT_MASKS));
    expect(infos[0]).toContain('arn:aws:sts::111122223333:assumed-role/deploy/# #[set-output]x::add-mask::y');
    expect(outputs['authenticated-arn']).toBe(arn);
  });

  test('in an ARN with a line end, which isn’t an ARN', async () => {
    const emulator = await emulate();
    const through = await tap(emulator, (body) =>
      body.replace(/<Arn>[^<]*<\/Arn>/, '<Arn>arn:aws:sts::111122223333:assumed-role/deploy/x\nSTOLEN=1</Arn>'),
    );
    const { code, message } = await fail(through, { inputs: { 'role-to-assume': 'deploy', 'disable-retry': 'true' } });
    expectFailure({ code, message }, 'incomplete-answer');
  });

  test('in the serial number of another device of the user', async () => {
    const emulator = await emulate();
    const through = await tap(emulator, (body) =>
      body.replace(/<SerialNumber>[^<]*</, `<SerialNumber>${HOSTILE.replaceAll('\r', '&#13;')}<`),
    );
    const { code, message, text, result } = await fail(through, { inputs: { 'mfa-serial': 'GAHT12345678' } });
    expectFailure({ code, message }, 'mfa-device-unknown', HARMLESS);
    expect(commandsOf(result.commands)).toEqual([...masked(INPUT_MASKS), { name: 'error', message: text }]);
  });
});

describe('what an input holds cannot become a command', () => {
  test('in the message that refuses it', async () => {
    const emulator = await emulate();
    const { code, message, text, result } = await fail(emulator, {
      inputs: { 'aws-region': 'a\n::add-mask::e ##[add-path]/tmp' },
    });
    expectFailure({ code, message }, 'invalid-input', 'aws-region', 'a ::add-mask::e # #[add-path]/tmp');
    expect(commandsOf(result.commands)).toEqual([...masked(INPUT_MASKS), { name: 'error', message: text }]);
  });

  test('in AWS_PROFILE, which is warned of', async () => {
    const emulator = await emulate();
    const { warnings, result } = await succeed(emulator, { env: { AWS_PROFILE: 'x\n::set-env name=A::b' } });
    expect(warnings[0]).toMatch(/\bAWS_PROFILE\b.*x ::set-env name=A::b/);
    expect(new Set(result.commands.map(({ name }) => name))).toEqual(new Set(['add-mask', 'warning']));
  });
});

describe('credentials that no STS would give are refused as an incomplete answer', () => {
  const inElement = (name: string, text: string) => (body: string) =>
    body.replace(new RegExp(`<${name}>[^<]*</${name}>`), `<${name}>${text}</${name}>`);

  test.each([
    ['a line end in the token', inElement('SessionToken', 'IQoJb3Jp\nSTOLEN=1')],
    ['a carriage return in the secret', inElement('SecretAccessKey', 'wJalr&#13;STOLEN=1')],
    ['a command in the key', inElement('AccessKeyId', 'ASIAIOSFODNN7EXAMPLE\n::set-env name=A::b')],
    ['a space in the secret', inElement('SecretAccessKey', 'wJalrXUtn FEMI')],
    ['a bidi character in the token', inElement('SessionToken', 'IQoJb3Jp\u202e')],
    ['an empty secret', inElement('SecretAccessKey', '')],
    ['a token of 20,000 characters', inElement('SessionToken', 'x'.repeat(20_000))],
    ['a key that isn’t one', inElement('AccessKeyId', 'ASIA')],
  ])('%s', async (_name, change) => {
    const through = await tap(await emulate(), change);
    const { code, message, text, result, calls } = await fail(through, { inputs: { 'disable-retry': 'true' } });
    expectFailure({ code, message }, 'incomplete-answer', 'GetSessionToken');
    expect(result.commands.filter(({ name }) => name !== 'add-mask')).toEqual([{ name: 'error', message: text }]);
    expect(calls.filter(({ operation }) => operation === 'GetSessionToken')).toHaveLength(1);
  });

  test('an end that isn’t a time', async () => {
    const through = await tap(await emulate(), inElement('Expiration', 'soon'));
    const { code, message } = await fail(through, { inputs: { 'disable-retry': 'true' } });
    expectFailure({ code, message }, 'incomplete-answer', 'GetSessionToken');
  });

  test('with retries, another code is taken', async () => {
    let answers = 0;
    const through = await tap(await emulate(), (body) => {
      if (!body.includes('<SessionToken>')) return body;
      answers += 1;
      return answers === 1 ? inElement('SessionToken', 'a b')(body) : body;
    });
    const { infos } = await succeed(through);
    expect(infos[0]).toContain('2 of 2');
  });
});

test('the state, the outputs and the environment hold the entries that were meant, and no others', async () => {
  const emulator = await emulate({
    world: worldWith((account) => {
      account.buckets = [bucket({ name: 'a\nSTOLEN=1\nghadelimiter_x\nMORE<<x' })];
    }),
  });
  const { job, result } = await succeed(emulator, { inputs: { 'list-buckets': 'true' } });
  expect(Object.keys(result.state)).toEqual(['undo']);
  const text = readFileSync(`${job.temp}/../GITHUB_OUTPUT-1`, 'utf8');
  expect(text.match(/^[^\n]*<<ghadelimiter_[0-9a-f-]{36}$/gm)).toHaveLength(6);
  expect(result.outputs['buckets']).toBe('["a\\nSTOLEN=1\\nghadelimiter_x\\nMORE<<x"]');
});

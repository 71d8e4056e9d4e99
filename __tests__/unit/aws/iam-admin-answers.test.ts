import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { device } from '../../../lab/aws/build.ts';
import { createIamAdmin } from '../../../src/aws/iam-admin.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Answer } from '../../../src/core/ports.ts';
import type { IamAdmin } from '../../../src/setup/ports.ts';
import { clientSetting } from '../../kit/client-setting.ts';
import { administrate, codeOf, codesBy, OF_CI, PLAIN, SEED, SERIAL, told } from '../../kit/iam-admin.ts';
import { type StubAnswer, type StubServer, stubServer, xmlAnswer } from '../../kit/stub-server.ts';

const servers: StubServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The port, with a server that gives these answers in turn. */
async function answered(answers: readonly StubAnswer[], signal?: AbortSignal) {
  const server = await stubServer(answers);
  servers.push(server);
  const shared = clientSetting(server.endpoint, signal && { signal });
  return { iam: createIamAdmin(shared, OF_CI), server, shared };
}

const CALLS = {
  findUser: (iam) => iam.findUser('ci'),
  createUser: (iam) => iam.createUser(PLAIN),
  deleteUser: (iam) => iam.deleteUser('ci'),
  listKeys: (iam) => iam.listKeys('ci'),
  putPolicy: (iam) => iam.putPolicy('ci', 'mfa', '{}'),
  findPolicy: (iam) => iam.findPolicy('ci', 'mfa'),
  createDevice: (iam) => iam.createDevice('ci'),
  enableDevice: (iam) => iam.enableDevice('ci', SERIAL, () => ['000001', '000002']),
  createKey: (iam) => iam.createKey('ci'),
  lastUse: (iam) => iam.lastUse('AKIA0000000000000000'),
  deniedActions: (iam) => iam.deniedActions('arn:aws:iam::111122223333:user/ci', ['iam:GetUser']),
} satisfies Readonly<Record<string, (iam: IamAdmin) => Promise<Answer<unknown>>>>;

/** Everything that an error holds and that can be printed, however deep: messages, stacks, causes. */
const everythingIn = <T>(answer: Answer<T>): string =>
  inspect(answer, { depth: 20, maxStringLength: null, maxArrayLength: null, breakLength: 200 });

describe('the secrets of an answer', () => {
  test('are masked: a seed in every spelling', async () => {
    const { iam, account, shared } = await administrate();
    const created = await iam.createDevice('ci');
    const seed = account.unassignedDevices[0]?.seed ?? '';
    expect(shared.masked).toEqual([
      seed,
      seed.toLowerCase(),
      seed.match(/.{4}/g)?.join(' '),
      Buffer.from(seed).toString('base64'),
    ]);
    expect(created.ok && Object.keys(created.value)).toEqual(['serial', 'seed']);
  });

  test('are masked: the secret of a key, but not its ID', async () => {
    const { iam, ci, shared } = await administrate();
    await iam.createKey('ci');
    expect(shared.masked).toEqual([ci.accessKeys[0]?.secret]);
    expect([...shared.newKeys]).toEqual([ci.accessKeys[0]?.id]);
  });

  test('are masked even if the rest is missing', async () => {
    const { iam, emulator, ci, account, shared } = await administrate();
    emulator.faults.add({ kind: 'omit-field', field: 'SerialNumber' });
    expect(codeOf(await iam.createDevice('ci'))).toBe('incomplete-answer');
    expect(shared.masked).toContain(account.unassignedDevices[0]?.seed);
    emulator.faults.add({ kind: 'omit-field', field: 'AccessKeyId' });
    expect(codeOf(await iam.createKey('ci'))).toBe('incomplete-answer');
    expect(shared.masked).toContain(ci.accessKeys[0]?.secret);
  });

  test('aren’t in a failure, wherever the answer is cut off', async () => {
    const seedInXml = Buffer.from(SEED).toString('base64');
    const device = xmlAnswer(
      'CreateVirtualMFADevice',
      `<VirtualMFADevice><SerialNumber>${SERIAL}</SerialNumber><Base32StringSeed>${seedInXml}</Base32StringSeed></VirtualMFADevice>`,
    );
    const key = xmlAnswer(
      'CreateAccessKey',
      `<AccessKey><UserName>ci</UserName><AccessKeyId>${OF_CI.accessKeyId}</AccessKeyId><SecretAccessKey>s3cr3tOfTheKey</SecretAccessKey></AccessKey>`,
    );
    for (const [answer, act] of [
      [device, CALLS.createDevice],
      [key, CALLS.createKey],
    ] as const) {
      const { body = '' } = answer;
      for (let length = 0; length < body.length; length += 7) {
        const { iam } = await answered([{ ...answer, body: body.slice(0, length) }]);
        const got: Answer<unknown> = await act(iam);
        expect(codeOf(got)).toBe('incomplete-answer');
        const shown = everythingIn(got);
        for (const secret of [SEED, seedInXml.slice(0, 12), 's3cr3t']) expect(shown).not.toContain(secret);
      }
    }
  });
});

test('nothing that was sent is in a failure', async () => {
  const { iam, emulator } = await administrate((_, account) =>
    account.unassignedDevices.push(device({ serial: SERIAL, seed: SEED })),
  );
  const [previous, current] = codesBy(emulator)();
  const message = `Value '${current}' at 'authenticationCode2' is not ${previous}`;
  emulator.faults.add({ kind: 'refuse-with', status: 400, code: 'ValidationError', message });
  const refused = await iam.enableDevice('ci', SERIAL, () => [previous, current]);
  expect(told(refused)).toEqual({
    'invalid-parameter': {
      call: 'EnableMFADevice',
      aws: "ValidationError: Value '***' at 'authenticationCode2' is not ***",
    },
  });
  emulator.faults.add({ kind: 'reset-after' });
  const lost = await iam.enableDevice('ci', SERIAL, () => [previous, current]);
  expect(everythingIn(lost)).not.toMatch(new RegExp(`${previous}|${current}|AuthenticationCode1`));
});

describe('an answer says what time it is at AWS', () => {
  const later = Math.floor(Date.now() / 1000) * 1000 + 90_000;
  const date = { kind: 'date', date: later, times: Number.POSITIVE_INFINITY } as const;

  test('whatever the answer is', async () => {
    const { iam, emulator } = await administrate();
    emulator.faults.add(date);
    const answers = [
      await iam.createDevice('ci'),
      await iam.findUser('ci'),
      await iam.findUser('nobody'),
      await iam.deleteUser('nobody'),
      await iam.listKeys('ci'),
      await iam.putPolicy('ci', 'mfa', '{'),
      await iam.lastUse('AKIA0000000000000000'),
    ];
    for (const { serverTime } of answers) expect(serverTime).toBe(later + 500);
  });

  test('by the last of its requests', async () => {
    const { iam, emulator } = await administrate();
    emulator.faults.add({ kind: 'throttle' });
    emulator.faults.add({ kind: 'date', date: later });
    emulator.faults.add({ kind: 'date', date: later + 10_000 });
    expect((await iam.findUser('ci')).serverTime).toBe(later + 10_500);
  });

  test('also if calls overlap', async () => {
    const { iam, emulator } = await administrate();
    emulator.faults.add({ kind: 'date', operation: 'GetUser', date: later });
    emulator.faults.add({ kind: 'date', operation: 'ListAccessKeys', date: later + 10_000 });
    const answers = await Promise.all([iam.findUser('ci'), iam.listKeys('ci')]);
    expect(answers.map(({ serverTime }) => serverTime)).toEqual([later + 500, later + 10_500]);
  });

  test('unless nothing was answered', async () => {
    const { iam, emulator } = await administrate();
    emulator.faults.add({ kind: 'reset-before' });
    expect((await iam.createUser(PLAIN)).serverTime).toBeUndefined();
  });
});

describe('what isn’t AWS’s answer is no success', () => {
  test.each(Object.entries(CALLS))('a page of a portal, or nothing at all: %s', async (_, act) => {
    for (const body of ['<html><body>Please log in.</body></html>', '', '{}']) {
      const { iam } = await answered([{ body, from: 'somebody else' }]);
      expect(codeOf<unknown>(await act(iam))).toBe('incomplete-answer');
    }
  });

  test.each([
    ['a user without an ARN', 'GetUser', '<User><UserName>ci</UserName></User>', CALLS.findUser],
    ['a policy that can’t be decoded', 'GetUserPolicy', '<PolicyDocument>%</PolicyDocument>', CALLS.findPolicy],
    [
      'a seed that isn’t Base32',
      'CreateVirtualMFADevice',
      `<VirtualMFADevice><SerialNumber>${SERIAL}</SerialNumber><Base32StringSeed>c2VlZA==</Base32StringSeed></VirtualMFADevice>`,
      CALLS.createDevice,
    ],
    [
      'a secret of two lines',
      'CreateAccessKey',
      `<AccessKey><AccessKeyId>${OF_CI.accessKeyId}</AccessKeyId><SecretAccessKey>a&#10;b</SecretAccessKey></AccessKey>`,
      CALLS.createKey,
    ],
    ['a page that hides the next', 'ListAccessKeys', '<IsTruncated>true</IsTruncated>', CALLS.listKeys],
  ])('%s', async (_, call, result, act) => {
    const { iam } = await answered([xmlAnswer(call, result)]);
    expect(told<unknown>(await act(iam))).toEqual({
      'incomplete-answer': { call, reason: 'unreadable', status: 200 },
    });
  });

  test('a list that never ends', async () => {
    const page = (marker: number) =>
      xmlAnswer('ListAccessKeys', `<IsTruncated>true</IsTruncated><Marker>${marker}</Marker>`);
    const { iam, server } = await answered([page(1), page(1)]);
    expect(told(await iam.listKeys('ci'))).toEqual({
      'incomplete-answer': { call: 'ListAccessKeys', reason: 'endless-list' },
    });
    expect(server.requests.map(({ form }) => form['Marker'])).toEqual([undefined, '1']);
    const many = await answered(Array.from({ length: 1100 }, (_, marker) => page(marker)));
    expect(codeOf(await many.iam.listKeys('ci'))).toBe('incomplete-answer');
    expect(many.server.requests).toHaveLength(1000);
  });
});

test('nothing is sent once the step has ended', async () => {
  const end = new AbortController();
  end.abort(new Failure('timed-out', { seconds: 60 }));
  const { iam, server } = await answered([xmlAnswer('GetUser', '')], end.signal);
  await expect(iam.createUser(PLAIN)).rejects.toMatchObject({ code: 'timed-out' });
  expect(server.requests).toEqual([]);
});

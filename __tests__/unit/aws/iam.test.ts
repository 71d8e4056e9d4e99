import { afterEach, describe, expect, test } from '@jest/globals';
import { createIam } from '../../../src/aws/iam.ts';
import type { Keys } from '../../../src/core/credentials.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Iam } from '../../../src/core/ports.ts';
import { clientSetting } from '../../kit/client-setting.ts';
import { type StubAnswer, type StubServer, stubServer, xmlAnswer, xmlRefusal } from '../../kit/stub-server.ts';

const KEYS: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
const servers: StubServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function iamWith(
  answers: readonly StubAnswer[],
  signal?: AbortSignal,
): Promise<{ readonly iam: Iam; readonly server: StubServer }> {
  const server = await stubServer(answers);
  servers.push(server);
  return { iam: createIam(clientSetting(server.endpoint, signal === undefined ? {} : { signal })), server };
}

function devices(...serials: readonly string[]): StubAnswer {
  const members = serials.map(
    (serial) =>
      `<member><UserName>ci</UserName><SerialNumber>${serial}</SerialNumber><EnableDate>2027-01-01T00:00:00Z</EnableDate></member>`,
  );
  return xmlAnswer('ListMFADevices', `<MFADevices>${members.join('')}</MFADevices><IsTruncated>false</IsTruncated>`);
}

describe('the devices of a user', () => {
  test('are asked for without a name, so that they are the caller’s own', async () => {
    const { iam, server } = await iamWith([devices('arn:aws:iam::123456789012:mfa/ci', 'GAHT12345678')]);
    expect(await iam.listDevices(KEYS, 'find')).toMatchObject({
      ok: true,
      value: ['arn:aws:iam::123456789012:mfa/ci', 'GAHT12345678'],
    });
    expect(server.requests[0]?.form).toEqual({ Action: 'ListMFADevices', Version: '2010-05-08' });
  });

  test.each([
    ['an empty list', devices()],
    ['an answer without one', xmlAnswer('ListMFADevices', '')],
  ])('may be none: %s', async (_, answer) => {
    const { iam } = await iamWith([answer]);
    expect(await iam.listDevices(KEYS, 'find')).toMatchObject({ ok: true, value: [] });
  });

  test('may be a secret that the user must not ask for', async () => {
    const { iam } = await iamWith([
      xmlRefusal(403, 'AccessDenied', 'User: x is not authorized to perform: iam:ListMFADevices on resource: user ci'),
    ]);
    const answer = await iam.listDevices(KEYS, 'find');
    expect(!answer.ok && answer.failure.code).toBe('access-denied');
    expect(!answer.ok && answer.failure.facts).toMatchObject({ call: 'ListMFADevices' });
  });

  test('are asked for once more where the clock was off', async () => {
    const hourAhead = new Date(Date.now() + 3_600_000);
    const date = { date: hourAhead.toUTCString() };
    const { iam, server } = await iamWith([
      xmlRefusal(403, 'SignatureDoesNotMatch', 'Signature expired: it is', date),
      devices('GAHT12345678'),
    ]);
    expect(await iam.listDevices(KEYS, 'find')).toMatchObject({ ok: true, value: ['GAHT12345678'] });
    expect(server.requests[1]?.headers['x-amz-date']).toMatch(
      new RegExp(`^${hourAhead.toISOString().replace(/[-:]/g, '').slice(0, 11)}`),
    );
  });

  test('are not asked for where the step has ended', async () => {
    const end = new AbortController();
    end.abort(new Failure('timed-out', { seconds: 60 }));
    const { iam, server } = await iamWith([devices()], end.signal);
    await expect(iam.listDevices(KEYS, 'find')).rejects.toMatchObject({ code: 'timed-out' });
    expect(server.requests).toEqual([]);
  });
});

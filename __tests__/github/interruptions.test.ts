import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startGithub } from '../../lab/github/index.ts';
import { ask, hub, said, sealed } from './hub.ts';

const PATH = '/repos/acme/site/actions/secrets';
const put = async (name: string, value: string) => ask('PUT', `${PATH}/${name}`, { body: await sealed(PATH, value) });
const stored = () => hub.stores.vault({ kind: 'actions', of: 'acme/site' }).secrets.map(({ name }) => name);

describe('a write', () => {
  test('whose connection is reset before it isn’t done', async () => {
    hub.interruptions.add({ when: 'before', as: 'reset', method: 'PUT' });
    await expect(put('KEY', 'value')).rejects.toThrow('fetch failed');
    expect(stored()).toEqual([]);
    expect((await put('KEY', 'value')).status).toBe(201);
  });

  test('whose connection is reset after it is done', async () => {
    hub.interruptions.add({ when: 'after', as: 'reset', method: 'PUT' });
    await expect(put('KEY', 'value')).rejects.toThrow('fetch failed');
    expect(stored()).toEqual(['KEY']);
    expect(hub.requests.at(-1)).toMatchObject({ method: 'PUT', url: `${PATH}/KEY`, status: 0 });
  });

  test('can stay without an answer after it is done', async () => {
    hub.interruptions.add({ when: 'after', as: 'hang', method: 'PUT' });
    const waiting = put('KEY', 'value').catch((error: Error) => error.message);
    while (hub.requests.at(-1)?.method !== 'PUT') await setTimeout(1);
    expect(stored()).toEqual(['KEY']);
    await hub.close();
    expect(await waiting).toBe('fetch failed');
  });

  test.each([
    ['before', []],
    ['after', ['KEY']],
  ] as const)('can be answered by 502 %s it', async (when, expected) => {
    hub.interruptions.add({ when, as: { status: 502, body: { message: 'Server Error' } }, method: 'PUT' });
    expect(await said(put('KEY', 'value'))).toEqual([502, 'Server Error']);
    expect(stored()).toEqual(expected);
  });

  test('can be the second one, or the one of a certain name', async () => {
    hub.interruptions.add({ when: 'before', as: { status: 500, body: {} }, method: 'PUT', skip: 1 });
    hub.interruptions.add({ when: 'before', as: { status: 503, body: {} }, url: '/FOURTH', times: 2 });
    const statuses = [];
    for (const name of ['FIRST', 'SECOND', 'THIRD', 'FOURTH', 'FOURTH', 'FOURTH']) {
      statuses.push((await put(name, 'value')).status);
    }
    expect(statuses).toEqual([201, 500, 201, 503, 503, 201]);
  });

  test('isn’t interrupted after all interruptions were cleared', async () => {
    hub.interruptions.add({ when: 'before', as: 'reset', times: Number.POSITIVE_INFINITY });
    hub.interruptions.clear();
    expect((await put('KEY', 'value')).status).toBe(201);
  });
});

test('an answer can be delayed by the secondary rate limit', async () => {
  const headers = { 'retry-after': '60' };
  const body = { message: 'You have exceeded a secondary rate limit.' };
  hub.interruptions.add({ when: 'before', as: { status: 403, headers, body } });
  const reply = await ask('GET', PATH);
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([403, '60']);
});

test('every request can be searched for what must not leak', async () => {
  await put('KEY', 'the value in the clear');
  expect(hub.requests.map(({ method, url, status }) => [method, url, status])).toEqual([
    ['GET', `${PATH}/public-key`, 200],
    ['PUT', `${PATH}/KEY`, 201],
  ]);
  expect(JSON.stringify(hub.requests)).toContain('encrypted_value');
  expect(JSON.stringify(hub.requests)).not.toContain('the value in the clear');
});

test('with TLS, it has a certificate that clients can trust', async () => {
  const secure = await startGithub({ tls: true });
  expect(secure.apiUrl).toMatch(/^https:\/\/localhost:\d+$/);
  expect(secure.caPem).toMatch(/^-----BEGIN CERTIFICATE-----/);
  await expect(fetch(secure.apiUrl)).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  await secure.close();
});

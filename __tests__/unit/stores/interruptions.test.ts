import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../lab/aws/certificate.ts';
import type { JsonServer } from '../../../lab/http/json-server.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { SecretStore } from '../../../src/setup/ports.ts';
import { startProxy } from '../../kit/proxy.ts';
import {
  context,
  failure,
  github,
  githubStore,
  gitlab,
  gitlabStore,
  NAME,
  SECRET,
  START,
  type TestContext,
  value,
} from './world.ts';

// What happens between a store and its server, the same for both.

interface Setting {
  readonly server: JsonServer;
  readonly store: SecretStore;
  readonly using: TestContext;
  /** What is stored under `NAME`. */
  stored(): string | undefined;
}

type Given = Parameters<typeof context>[0];

async function onGithub(tls = false, given: Given = {}): Promise<Setting> {
  const { hub } = await github({}, tls);
  const using = await context({ caPem: hub.caPem, ...given });
  return {
    server: hub,
    using,
    store: await githubStore(hub, undefined, using),
    stored: () => hub.stores.vault({ kind: 'actions', of: 'acme/site' }).value(NAME),
  };
}

async function onGitlab(tls = false, given: Given = {}): Promise<Setting> {
  const lab = await gitlab({}, tls);
  const using = await context({ caPem: lab.caPem, ...given });
  return {
    server: lab,
    using,
    store: await gitlabStore(lab, undefined, using),
    stored: () => lab.variables('projects', 'acme/tools/site').value(NAME),
  };
}

describe.each([
  ['GitHub', onGithub],
  ['GitLab', onGitlab],
] as const)('%s:', (name, on) => {
  describe.each(['before', 'after'] as const)('a call that is interrupted %s it is done', (when) => {
    test.each([
      ['a dropped connection', 'reset'],
      ['an error of the server', { status: 500, body: { message: 'Server Error' } }],
      ['a page of a load balancer', { status: 502, body: '<html>Bad Gateway</html>' }],
    ] as const)('by %s is repeated, wherever it happens', async (_what, as) => {
      for (let skip = 0; skip < 3; skip += 1) {
        const { server, store, stored, using } = await on();
        server.interruptions.add({ when, as, skip });
        await value(store.put(NAME, SECRET));
        expect(stored()).toBe(SECRET);
        await value(store.find(NAME));
        await value(store.remove(NAME));
        expect(stored()).toBeUndefined();
        expect(using.reporter.notices).toMatchObject([{ kind: 'retrying', attempt: 2 }]);
      }
    });
  });

  test('a server that stays broken is given up', async () => {
    const { server, store, using } = await on();
    server.interruptions.add({ when: 'before', as: { status: 503, body: '' }, times: 99 });
    expect(await failure(store.put(NAME, SECRET), 'store-unavailable')).toMatchObject({ status: 503, reason: 'error' });
    expect(server.requests).toHaveLength(12);
    expect(using.clock.slept).toHaveLength(11);
  });

  test('a connection that is always dropped is given up', async () => {
    const { server, store } = await on();
    server.interruptions.add({ when: 'after', as: 'reset', times: 99 });
    expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
      store: name,
      reason: 'silent',
      error: expect.stringContaining('ECONNRESET'),
    });
    expect(server.requests).toHaveLength(4);
  });

  test('a call that is refused after its answer was lost may have worked', async () => {
    const { server, store, stored } = await on();
    await value(store.put(NAME, 'an-older-value'));
    const refused = { status: 403, body: { message: 'Forbidden' } };
    server.interruptions.add({ when: 'after', as: 'reset', method: 'PUT' });
    server.interruptions.add({ when: 'before', as: refused, method: 'PUT' });
    const lost = await store.put(NAME, SECRET);
    expect(!lost.ok && lost.failure).toMatchObject({ code: 'store-denied', context: { kind: 'after-lost' } });
    expect(stored()).toBe(SECRET);
    server.interruptions.add({ when: 'before', as: refused, method: 'PUT' });
    const denied = await store.put(NAME, SECRET);
    expect(!denied.ok && denied.failure).toMatchObject({ code: 'store-denied', context: undefined });
  });

  test('a short wait that the server asks for is waited', async () => {
    const { server, store, stored, using } = await on();
    const as = { status: 429, headers: { 'retry-after': '42' }, body: { message: 'Too many' } };
    server.interruptions.add({ when: 'before', as, skip: 1 });
    await value(store.put(NAME, SECRET));
    expect(using.clock.slept).toEqual([42_000]);
    expect(stored()).toBe(SECRET);
  });

  test('a long wait is not waited, but said', async () => {
    const { server, store, using } = await on();
    const reset = String(START / 1000 + 1800);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, 'ratelimit-reset': reset };
    server.interruptions.add({ when: 'before', as: { status: 429, headers, body: { message: 'Too many' } } });
    expect(await failure(store.put(NAME, SECRET), 'store-rate-limited')).toMatchObject({
      until: new Date('2026-09-01T12:30:00Z'),
    });
    expect(using.clock.slept).toEqual([]);
  });

  test('a server that asks to wait again and again is given up', async () => {
    const { server, store, using } = await on();
    const as = { status: 429, headers: { 'retry-after': '60' }, body: { message: 'Too many' } };
    server.interruptions.add({ when: 'before', as, times: 99 });
    await failure(store.put(NAME, SECRET), 'store-rate-limited');
    expect(using.clock.slept).toEqual([60_000, 60_000, 60_000]);
  });

  test.each([
    ['a portal that answers everything', { status: 200, body: '<html>Sign in</html>' }],
    ['a firewall that forbids it', { status: 403, body: '<html>Blocked</html>' }],
    ['something else with JSON', { status: 200, body: { hello: 'world' } }],
  ])('%s is not taken for the API', async (_what, as) => {
    for (const skip of [0, 1]) {
      const { server, store } = await on();
      server.interruptions.add({ when: 'before', as, skip, times: 99 });
      const facts = await failure(store.put(NAME, SECRET), 'store-unavailable');
      expect(facts.reason).toMatch(/^(?:odd-answer|key)$/);
      expect(await failure(store.find(NAME), 'store-unavailable')).toMatchObject({ status: as.status });
    }
  });

  test('an answer without an end is given up', async () => {
    const { server, store } = await on();
    server.interruptions.add({ when: 'before', as: { status: 200, body: 'x'.repeat(1_100_000) }, times: 9 });
    expect(await failure(store.find(NAME), 'store-unreachable')).toMatchObject({
      reason: 'silent',
      error: 'the answer is too large',
    });
  });

  test('a value that an error repeats is not shown', async () => {
    const { server, store } = await on();
    server.interruptions.add({
      when: 'before',
      as: { status: 422, body: { message: `No ${SECRET}.` } },
      method: 'PUT',
    });
    expect(await failure(store.put(NAME, SECRET), 'store-rejected')).toMatchObject({ said: 'No ***.' });
  });

  test('the end of the command ends a call, with its reason', async () => {
    const controller = new AbortController();
    const { store, server } = await on(false, { signal: controller.signal });
    const reason = new Failure('cancelled', { signal: 'SIGINT' });
    controller.abort(reason);
    await expect(store.put(NAME, SECRET)).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  describe('over TLS', () => {
    test('a certificate that is trusted is accepted', async () => {
      const { store, stored } = await on(true);
      await value(store.put(NAME, SECRET));
      expect(stored()).toBe(SECRET);
    });

    test('a certificate that isn’t is refused at once, and nothing is sent', async () => {
      const { cert } = await makeCertificate();
      const { store, server, using } = await on(true, { caPem: cert });
      expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
        reason: 'untrusted',
        target: new URL(server.origin).host,
      });
      expect(server.requests).toEqual([]);
      expect(using.clock.slept).toEqual([]);
    });

    test('a proxy opens a tunnel, and sees neither the token nor the value', async () => {
      const proxy = await startProxy({ credentials: 'ci:hunter2hunter2' });
      const url = new URL(`http://ci:hunter2hunter2@127.0.0.1:${proxy.port}`);
      const { store, stored, server } = await on(true, { proxy: { url, except: '' } });
      await value(store.put(NAME, SECRET));
      expect(stored()).toBe(SECRET);
      expect(proxy.requests).toMatchObject([{ method: 'CONNECT', target: new URL(server.origin).host, status: 200 }]);
    });

    test('a host in NO_PROXY is reached without the proxy', async () => {
      const proxy = await startProxy();
      const url = new URL(`http://127.0.0.1:${proxy.port}`);
      const { store, stored } = await on(true, { proxy: { url, except: 'localhost' } });
      await value(store.put(NAME, SECRET));
      expect(stored()).toBe(SECRET);
      expect(proxy.requests).toEqual([]);
    });

    test('a proxy that refuses is named', async () => {
      const proxy = await startProxy({ credentials: 'ci:hunter2hunter2' });
      const url = new URL(`http://127.0.0.1:${proxy.port}`);
      const { store } = await on(true, { proxy: { url, except: '' } });
      expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
        reason: 'tunnel',
        proxy: `127.0.0.1:${proxy.port}`,
        error: 'HTTP 407',
      });
      expect(proxy.requests).toHaveLength(1);
    });

    test('a proxy that isn’t there is named', async () => {
      const { store } = await on(true, { proxy: { url: new URL('http://127.0.0.1:9'), except: '' } });
      expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
        reason: 'proxy',
        proxy: '127.0.0.1:9',
      });
    });
  });

  test('a server that isn’t there is named', async () => {
    const { store, server } = await on(true);
    await server.close();
    expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
      reason: 'connection',
      target: new URL(server.origin).host,
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

test('an environment is created and filled, whatever call is interrupted, and however', async () => {
  for (const when of ['before', 'after'] as const)
    for (let skip = 0; skip < 8; skip += 1) {
      const { hub } = await github({ edition: 'old-ghes' });
      hub.interruptions.add({ when, as: 'reset', skip });
      const place = { kind: 'environment', owner: 'acme', repo: 'site', environment: 'staging' } as const;
      await value((await githubStore(hub, place)).put(NAME, SECRET));
      expect(hub.world.repositories[0]?.environments).toEqual(['production', 'staging']);
      expect(hub.stores.vault({ kind: 'environment', of: 'acme/site', environment: 'staging' }).value(NAME)).toBe(
        SECRET,
      );
      expect(hub.requests.filter(({ status }) => status === 0)).toHaveLength(1);
    }
});

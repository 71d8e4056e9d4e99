import { describe, expect, test } from '@jest/globals';
import type { SecretPlace } from '../../../lab/github/stores.ts';
import type { GithubPlace } from '../../../src/stores/github-place.ts';
import {
  calls,
  context,
  expectNoSecrets,
  failure,
  github,
  githubStore,
  NAME,
  SECRET,
  START,
  TOKEN,
  token,
  value,
} from './world.ts';

const ENVIRONMENT: GithubPlace = { kind: 'environment', owner: 'acme', repo: 'site', environment: 'production' };
const NEW_ENVIRONMENT: GithubPlace = { ...ENVIRONMENT, environment: 'eu/staging' };
const PREFIX = '/repos/acme/site';

const PLACES: readonly (readonly [string, GithubPlace, SecretPlace, object])[] = [
  [
    'the secrets of acme/site',
    { kind: 'repository', owner: 'acme', repo: 'site', of: 'actions' },
    { kind: 'actions', of: 'acme/site' },
    {},
  ],
  [
    'the Dependabot secrets of acme/site',
    { kind: 'repository', owner: 'acme', repo: 'site', of: 'dependabot' },
    { kind: 'dependabot', of: 'acme/site' },
    {},
  ],
  [
    'the secrets of the environment production of acme/site',
    ENVIRONMENT,
    { kind: 'environment', of: 'acme/site', environment: 'production' },
    {},
  ],
  [
    'the secrets of the organization acme',
    { kind: 'organization', org: 'acme', of: 'actions', access: { visibility: 'private' } },
    { kind: 'actions', of: 'acme' },
    { visibility: 'private', selectedRepositoryIds: [] },
  ],
  [
    'the Dependabot secrets of the organization acme',
    { kind: 'organization', org: 'acme', of: 'dependabot', access: { visibility: 'selected', repositoryIds: [4711] } },
    { kind: 'dependabot', of: 'acme' },
    { visibility: 'selected', selectedRepositoryIds: [4711] },
  ],
];

describe.each(['github.com', 'ghes', 'old-ghes'] as const)('on %s,', (edition) => {
  test.each(PLACES)('%s: a secret is created, found, replaced and removed', async (title, place, vault, more) => {
    const { hub, clock } = await github({ edition });
    const store = await githubStore(hub, place);
    expect(store.title).toBe(title);
    expect(await value(store.find(NAME))).toBeUndefined();

    await value(store.put(NAME, SECRET));
    expect(hub.stores.vault(vault).value(NAME)).toBe(SECRET);
    expect(hub.stores.vault(vault).secrets[0]).toMatchObject(more);
    expect(await value(store.find(NAME))).toEqual({ name: NAME, updated: new Date(START) });
    // By GitHub's clock, as that was.
    expect(await store.find(NAME)).toMatchObject({ serverTime: START });

    clock.advance(90_000);
    await value(store.put(NAME, 'another value'));
    expect(hub.stores.vault(vault).value(NAME)).toBe('another value');
    expect(await value(store.find(NAME))).toEqual({ name: NAME, updated: new Date(START + 90_000) });

    await value(store.remove(NAME));
    expect(hub.stores.vault(vault).secrets).toEqual([]);
    await value(store.remove(NAME));
  });

  test('the environment is created to write, not to look or to remove', async () => {
    const { hub } = await github({ edition });
    const store = await githubStore(hub, NEW_ENVIRONMENT);
    expect(await value(store.find(NAME))).toBeUndefined();
    await value(store.remove(NAME));
    expect(hub.world.repositories[0]?.environments).toEqual(['production']);
    await value(store.put(NAME, SECRET));
    expect(hub.world.repositories[0]?.environments).toEqual(['production', 'eu/staging']);
    expect(hub.stores.vault({ kind: 'environment', of: 'acme/site', environment: 'eu/staging' }).value(NAME)).toBe(
      SECRET,
    );
  });
});

test('an environment that exists is never created again, so that it keeps its protection rules', async () => {
  const { hub } = await github();
  await value((await githubStore(hub, ENVIRONMENT)).put(NAME, SECRET));
  expect(calls(hub.requests)).toEqual([
    `GET ${PREFIX}/environments/production/secrets/public-key 200`,
    `PUT ${PREFIX}/environments/production/secrets/${NAME} 201`,
  ]);
});

test('an environment that can be seen, but not its secrets, is left alone', async () => {
  const { hub } = await github();
  const hidden = { status: 404, body: { message: 'Not Found' } };
  hub.interruptions.add({ when: 'before', as: hidden, url: 'public-key', times: 9 });
  const facts = await failure((await githubStore(hub, ENVIRONMENT)).put(NAME, SECRET), 'store-not-found');
  expect(facts).toMatchObject({ place: 'the environment production of acme/site', reason: 'hidden' });
  expect(calls(hub.requests).filter((call) => call.startsWith('PUT'))).toEqual([]);
});

test('an older server is asked for the path of an environment once', async () => {
  const { hub } = await github({ edition: 'old-ghes' });
  const store = await githubStore(hub, ENVIRONMENT);
  await value(store.put(NAME, SECRET));
  await value(store.put('OTHER', SECRET));
  expect(calls(hub.requests)).toEqual([
    `GET /api/v3${PREFIX}/environments/production/secrets/public-key 404`,
    `GET /api/v3${PREFIX} 200`,
    'GET /api/v3/repositories/4711/environments/production/secrets/public-key 200',
    `PUT /api/v3/repositories/4711/environments/production/secrets/${NAME} 201`,
    'GET /api/v3/repositories/4711/environments/production/secrets/public-key 200',
    'PUT /api/v3/repositories/4711/environments/production/secrets/OTHER 201',
  ]);
});

test('if GitHub changes its key in between, the value is sealed again', async () => {
  const { hub } = await github();
  const vault = hub.stores.vault({ kind: 'actions', of: 'acme/site' });
  const answer = { status: 422, body: { message: 'improperly encrypted secret' } };
  hub.interruptions.add({ when: 'before', as: answer, method: 'PUT' });
  hub.interruptions.add({
    when: 'before',
    as: { status: 200, body: { ...vault.publicKey(), key_id: '1' } },
    url: 'public-key',
  });
  await value((await githubStore(hub)).put(NAME, SECRET));
  expect(vault.value(NAME)).toBe(SECRET);
});

test('the token is in the Authorization header only, and the value nowhere', async () => {
  const { hub } = await github();
  for (const [, place] of PLACES) {
    const store = await githubStore(hub, place);
    await value(store.put(NAME, SECRET));
    await value(store.find(NAME));
  }
  expect(hub.requests.length).toBeGreaterThan(10);
  for (const {
    headers: { authorization, ...headers },
    ...request
  } of hub.requests) {
    expect(authorization).toBe(`token ${TOKEN}`);
    expect(headers['user-agent']).toContain('aws-mfa-credentials/0.0.0');
    expectNoSecrets(JSON.stringify({ ...request, headers }));
  }
});

test('a value is masked before it is sent', async () => {
  const { hub } = await github();
  const using = await context();
  await value((await githubStore(hub, undefined, using)).put(NAME, SECRET));
  expect(using.secrets.redact(`${TOKEN} ${SECRET}`)).toBe('*** ***');
});

describe('a token', () => {
  test('that GitHub doesn’t know is refused', async () => {
    const { hub } = await github({ tokens: [] });
    expect(await failure((await githubStore(hub)).put(NAME, SECRET), 'store-token-refused')).toEqual({
      store: 'GitHub',
      call: `GET ${PREFIX}/actions/secrets/public-key`,
      status: 401,
      said: 'Bad credentials',
    });
  });

  test('without the permission is denied, with what GitHub says that it accepts', async () => {
    const { hub } = await github({ tokens: [token({ permissions: { secrets: 'read' } })] });
    expect(await failure((await githubStore(hub)).put(NAME, SECRET), 'store-denied')).toEqual({
      store: 'GitHub',
      call: `PUT ${PREFIX}/actions/secrets/${NAME}`,
      status: 403,
      said: 'Resource not accessible by personal access token',
      accepts: 'secrets=write',
      token: 'other',
    });
  });

  test('of a workflow is named as one', async () => {
    const workflow = 'ghs_exampleOfAWorkflow';
    const { hub } = await github({ tokens: [token({ kind: 'installation', value: workflow, permissions: {} })] });
    const store = await githubStore(hub, undefined, undefined, workflow);
    expect(await failure(store.find(NAME), 'store-denied')).toMatchObject({
      accepts: 'secrets=read',
      token: 'installation',
    });
  });

  test('of the classic kind is denied with the scope that it needs', async () => {
    const { hub } = await github({
      tokens: [{ value: TOKEN, kind: 'classic', scopes: ['repo'], sees: ['acme', 'acme/site'] }],
    });
    const place: GithubPlace = { kind: 'organization', org: 'acme', of: 'actions', access: { visibility: 'all' } };
    expect(await failure((await githubStore(hub, place)).put(NAME, SECRET), 'store-denied')).toMatchObject({
      accepts: 'the scope admin:org',
    });
    await value((await githubStore(hub)).put(NAME, SECRET));
  });

  test.each([
    ['the repository acme/site', { kind: 'repository', owner: 'acme', repo: 'site', of: 'actions' }],
    ['the repository acme/site', ENVIRONMENT],
    ['the organization acme', { kind: 'organization', org: 'acme', of: 'actions', access: { visibility: 'all' } }],
  ] as const)('that doesn’t see %s finds nothing there, whatever is done', async (place, where) => {
    const { hub } = await github({ tokens: [token({ sees: [] })] });
    const store = await githubStore(hub, where);
    for (const done of [store.find(NAME), store.put(NAME, SECRET), store.remove(NAME)])
      expect(await failure(done, 'store-not-found')).toMatchObject({ place, reason: 'hidden' });
  });
});

test('a repository that has moved is not followed', async () => {
  const { hub } = await github();
  const headers = { location: 'https://elsewhere.example/repositories/4711' };
  hub.interruptions.add({ when: 'before', as: { status: 301, headers, body: { message: 'Moved Permanently' } } });
  expect(await failure((await githubStore(hub)).put(NAME, SECRET), 'store-not-found')).toMatchObject({
    reason: 'moved',
  });
  expect(hub.requests).toHaveLength(1);
});

test('a secret that GitHub rejects is not sent again', async () => {
  const { hub } = await github();
  expect(await failure((await githubStore(hub)).put('GITHUB_KEY', SECRET), 'store-rejected')).toMatchObject({
    status: 422,
    said: expect.stringContaining('Secret names must not start with GITHUB_.'),
  });
  expect(calls(hub.requests).filter((call) => call.startsWith('PUT'))).toHaveLength(1);
});

describe('a public key', () => {
  test.each([
    ['too short', Buffer.alloc(31, 1).toString('base64')],
    ['too long', Buffer.alloc(33, 1).toString('base64')],
    ['in another alphabet', `${'-'.repeat(43)}=`],
    ['not a string', 7],
    ['of low order', Buffer.alloc(32).toString('base64')],
    ['missing', undefined],
  ])('that is %s ends the call before anything is sealed', async (_what, key) => {
    const { hub } = await github();
    hub.interruptions.add({ when: 'before', as: { status: 200, body: { key_id: '1', key } } });
    expect(await failure((await githubStore(hub)).put(NAME, SECRET), 'store-unavailable')).toMatchObject({
      reason: 'key',
    });
    expect(hub.requests).toHaveLength(1);
  });
});

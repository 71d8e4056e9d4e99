import { describe, expect, test } from '@jest/globals';
import type { SecretPlace } from '../../lab/github/stores.ts';
import { ask, clock, hub, said, sealed, start } from './hub.ts';

const REPOSITORY = '/repos/acme/site/actions/secrets';

describe.each<[string, string, SecretPlace, object]>([
  ['a repository', REPOSITORY, { kind: 'actions', of: 'acme/site' }, {}],
  [
    'an environment',
    '/repos/acme/site/environments/production/secrets',
    { kind: 'environment', of: 'acme/site', environment: 'production' },
    {},
  ],
  [
    'an environment, by the repository’s ID',
    '/repositories/4711/environments/production/secrets',
    { kind: 'environment', of: 'acme/site', environment: 'production' },
    {},
  ],
  ['Dependabot', '/repos/acme/site/dependabot/secrets', { kind: 'dependabot', of: 'acme/site' }, {}],
  ['an organisation', '/orgs/acme/actions/secrets', { kind: 'actions', of: 'acme' }, { visibility: 'private' }],
  [
    'Dependabot in an organisation',
    '/orgs/acme/dependabot/secrets',
    { kind: 'dependabot', of: 'acme' },
    { visibility: 'selected', selected_repository_ids: [4711] },
  ],
])('a secret of %s', (_what, path, place, more) => {
  test('is created, replaced and deleted, and what was sealed is what was stored', async () => {
    expect(await ask('PUT', `${path}/AWS_KEY`, { body: await sealed(path, 'AKIA:first', more) })).toMatchObject({
      status: 201,
      body: {},
    });
    clock.advance(90_000);
    expect(await ask('PUT', `${path}/aws_key`, { body: await sealed(path, 'AKIA:second', more) })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(hub.stores.vault(place).value('AWS_KEY')).toBe('AKIA:second');
    const shown = {
      name: 'AWS_KEY',
      created_at: '2026-09-01T12:00:00Z',
      updated_at: '2026-09-01T12:01:30Z',
      ...('visibility' in more && { visibility: more.visibility }),
    };
    expect((await ask('GET', `${path}/AWS_KEY`)).body).toEqual(shown);
    expect((await ask('GET', path)).body).toEqual({ total_count: 1, secrets: [shown] });
    expect((await ask('DELETE', `${path}/AWS_KEY`)).status).toBe(204);
    expect(await said(ask('GET', `${path}/AWS_KEY`))).toEqual([404, 'Not Found']);
    expect(await said(ask('DELETE', `${path}/AWS_KEY`))).toEqual([404, 'Not Found']);
  });
});

test('every place has its own key', async () => {
  const keys = await Promise.all(
    [REPOSITORY, '/repos/acme/site/dependabot/secrets', '/orgs/acme/actions/secrets'].map(async (path) => {
      const { body = {} } = await ask('GET', `${path}/public-key`);
      expect(Buffer.from(String(body['key']), 'base64')).toHaveLength(32);
      return body['key_id'];
    }),
  );
  expect(keys.map(String).every((id) => /^\d{18}$/.test(id))).toBe(true);
  expect(new Set(keys).size).toBe(3);
});

describe('a secret that can’t be opened is refused:', () => {
  const IMPROPER = [422, 'Bad request - validation failed due to an improperly encrypted secret'];
  const put = (body: unknown, name = 'KEY') => said(ask('PUT', `${REPOSITORY}/${name}`, { body }));

  test('one that was sealed for another place', async () => {
    expect(await put(await sealed('/repos/acme/site/dependabot/secrets', 'value'))).toEqual(IMPROPER);
    const { key_id } = (await ask('GET', `${REPOSITORY}/public-key`)).body ?? {};
    const box = await sealed('/repos/acme/site/dependabot/secrets', 'value', { key_id });
    expect(await put(box)).toEqual(IMPROPER);
  });

  test('one that was sealed for an earlier key', async () => {
    const old = await sealed(REPOSITORY, 'value');
    hub.stores.vault({ kind: 'actions', of: 'acme/site' }).replaceKey('568150242000399999');
    expect(await put(old)).toEqual(IMPROPER);
    expect((await ask('PUT', `${REPOSITORY}/KEY`, { body: await sealed(REPOSITORY, 'value') })).status).toBe(201);
  });

  test.each([
    ['nothing', {}, 'Invalid request.\n\n"encrypted_value" wasn\'t supplied.'],
    ['no key', { encrypted_value: 'c2VjcmV0' }, 'Invalid request.\n\n"key_id" wasn\'t supplied.'],
    [
      'no base64',
      { encrypted_value: 'in-the-clear', key_id: '1' },
      'Invalid request.\n\nin-the-clear does not match /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.',
    ],
  ])('%s', async (_what, body, message) => {
    expect(await put(body)).toEqual([422, message]);
  });

  test('one that is larger than 48 KB', async () => {
    expect((await put(await sealed(REPOSITORY, 'x'.repeat(48 * 1024 + 1))))[0]).toBe(422);
    expect((await put(await sealed(REPOSITORY, 'x'.repeat(48 * 1024))))[0]).toBe(201);
  });

  test('something that isn’t JSON', async () => {
    expect(await put('{')).toEqual([400, 'Problems parsing JSON']);
  });

  test.each([
    ['GITHUB_KEY', 'Secret names must not start with GITHUB_.'],
    [
      '1KEY',
      'Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
    ],
  ])('one with the name %s', async (name, message) => {
    expect(await put(await sealed(REPOSITORY, 'value'), name)).toEqual([422, message]);
    expect(hub.stores.vault({ kind: 'actions', of: 'acme/site' }).secrets).toEqual([]);
  });
});

test('an organisation’s secret needs a visibility', async () => {
  const path = '/orgs/acme/actions/secrets';
  const put = async (more: object) => said(ask('PUT', `${path}/KEY`, { body: await sealed(path, 'value', more) }));
  expect(await put({})).toEqual([422, 'Invalid request.\n\n"visibility" wasn\'t supplied.']);
  expect(await put({ visibility: 'public' })).toEqual([
    422,
    'Invalid request.\n\npublic is not a member of ["all","private","selected"].',
  ]);
  expect(await put({ visibility: 'all' })).toEqual([201, undefined]);
});

describe('environments', () => {
  test('are created by PUT, and have no secrets before that', async () => {
    const path = '/repos/acme/site/environments/rotation';
    expect(await said(ask('GET', `${path}/secrets/public-key`))).toEqual([404, 'Not Found']);
    expect((await ask('GET', path)).status).toBe(404);
    expect((await ask('PUT', path, { body: {} })).body).toMatchObject({ name: 'rotation' });
    expect((await ask('GET', path)).status).toBe(200);
    expect((await ask('GET', `${path}/secrets/public-key`)).status).toBe(200);
  });

  test('may have a slash in their names', async () => {
    await ask('PUT', '/repos/acme/site/environments/eu%2Fprod', { body: {} });
    expect(hub.world.repositories[0]?.environments).toEqual(['production', 'eu/prod']);
  });
});

describe('GitHub Enterprise Server', () => {
  test('has its API under /api/v3', async () => {
    await start({ edition: 'ghes' });
    expect(hub.apiUrl).toBe(`${hub.origin}/api/v3`);
    expect((await ask('GET', '/repos/acme/site')).body).toEqual({
      id: 4711,
      name: 'site',
      full_name: 'acme/site',
      private: true,
      owner: { login: 'acme', type: 'Organization' },
    });
    expect((await fetch(`${hub.origin}/repos/acme/site`)).status).toBe(401);
  });

  test.each([
    ['/repos/acme/site/environments/production/secrets/public-key', 404],
    ['/repositories/4711/environments/production/secrets/public-key', 200],
    ['/repos/acme/site/actions/secrets/public-key', 200],
    ['/repos/acme/site/actions/variables', 404],
    ['/orgs/acme/actions/variables', 404],
  ])('of an old version answers %s with %d', async (path, status) => {
    await start({ edition: 'old-ghes' });
    expect((await ask('GET', path)).status).toBe(status);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { SecretPlace } from '../../lab/github/stores.ts';
import { ask, clock, hub, said } from './hub.ts';

describe.each<[string, string, SecretPlace, object]>([
  ['a repository', '/repos/acme/site/actions/variables', { kind: 'actions', of: 'acme/site' }, {}],
  [
    'an environment',
    '/repos/acme/site/environments/production/variables',
    { kind: 'environment', of: 'acme/site', environment: 'production' },
    {},
  ],
  ['an organisation', '/orgs/acme/actions/variables', { kind: 'actions', of: 'acme' }, { visibility: 'all' }],
])('a variable of %s', (_what, path, place, more) => {
  test('is created once, changed and deleted', async () => {
    const body = { name: 'SERIAL', value: 'first', ...more };
    expect(await ask('POST', path, { body })).toMatchObject({ status: 201 });
    expect(await said(ask('POST', path, { body }))).toEqual([409, 'Already exists - Variable already exists']);
    clock.advance(60_000);
    expect((await ask('PATCH', `${path}/serial`, { body: { value: 'second' } })).status).toBe(204);
    expect(hub.stores.variables(place).value('SERIAL')).toBe('second');
    const shown = {
      name: 'SERIAL',
      value: 'second',
      created_at: '2026-09-01T12:00:00Z',
      updated_at: '2026-09-01T12:01:00Z',
      ...more,
    };
    expect((await ask('GET', `${path}/SERIAL`)).body).toEqual(shown);
    expect((await ask('GET', path)).body).toEqual({ total_count: 1, variables: [shown] });
    expect((await ask('DELETE', `${path}/SERIAL`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(await said(ask(method, `${path}/SERIAL`))).toEqual([404, 'Not Found']);
    }
    expect(await said(ask('PATCH', `${path}/SERIAL`, { body }))).toEqual([404, 'Not Found']);
  });
});

test.each([
  ['/repos/acme/site/actions/variables', { value: 'x' }, 'Invalid request.\n\n"name" wasn\'t supplied.'],
  ['/repos/acme/site/actions/variables', { name: 'X' }, 'Invalid request.\n\n"value" wasn\'t supplied.'],
  ['/orgs/acme/actions/variables', { name: 'X', value: 'x' }, 'Invalid request.\n\n"visibility" wasn\'t supplied.'],
])('POST %s refuses %j', async (path, body, message) => {
  expect(await said(ask('POST', path, { body }))).toEqual([422, message]);
});

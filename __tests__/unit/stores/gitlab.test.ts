import { describe, expect, test } from '@jest/globals';
import type { GitlabPlace } from '../../../src/stores/gitlab.ts';
import {
  calls,
  context,
  expectNoSecrets,
  failure,
  gitlab,
  gitlabStore,
  LAB_TOKEN,
  NAME,
  PROJECT,
  SECRET,
  value,
} from './world.ts';

const VARIABLES = '/api/v4/projects/acme%2Ftools%2Fsite/variables';
const FILTER = '?filter%5Benvironment_scope%5D=*';

const PLACES: readonly (readonly [string, GitlabPlace, 'projects' | 'groups', string])[] = [
  ['the CI/CD variables of the project acme/tools/site', PROJECT, 'projects', 'acme/tools/site'],
  ['the CI/CD variables of the project 11', { ...PROJECT, id: '11' }, 'projects', 'acme/tools/site'],
  [
    'the CI/CD variables of the project acme/tools/site for the environment production/eu',
    { ...PROJECT, scope: 'production/eu' },
    'projects',
    'acme/tools/site',
  ],
  ['the CI/CD variables of the group acme', { kind: 'group', id: 'acme', jobs: 'all', scope: '*' }, 'groups', 'acme'],
];

test.each(PLACES)('%s: a variable is created, found, replaced and removed', async (title, place, kind, path) => {
  const lab = await gitlab();
  const store = await gitlabStore(lab, place);
  expect(store.title).toBe(title);
  expect(await value(store.find(NAME))).toBeUndefined();

  await value(store.put(NAME, SECRET));
  const expected = {
    key: NAME,
    value: SECRET,
    variable_type: 'env_var',
    masked: true,
    hidden: true,
    raw: true,
    protected: place.jobs === 'protected',
    environment_scope: place.scope,
  };
  expect(lab.variables(kind, path).all()).toMatchObject([expected]);
  expect(await value(store.find(NAME))).toEqual({ name: NAME, updated: undefined });

  await value(store.put(NAME, 'another-value'));
  expect(lab.variables(kind, path).all()).toMatchObject([{ ...expected, value: 'another-value' }]);

  await value(store.remove(NAME));
  expect(lab.variables(kind, path).all()).toEqual([]);
  await value(store.remove(NAME));
});

test('variables of the same name for other environments stay as they are', async () => {
  const lab = await gitlab();
  await value((await gitlabStore(lab)).put(NAME, 'for-every-one'));
  const store = await gitlabStore(lab, { ...PROJECT, scope: 'production' });
  await value(store.put(NAME, SECRET));
  const variables = lab.variables('projects', 'acme/tools/site');
  expect(variables.value(NAME)).toBe('for-every-one');
  expect(variables.value(NAME, 'production')).toBe(SECRET);
  await value(store.remove(NAME));
  expect(variables.value(NAME)).toBe('for-every-one');
});

test('a variable that anyone could see is masked when it is replaced', async () => {
  const lab = await gitlab();
  await fetch(`${lab.apiUrl}/projects/11/variables`, {
    method: 'POST',
    headers: { 'private-token': LAB_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ key: NAME, value: 'visible', protected: false }),
  });
  await value((await gitlabStore(lab)).put(NAME, SECRET));
  expect(lab.variables('projects', 'acme/tools/site').all()).toMatchObject([
    { value: SECRET, masked: true, hidden: false, protected: true, raw: true },
  ]);
});

test('a version that doesn’t know hidden variables masks them', async () => {
  const lab = await gitlab({ knowsHidden: false });
  await value((await gitlabStore(lab)).put(NAME, SECRET));
  expect(lab.variables('projects', 'acme/tools/site').all()).toMatchObject([{ masked: true, hidden: false }]);
});

describe('a variable that GitLab didn’t mask', () => {
  const unmasked = { status: 201, body: { key: NAME, value: null, masked: false } };

  test('is removed again', async () => {
    const lab = await gitlab();
    lab.interruptions.add({ when: 'after', as: unmasked, method: 'POST' });
    expect(await failure((await gitlabStore(lab)).put(NAME, SECRET), 'store-not-masked')).toEqual({
      name: NAME,
      place: 'the project acme/tools/site',
      value: 'removed',
    });
    expect(lab.variables('projects', 'acme/tools/site').all()).toEqual([]);
  });

  test('and that can’t be removed is named, with the reason', async () => {
    const lab = await gitlab();
    lab.interruptions.add({ when: 'after', as: unmasked, method: 'POST' });
    lab.interruptions.add({
      when: 'before',
      as: { status: 403, body: { message: '403 Forbidden' } },
      method: 'DELETE',
    });
    const answer = (await gitlabStore(lab)).put(NAME, SECRET);
    expect(await failure(answer, 'store-not-masked')).toMatchObject({ value: 'left' });
    expect(await answer).toMatchObject({
      failure: { context: { kind: 'because', failure: { code: 'store-denied' } } },
    });
  });
});

test('a variable that was created before the answer was lost is not created twice', async () => {
  const lab = await gitlab();
  lab.interruptions.add({ when: 'after', as: 'reset', method: 'POST' });
  await value((await gitlabStore(lab)).put(NAME, SECRET));
  expect(calls(lab.requests)).toEqual([
    `PUT ${VARIABLES}/${NAME}${FILTER} 404`,
    `POST ${VARIABLES} 0`,
    `POST ${VARIABLES} 400`,
    `PUT ${VARIABLES}/${NAME}${FILTER} 200`,
  ]);
  expect(lab.variables('projects', 'acme/tools/site').value(NAME)).toBe(SECRET);
});

test.each([
  ['arn:aws:iam::111122223333:mfa/ci JBSWY3DP', 'space'],
  ['two\nlines-of-it', 'space'],
  ['a1b2c3d', 'short'],
  ['', 'short'],
  ['x'.repeat(10_001), 'long'],
  ['pass"word', 'characters'],
  ['pass$word', 'characters'],
  ['paßwörter', 'characters'],
])('%j can’t be masked, so nothing is sent', async (unmaskable, because) => {
  const lab = await gitlab();
  const facts = await failure((await gitlabStore(lab)).put(NAME, unmaskable), 'store-value-unmaskable');
  expect(facts).toEqual({ name: NAME, because });
  expect(lab.requests).toEqual([]);
});

test('the token is in its header only, and the value in the body of a write only', async () => {
  const lab = await gitlab();
  const using = await context();
  const store = await gitlabStore(lab, undefined, using);
  await value(store.put(NAME, SECRET));
  await value(store.put(NAME, SECRET));
  await value(store.find(NAME));
  await value(store.remove(NAME));
  for (const {
    headers: { 'private-token': token, ...headers },
    body,
    ...request
  } of lab.requests) {
    expect(token).toBe(LAB_TOKEN);
    expectNoSecrets(JSON.stringify({ ...request, headers }));
    if (request.method === 'GET' || request.method === 'DELETE') expect(body).toBe('');
  }
  expect(using.secrets.redact(`${LAB_TOKEN} ${SECRET}`)).toBe('*** ***');
});

describe('a token', () => {
  const roles = { 'acme/tools/site': 'maintainer', acme: 'maintainer' } as const;

  test('that GitLab doesn’t know is refused', async () => {
    const lab = await gitlab({ tokens: [] });
    expect(await failure((await gitlabStore(lab)).find(NAME), 'store-token-refused')).toEqual({
      store: 'GitLab',
      call: `GET ${VARIABLES.replace('/api/v4', '')}/${NAME}`,
      status: 401,
      said: '401 Unauthorized',
    });
  });

  test('of a job is refused', async () => {
    const lab = await gitlab({ tokens: [{ value: LAB_TOKEN, kind: 'job', scope: 'api', roles }] });
    await failure((await gitlabStore(lab)).put(NAME, SECRET), 'store-token-refused');
  });

  test('of a developer is denied', async () => {
    const tokens = [
      { value: LAB_TOKEN, kind: 'access', scope: 'api', roles: { 'acme/tools/site': 'developer' } },
    ] as const;
    const lab = await gitlab({ tokens: [...tokens] });
    expect(await failure((await gitlabStore(lab)).put(NAME, SECRET), 'store-denied')).toMatchObject({
      said: '403 Forbidden',
      accepts: undefined,
    });
  });

  test('that may only read is denied, with the scope that it needs', async () => {
    const lab = await gitlab({ tokens: [{ value: LAB_TOKEN, kind: 'access', scope: 'read_api', roles }] });
    expect(await failure((await gitlabStore(lab)).put(NAME, SECRET), 'store-denied')).toMatchObject({
      said: expect.stringContaining('insufficient_scope'),
      accepts: 'the scope api',
    });
  });

  test('of no maintainer of the project finds nothing there, whatever is done', async () => {
    const lab = await gitlab({ tokens: [{ value: LAB_TOKEN, kind: 'access', scope: 'api', roles: {} }] });
    const store = await gitlabStore(lab);
    for (const done of [store.find(NAME), store.put(NAME, SECRET), store.remove(NAME)])
      expect(await failure(done, 'store-not-found')).toMatchObject({
        place: 'the project acme/tools/site',
        reason: 'hidden',
      });
  });
});

test('a name that GitLab rejects is said', async () => {
  const lab = await gitlab();
  expect(await failure((await gitlabStore(lab)).put('AWS-KEY', SECRET), 'store-rejected')).toMatchObject({
    status: 400,
    said: `{"key":["can contain only letters, digits and '_'."]}`,
  });
});

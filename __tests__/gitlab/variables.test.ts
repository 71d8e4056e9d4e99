import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SettableClock } from '../../lab/aws/index.ts';
import { type Gitlab, gitlabWorld, startGitlab } from '../../lab/gitlab/index.ts';

const MAINTAINER = 'glpat-maintainer';
const PROJECT = '/projects/42/variables';

let lab: Gitlab;
let clock: SettableClock;

beforeEach(async () => {
  clock = new SettableClock(Date.parse('2026-09-01T12:00:00Z'));
  const roles = { 'acme/site': 'maintainer', acme: 'owner' } as const;
  const world = gitlabWorld({
    projects: [{ id: 42, path: 'acme/site' }],
    groups: [{ id: 7, path: 'acme' }],
    tokens: [
      { value: MAINTAINER, kind: 'access', scope: 'api', roles },
      { value: 'glpat-reader', kind: 'access', scope: 'read_api', roles },
      {
        value: 'glpat-developer',
        kind: 'access',
        scope: 'api',
        roles: { 'acme/site': 'developer', acme: 'maintainer' },
      },
      { value: 'glpat-stranger', kind: 'access', scope: 'api', roles: {} },
      { value: 'glpat-old', kind: 'access', scope: 'api', roles, expiresAt: Date.parse('2026-09-01T12:30:00Z') },
      { value: 'oauth', kind: 'oauth', scope: 'api', roles },
      { value: 'glcbt-job', kind: 'job', scope: 'api', roles },
    ],
  });
  lab = await startGitlab({ world, clock });
});

afterEach(() => lab.close());

/** One request; the answer's status and body. */
async function ask(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = { 'PRIVATE-TOKEN': MAINTAINER },
): Promise<[number, unknown]> {
  const response = await fetch(`${lab.apiUrl}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

const DEFAULTS = {
  variable_type: 'env_var',
  protected: false,
  masked: false,
  hidden: false,
  raw: false,
  environment_scope: '*',
  description: null,
};

describe.each([
  ['a project, by its number', PROJECT, 'projects', 'acme/site', 'Variable'],
  ['a project, by its path', '/projects/acme%2Fsite/variables', 'projects', 'acme/site', 'Variable'],
  ['a group', '/groups/acme/variables', 'groups', 'acme', 'GroupVariable'],
] as const)('a variable of %s', (_what, path, kind, name, word) => {
  test('is created, changed and deleted', async () => {
    const body = { key: 'AWS_KEY', value: 'AKIA:first', masked: true, protected: true };
    const shown = { ...DEFAULTS, ...body };
    expect(await ask('POST', path, body)).toEqual([201, shown]);
    expect(await ask('GET', `${path}/AWS_KEY`)).toEqual([200, shown]);
    expect(await ask('PUT', `${path}/AWS_KEY`, { value: 'AKIA:second' })).toEqual([
      200,
      { ...shown, value: 'AKIA:second' },
    ]);
    expect(lab.variables(kind, name).value('AWS_KEY')).toBe('AKIA:second');
    expect(await ask('DELETE', `${path}/AWS_KEY`)).toEqual([204, undefined]);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(await ask(method, `${path}/AWS_KEY`)).toEqual([404, { message: `404 ${word} Not Found` }]);
    }
  });
});

describe('a hidden variable', () => {
  const body = { key: 'SEED', value: 'JBSWY3DPEHPK3PXP', masked_and_hidden: true };

  test('is masked, never shown, and stays so', async () => {
    const shown = { ...DEFAULTS, key: 'SEED', value: null, masked: true, hidden: true };
    expect(await ask('POST', PROJECT, body)).toEqual([201, shown]);
    expect(await ask('GET', PROJECT)).toEqual([200, [shown]]);
    expect(await ask('PUT', `${PROJECT}/SEED`, { value: 'GEZDGNBVGY3TQOJQ' })).toEqual([200, shown]);
    expect(lab.variables('projects', 'acme/site').value('SEED')).toBe('GEZDGNBVGY3TQOJQ');
    expect(await ask('PUT', `${PROJECT}/SEED`, { masked: false })).toEqual([
      400,
      { message: { base: ['The visibility setting cannot be changed for masked and hidden variables.'] } },
    ]);
  });

  test('must be one that can be masked', async () => {
    expect(await ask('POST', PROJECT, { ...body, value: 'short' })).toEqual([
      400,
      { message: { value: ['is invalid'] } },
    ]);
  });

  test('is neither hidden nor masked in versions that don’t know it', async () => {
    lab.world.knowsHidden = false;
    expect(await ask('POST', PROJECT, body)).toEqual([201, { ...DEFAULTS, key: 'SEED', value: 'JBSWY3DPEHPK3PXP' }]);
  });
});

test.each([
  ['AKIA:secret/key+1=', false, 201],
  ['arn:aws:iam::111122223333:mfa/ci', false, 201],
  ['seven77', false, 400],
  ['eight888', false, 201],
  ['with a space', false, 400],
  ['with a space', true, 400],
  ['two\nlines', true, 400],
  ['dollar$ign', false, 400],
  ['dollar$ign', true, 201],
  ['arn JBSWY3DPEHPK3PXP', true, 400],
  ['{"json":1}', false, 400],
  ['{"json":1}', true, 201],
])('masking %j, raw %s: %d', async (value, raw, status) => {
  const [answered, body] = await ask('POST', PROJECT, { key: 'KEY', value, raw, masked: true });
  expect(answered).toBe(status);
  if (status === 400) expect(body).toEqual({ message: { value: ['is invalid'] } });
  expect(lab.variables('projects', 'acme/site').all()).toHaveLength(status === 201 ? 1 : 0);
});

test('a change is refused if the value can’t be masked any more', async () => {
  await ask('POST', PROJECT, { key: 'KEY', value: 'long enough' });
  expect(await ask('PUT', `${PROJECT}/KEY`, { masked: true })).toEqual([400, { message: { value: ['is invalid'] } }]);
  expect(await ask('GET', `${PROJECT}/KEY`)).toEqual([200, { ...DEFAULTS, key: 'KEY', value: 'long enough' }]);
});

test.each([
  [{}, { error: 'key is missing, value is missing' }],
  [{ key: 'KEY' }, { error: 'value is missing' }],
  [{ key: 'KEY', value: 'x', masked: 'maybe' }, { error: 'masked is invalid' }],
  [{ key: 'KEY', value: 'x', variable_type: 'secret' }, { error: 'variable_type does not have a valid value' }],
  [{ key: 'A-KEY', value: 'x' }, { message: { key: ["can contain only letters, digits and '_'."] } }],
])('POST refuses %j', async (body, refusal) => {
  expect(await ask('POST', PROJECT, body)).toEqual([400, refusal]);
});

test('variables with the same key differ in their scopes, and requests must name one', async () => {
  const create = (environment_scope: string) =>
    ask('POST', PROJECT, { key: 'KEY', value: `of ${environment_scope}`, environment_scope });
  expect((await create('production'))[0]).toBe(201);
  expect((await create('staging'))[0]).toBe(201);
  expect(await create('staging')).toEqual([400, { message: { key: ['(KEY) has already been taken'] } }]);
  const several = {
    message: "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
  };
  for (const method of ['GET', 'PUT', 'DELETE']) expect(await ask(method, `${PROJECT}/KEY`)).toEqual([409, several]);
  const filter = { environment_scope: 'staging' };
  expect((await ask('PUT', `${PROJECT}/KEY`, { value: 'changed', filter }))[0]).toBe(200);
  expect((await ask('DELETE', `${PROJECT}/KEY?filter[environment_scope]=production`))[0]).toBe(204);
  expect(await ask('GET', `${PROJECT}/KEY`)).toMatchObject([200, { value: 'changed', environment_scope: 'staging' }]);
});

test('parameters can be a form', async () => {
  const body = new URLSearchParams({ key: 'KEY', value: 'eight888', masked: 'true' });
  const response = await fetch(`${lab.apiUrl}${PROJECT}`, {
    method: 'POST',
    headers: { 'PRIVATE-TOKEN': MAINTAINER },
    body,
  });
  expect([response.status, await response.json()]).toMatchObject([201, { value: 'eight888', masked: true }]);
});

test('lists come in pages of 20', async () => {
  for (let i = 0; i < 21; i++) await ask('POST', PROJECT, { key: `KEY_${i}`, value: 'x' });
  const first = await fetch(`${lab.apiUrl}${PROJECT}`, { headers: { 'PRIVATE-TOKEN': MAINTAINER } });
  expect([await first.json(), first.headers.get('x-next-page'), first.headers.get('x-total')]).toMatchObject([
    { length: 20 },
    '2',
    '21',
  ]);
  expect(await ask('GET', `${PROJECT}?page=2`)).toMatchObject([200, [{ key: 'KEY_20' }]]);
});

describe('a token', () => {
  const unauthorized = [401, { message: '401 Unauthorized' }];

  test.each<[string, number, Record<string, string>]>([
    ['in PRIVATE-TOKEN', 200, { 'PRIVATE-TOKEN': MAINTAINER }],
    ['as Bearer', 200, { Authorization: `Bearer ${MAINTAINER}` }],
    ['of OAuth as Bearer', 200, { Authorization: 'Bearer oauth' }],
    ['of OAuth in PRIVATE-TOKEN', 401, { 'PRIVATE-TOKEN': 'oauth' }],
    ['that is unknown', 401, { 'PRIVATE-TOKEN': 'wrong' }],
    ['of a job in JOB-TOKEN', 401, { 'JOB-TOKEN': 'glcbt-job' }],
    ['of a job in PRIVATE-TOKEN', 401, { 'PRIVATE-TOKEN': 'glcbt-job' }],
    ['that is missing', 401, {}],
  ])('%s: %d', async (_how, status, headers) => {
    const answer = await ask('GET', PROJECT, undefined, headers);
    expect(answer[0]).toBe(status);
    if (status === 401) expect(answer).toEqual(unauthorized);
  });

  test('has an end', async () => {
    const headers = { 'PRIVATE-TOKEN': 'glpat-old' };
    expect((await ask('GET', PROJECT, undefined, headers))[0]).toBe(200);
    clock.advance(30 * 60_000);
    expect(await ask('GET', PROJECT, undefined, headers)).toEqual([
      401,
      {
        error: 'invalid_token',
        error_description: 'Token is expired. You can either do re-authorization or token refresh.',
      },
    ]);
  });

  test.each<[string, string, string, number, object]>([
    ['glpat-developer', 'GET', PROJECT, 403, { message: '403 Forbidden' }],
    ['glpat-developer', 'GET', '/groups/7/variables', 403, { message: '403 Forbidden' }],
    ['glpat-stranger', 'GET', PROJECT, 404, { message: '404 Project Not Found' }],
    ['glpat-stranger', 'GET', '/groups/7/variables', 404, { message: '404 Group Not Found' }],
    [MAINTAINER, 'GET', '/projects/43/variables', 404, { message: '404 Project Not Found' }],
    [
      'glpat-reader',
      'POST',
      PROJECT,
      403,
      {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: 'api',
      },
    ],
  ])('%s may not %s %s: %d', async (value, method, path, status, body) => {
    expect(await ask(method, path, undefined, { 'PRIVATE-TOKEN': value })).toEqual([status, body]);
  });
});

test('writes can be interrupted, and requests are logged', async () => {
  const body = { key: 'KEY', value: 'eight888' };
  lab.interruptions.add({ when: 'before', as: 'reset', method: 'POST' });
  await expect(ask('POST', PROJECT, body)).rejects.toThrow('fetch failed');
  lab.interruptions.add({ when: 'after', as: { status: 502, body: '<h1>Bad Gateway</h1>' }, method: 'POST' });
  await expect(ask('POST', PROJECT, body)).rejects.toThrow('JSON');
  expect(await ask('POST', PROJECT, body)).toEqual([400, { message: { key: ['(KEY) has already been taken'] } }]);
  expect(lab.requests.map(({ method, url, status }) => [method, url, status])).toEqual([
    ['POST', `/api/v4${PROJECT}`, 0],
    ['POST', `/api/v4${PROJECT}`, 502],
    ['POST', `/api/v4${PROJECT}`, 400],
  ]);
});

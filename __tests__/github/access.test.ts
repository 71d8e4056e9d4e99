import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { Token } from '../../lab/github/index.ts';
import { ask, clock, hub, OWNER, said, start } from './hub.ts';

const KEY = '/repos/acme/site/actions/secrets/public-key';

const reader: Token = {
  value: 'github_pat_reader',
  kind: 'personal',
  sees: ['acme', 'acme/site'],
  permissions: { secrets: 'read' },
};

async function forbidden(token: Token, method: string, path: string) {
  await start({ tokens: [token] });
  const { status, headers, body } = await ask(method, path, {
    token: token.value,
    body: method === 'GET' ? undefined : {},
  });
  return [status, body?.['message'], headers.get('x-accepted-github-permissions')];
}

describe('a token', () => {
  test('must be known', async () => {
    expect(await said(ask('GET', KEY, { token: 'wrong' }))).toEqual([401, 'Bad credentials']);
    const anonymous = await fetch(`${hub.apiUrl}${KEY}`);
    expect([anonymous.status, await anonymous.json()]).toMatchObject([401, { message: 'Requires authentication' }]);
  });

  test('may be sent as "token" or "Bearer"', async () => {
    for (const scheme of ['token', 'Bearer', 'bearer']) {
      const { status } = await fetch(`${hub.apiUrl}${KEY}`, { headers: { authorization: `${scheme} ${OWNER}` } });
      expect(status).toBe(200);
    }
  });

  test('says when it ends, and is refused then', async () => {
    await start({ tokens: [{ ...reader, expiresAt: Date.parse('2026-09-01T12:30:00Z') }] });
    const { headers, status } = await ask('GET', KEY, { token: reader.value });
    expect([status, headers.get('github-authentication-token-expiration')]).toEqual([200, '2026-09-01 12:30:00 UTC']);
    clock.advance(30 * 60_000);
    expect(await said(ask('GET', KEY, { token: reader.value }))).toEqual([401, 'Bad credentials']);
  });

  test('doesn’t find what it can’t see, nor what doesn’t exist', async () => {
    await start({ tokens: [{ ...reader, sees: ['acme/other'] }] });
    for (const path of [KEY, '/repos/acme/site', '/repos/acme/missing', '/orgs/acme/actions/secrets', '/user']) {
      expect(await said(ask('GET', path, { token: reader.value }))).toEqual([404, 'Not Found']);
    }
  });

  test.each<[string, string, string]>([
    ['PUT', '/repos/acme/site/actions/secrets/KEY', 'secrets=write'],
    ['DELETE', '/repos/acme/site/actions/secrets/KEY', 'secrets=write'],
    ['GET', '/repos/acme/site/environments/production/secrets/public-key', 'environments=read'],
    ['PUT', '/repos/acme/site/environments/production/secrets/KEY', 'environments=write'],
    ['GET', '/repos/acme/site/environments/production', 'actions=read'],
    ['PUT', '/repos/acme/site/environments/production', 'administration=write'],
    ['PUT', '/repos/acme/site/dependabot/secrets/KEY', 'dependabot_secrets=write'],
    ['POST', '/repos/acme/site/actions/variables', 'actions_variables=write'],
    ['PUT', '/orgs/acme/actions/secrets/KEY', 'organization_secrets=write'],
    ['PUT', '/orgs/acme/dependabot/secrets/KEY', 'organization_dependabot_secrets=write'],
    ['GET', '/orgs/acme/actions/variables', 'organization_actions_variables=read'],
  ])('without permission may not %s %s, and the answer says which', async (method, path, accepted) => {
    expect(await forbidden(reader, method, path)).toEqual([
      403,
      'Resource not accessible by personal access token',
      accepted,
    ]);
  });

  test('of a workflow has no permission for secrets', async () => {
    const token: Token = {
      value: 'ghs_workflow',
      kind: 'installation',
      sees: ['acme/site'],
      permissions: { actions: 'write' },
    };
    expect(await forbidden(token, 'GET', KEY)).toEqual([403, 'Resource not accessible by integration', 'secrets=read']);
    expect((await ask('GET', '/repos/acme/site', { token: token.value })).status).toBe(200);
  });

  test('of the classic kind has scopes instead', async () => {
    await start({ tokens: [{ value: 'ghp_classic', kind: 'classic', sees: ['acme', 'acme/site'], scopes: ['repo'] }] });
    expect((await ask('GET', KEY, { token: 'ghp_classic' })).status).toBe(200);
    const { status, headers } = await ask('GET', '/orgs/acme/actions/secrets', { token: 'ghp_classic' });
    expect([status, headers.get('x-oauth-scopes'), headers.get('x-accepted-oauth-scopes')]).toEqual([
      403,
      'repo',
      'admin:org',
    ]);
  });
});

test('requests count towards a limit', async () => {
  await start({ remainingRequests: 2 });
  const { headers } = await ask('GET', KEY);
  expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit-')))).toEqual({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-reset': '1788267600',
    'x-ratelimit-resource': 'core',
    'x-ratelimit-used': '4999',
  });
  await ask('GET', KEY);
  const refused = await ask('GET', KEY);
  expect([refused.status, refused.headers.get('x-ratelimit-remaining'), refused.body?.['message']]).toEqual([
    403,
    '0',
    'API rate limit exceeded for user ID 1.',
  ]);
});

test('requests without User-Agent are refused', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { authorization: `Bearer ${OWNER}` };
  httpRequest(`${hub.apiUrl}${KEY}`, { headers }, (answer) => resolve(answer.resume().statusCode))
    .on('error', reject)
    .end();
  expect(await promise).toBe(403);
});

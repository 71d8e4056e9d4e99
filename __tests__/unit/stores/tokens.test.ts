import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startSecrets } from '../../../src/shell/secrets.ts';
import { githubHost, githubToken, gitlabToken } from '../../../src/stores/tokens.ts';
import { closeAfterTest } from '../../kit/action.ts';
import { testNeeding } from '../../kit/platform.ts';
import { failure, TOKEN, value } from './world.ts';

const NO_GH = { PATH: '/nowhere' };

/** A `gh` in a PATH of its own that runs this script, and writes down its arguments. */
function gh(script: string): { readonly PATH: string; readonly args: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'gh-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'gh'), `#!/bin/sh\necho "$@" > '${folder}/args'\n${script}\n`);
  chmodSync(join(folder, 'gh'), 0o755);
  return {
    PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin`,
    args: () => readFileSync(join(folder, 'args'), 'utf8'),
  };
}

describe('a token for GitHub', () => {
  test.each([
    ['github.com', { GH_TOKEN: TOKEN, GITHUB_TOKEN: 'other-token' }],
    ['github.com', { GH_TOKEN: '', GITHUB_TOKEN: TOKEN }],
    ['github.com', { GH_TOKEN: `${TOKEN}\n`, GH_ENTERPRISE_TOKEN: 'other-token' }],
    ['acme.ghe.com', { GH_TOKEN: TOKEN, GH_ENTERPRISE_TOKEN: 'other-token' }],
    ['ghes.example', { GH_TOKEN: 'other-token', GH_ENTERPRISE_TOKEN: TOKEN }],
    ['ghes.example', { GH_TOKEN: 'other-token', GITHUB_ENTERPRISE_TOKEN: TOKEN }],
    ['ghes.example', { GITHUB_TOKEN: TOKEN, GH_HOST: 'ghes.example' }],
    ['ghes.example', { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: 'https://ghes.example' }],
  ])('for %s is found in %j, and masked', async (host, env) => {
    const secrets = startSecrets();
    expect(await value(githubToken({ ...NO_GH, ...env }, host, secrets))).toBe(TOKEN);
    expect(secrets.redact(`token ${TOKEN}`)).toBe('token ***');
  });

  test('of github.com is never sent to a server that only a git remote names', async () => {
    const env = { ...NO_GH, GH_TOKEN: TOKEN, GITHUB_TOKEN: TOKEN };
    const answer = await githubToken(env, 'elsewhere.example', startSecrets());
    expect(answer).toMatchObject({ ok: false, failure: { code: 'store-token-missing' } });
  });

  testNeeding('file modes')('comes from gh otherwise, for the host, and is masked', async () => {
    const secrets = startSecrets();
    const { args, ...env } = gh(`echo ${TOKEN}`);
    expect(await value(githubToken(env, 'ghes.example', secrets))).toBe(TOKEN);
    expect(args()).toBe('auth token --hostname ghes.example\n');
    expect(secrets.redact(TOKEN)).toBe('***');
  });

  testNeeding('file modes')('that gh doesn’t have is missed, with the reason', async () => {
    const { args: _, ...env } = gh('echo "no oauth token found for github.com" >&2; exit 1');
    expect(await failure(githubToken(env, 'github.com', startSecrets()), 'store-token-missing')).toEqual({
      store: 'GitHub',
      host: 'github.com',
      gh: { error: 'no oauth token found for github.com' },
    });
  });

  test('is missed without gh', async () => {
    expect(await failure(githubToken(NO_GH, 'github.com', startSecrets()), 'store-token-missing')).toMatchObject({
      gh: 'not-installed',
    });
  });

  test.each(['two words', 'a\nb', 'tökén'])('isn’t %j', async (text) => {
    const facts = await failure(githubToken({ GH_TOKEN: text }, 'github.com', startSecrets()), 'store-token-malformed');
    expect(facts).toEqual({ source: 'GH_TOKEN' });
  });

  test('is for github.com, unless GH_HOST names another host', () => {
    expect(githubHost({})).toBe('github.com');
    expect(githubHost({ GH_HOST: 'ghes.example' })).toBe('ghes.example');
    expect(githubHost({ GITHUB_SERVER_URL: 'https://ghes.example:8443' })).toBe('ghes.example:8443');
    expect(githubHost({ GH_HOST: 'other.example', GITHUB_SERVER_URL: 'https://ghes.example' })).toBe('other.example');
  });
});

describe('a token for GitLab', () => {
  test('is found and masked', async () => {
    const secrets = startSecrets();
    expect(gitlabToken({ GITLAB_TOKEN: `${TOKEN} ` }, secrets)).toMatchObject({ ok: true, value: TOKEN });
    expect(secrets.redact(TOKEN)).toBe('***');
  });

  test('is never that of a job', async () => {
    const answer = gitlabToken({ CI_JOB_TOKEN: 'glcbt-64_example' }, startSecrets());
    expect(await failure(Promise.resolve(answer), 'store-token-missing')).toEqual({
      store: 'GitLab',
      reason: 'job-token',
    });
  });

  test('may be missing', async () => {
    const answer = gitlabToken({}, startSecrets());
    expect(await failure(Promise.resolve(answer), 'store-token-missing')).toEqual({ store: 'GitLab', reason: 'none' });
  });
});

import { expect, test } from '@jest/globals';
import { readRemote } from '../../../../src/shell/setup/remote.ts';
import { githubApiUrl } from '../../../../src/stores/github-place.ts';

const SITE = { host: 'github.com', owner: 'acme', name: 'site' };

test.each([
  ['https://github.com/acme/site.git', SITE],
  ['https://github.com/acme/site', SITE],
  ['https://github.com/acme/site/\n', SITE],
  ['https://www.github.com/acme/site', SITE],
  ['https://ana:github_pat_1234@github.com/acme/site.git', SITE],
  ['https://x-access-token:ghs_1234@GitHub.com/acme/site', SITE],
  ['git@github.com:acme/site.git', SITE],
  ['github.com:acme/site', SITE],
  ['git@github.com:/acme/site.git', SITE],
  ['ssh://git@github.com/acme/site.git', SITE],
  ['ssh://git@github.com:22/acme/site.git', SITE],
  ['ssh://git@ssh.github.com:443/acme/site.git', SITE],
  ['git+ssh://git@github.com/acme/site.git', SITE],
  ['git://github.com/acme/site.git', SITE],
  ['org-123@github.com:acme/site.git', SITE],
  ['https://ghes.example:8443/acme/site.git', { ...SITE, host: 'ghes.example:8443' }],
  ['ssh://git@ghes.example:2222/acme/site.git', { ...SITE, host: 'ghes.example' }],
  ['git@ghes.example:acme/site.github.io.git', { ...SITE, host: 'ghes.example', name: 'site.github.io' }],
  ['git@gitlab.com:acme/tools/site.git', { host: 'gitlab.com', owner: 'acme/tools', name: 'site' }],
  ['ssh://git@altssh.gitlab.com:443/acme/site.git', { ...SITE, host: 'gitlab.com' }],
])('%j names a repository', (url, remote) => {
  expect(readRemote(url)).toEqual(remote);
});

test.each([
  '',
  'origin',
  '/srv/git/acme/site.git',
  '../acme/site.git',
  'C:/work/acme/site',
  'C:\\work\\acme\\site',
  'file:///srv/git/acme/site.git',
  'https://github.com/site.git',
  'https://github.com/../site.git',
  'git@github.com:../site.git',
  'https://github.com/acme/si te',
  'https://github.com/acme/%2e%2e%2fsite',
  'ext::sh -c whoami acme/site',
])('%j names none', (url) => {
  expect(readRemote(url)).toBeUndefined();
});

test('the address of an API follows from the host', () => {
  expect(githubApiUrl('github.com')).toBe('https://api.github.com');
  expect(githubApiUrl('GitHub.com')).toBe('https://api.github.com');
  expect(githubApiUrl('acme.ghe.com')).toBe('https://api.acme.ghe.com');
  expect(githubApiUrl('ghes.example:8443')).toBe('https://ghes.example:8443/api/v3');
});

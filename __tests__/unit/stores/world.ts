import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { SettableClock } from '../../../lab/aws/index.ts';
import { type Github, type GithubWorld, githubWorld, startGithub, type Token } from '../../../lab/github/index.ts';
import { type Gitlab, type GitlabWorld, gitlabWorld, startGitlab } from '../../../lab/gitlab/index.ts';
import type { LoggedRequest } from '../../../lab/http/json-server.ts';
import { Failure, type FailureCode, type FailureFacts } from '../../../src/core/failure.ts';
import type { ProxyServer } from '../../../src/core/network.ts';
import { type Answer, unwrap } from '../../../src/core/ports.ts';
import { explain } from '../../../src/inputs/messages/catalogue.ts';
import { openAgent } from '../../../src/net/agent.ts';
import { startSecrets } from '../../../src/shell/secrets.ts';
import { WORDING } from '../../../src/shell/wording.ts';
import type { StoreContext } from '../../../src/stores/context.ts';
import { createGithubStore } from '../../../src/stores/github.ts';
import type { GithubPlace } from '../../../src/stores/github-place.ts';
import { createGitlabStore, type GitlabPlace } from '../../../src/stores/gitlab.ts';
import { closeAfterTest } from '../../kit/action.ts';
import { FakeClock, FakeReporter } from '../../kit/fake-ports.ts';

// Stores, and the small GitHub and GitLab that they write to. Both are closed after the test.

export const START = Date.parse('2026-09-01T12:00:00Z');
export const TOKEN = 'github_pat_11AAAAAAA0exampleOfAToken';
export const LAB_TOKEN = 'glpat-exampleOfAToken0000';
/** A value as it is stored: a pair of keys. */
export const SECRET = 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const NAME = 'AWS_ACCESS_KEY';

export const REPOSITORY: GithubPlace = { kind: 'repository', owner: 'acme', repo: 'site', of: 'actions' };
export const PROJECT: GitlabPlace = { kind: 'project', id: 'acme/tools/site', jobs: 'protected', scope: '*' };

export interface TestContext extends StoreContext {
  readonly clock: FakeClock;
  readonly reporter: FakeReporter;
}

/** What stores need, with a clock that only sleeping advances. */
export async function context(
  given: { readonly proxy?: ProxyServer; readonly caPem?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<TestContext> {
  const agent = await openAgent(given.proxy);
  if (given.caPem !== undefined) agent.options.ca = given.caPem;
  closeAfterTest(() => agent.destroy());
  const clock = new FakeClock(START);
  const reporter = new FakeReporter();
  return {
    agent,
    signal: given.signal ?? new AbortController().signal,
    secrets: startSecrets(),
    retry: { clock, reporter, random: () => 0.5, maxAttempts: undefined },
    userAgent: 'aws-mfa-credentials/0.0.0',
    clock,
    reporter,
  };
}

/** A token that may do everything, as far as the test doesn't take something away. */
export function token(more: Partial<Extract<Token, { kind: 'personal' | 'installation' }>> = {}): Token {
  return {
    value: TOKEN,
    kind: 'personal',
    sees: ['acme', 'acme/site'],
    permissions: {
      actions: 'read',
      administration: 'write',
      secrets: 'write',
      environments: 'write',
      dependabot_secrets: 'write',
      organization_secrets: 'write',
      organization_dependabot_secrets: 'write',
    },
    ...more,
  };
}

export interface Hub {
  readonly hub: Github;
  readonly clock: SettableClock;
}

/** A GitHub with an organization, a repository and an environment. */
export async function github(world: Partial<GithubWorld> = {}, tls = false): Promise<Hub> {
  const clock = new SettableClock(START);
  const hub = await startGithub({
    clock,
    tls,
    world: githubWorld({
      organizations: ['acme'],
      repositories: [{ id: 4711, fullName: 'acme/site', environments: ['production'] }],
      tokens: [token()],
      ...world,
    }),
  });
  closeAfterTest(() => hub.close());
  return { hub, clock };
}

export async function githubStore(hub: Github, place: GithubPlace = REPOSITORY, using?: TestContext, value = TOKEN) {
  return createGithubStore(place, hub.apiUrl, value, using ?? (await context({ caPem: hub.caPem })));
}

/** A GitLab with a group and a project. */
export async function gitlab(world: Partial<GitlabWorld> = {}, tls = false): Promise<Gitlab> {
  const lab = await startGitlab({
    clock: new SettableClock(START),
    tls,
    world: gitlabWorld({
      projects: [{ id: 11, path: 'acme/tools/site' }],
      groups: [{ id: 12, path: 'acme' }],
      tokens: [
        { value: LAB_TOKEN, kind: 'access', scope: 'api', roles: { 'acme/tools/site': 'maintainer', acme: 'owner' } },
      ],
      ...world,
    }),
  });
  closeAfterTest(() => lab.close());
  return lab;
}

export async function gitlabStore(lab: Gitlab, place: GitlabPlace = PROJECT, using?: TestContext, value = LAB_TOKEN) {
  return createGitlabStore(place, lab.apiUrl, value, using ?? (await context({ caPem: lab.caPem })));
}

/** The value of an answer; fails the test if there is none. */
export async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  return unwrap(await answer);
}

/** The facts of an expected failure, after a search for secrets in everything that it could show. */
export async function failure<Code extends FailureCode>(
  answer: Promise<Answer<unknown>>,
  code: Code,
): Promise<FailureFacts[Code]> {
  const got = await answer;
  if (got.ok) throw new Error(`no ${code}, but ${JSON.stringify(got)}`);
  expectNoSecrets(inspect(got.failure, { depth: 12, showHidden: true }));
  const { message, remedy } = explain(got.failure, WORDING);
  expectNoSecrets(`${message} ${remedy}`);
  expect(got.failure).toBeInstanceOf(Failure);
  expect(got.failure.code).toBe(code);
  return got.failure.facts as FailureFacts[Code];
}

export function expectNoSecrets(text: string): void {
  for (const secret of [TOKEN, LAB_TOKEN, SECRET, ...SECRET.split(':')])
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/.?=*$/, ''),
    ])
      expect(text).not.toContain(spelling);
}

/** Methods and paths, in order. */
export function calls(requests: readonly LoggedRequest[]): readonly string[] {
  return requests.map(({ method, url, status }) => `${method} ${url} ${status}`);
}

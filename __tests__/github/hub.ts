import { afterEach, beforeEach } from '@jest/globals';
import sodium from 'libsodium-wrappers';
import { SettableClock } from '../../lab/aws/index.ts';
import { type Github, type GithubWorld, githubWorld, startGithub } from '../../lab/github/index.ts';

// A small GitHub with an organisation and a repository, and a client without Octokit.

export const OWNER = 'github_pat_owner';

export let hub: Github;
export let clock: SettableClock;

const open: Github[] = [];

/** Starts a GitHub that is closed after the test. */
export async function start(given: Partial<GithubWorld> = {}): Promise<Github> {
  clock = new SettableClock(Date.parse('2026-09-01T12:00:00Z'));
  const world = githubWorld({
    organizations: ['acme'],
    repositories: [{ id: 4711, fullName: 'acme/site', environments: ['production'] }],
    tokens: [
      {
        value: OWNER,
        kind: 'personal',
        sees: ['acme', 'acme/site'],
        permissions: {
          actions: 'read',
          administration: 'write',
          secrets: 'write',
          environments: 'write',
          dependabot_secrets: 'write',
          actions_variables: 'write',
          organization_secrets: 'write',
          organization_dependabot_secrets: 'write',
          organization_actions_variables: 'write',
        },
      },
    ],
    ...given,
  });
  hub = await startGithub({ world, clock });
  open.push(hub);
  return hub;
}

beforeEach(async () => {
  await start();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** One request. */
export async function ask(
  method: string,
  path: string,
  { body, token = OWNER }: { body?: unknown; token?: string } = {},
): Promise<Reply> {
  const response = await fetch(`${hub.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Status and message of an answer. */
export async function said(reply: Promise<Reply>): Promise<readonly unknown[]> {
  const { status, body } = await reply;
  return [status, body?.['message']];
}

/** A body for PUT: the value, sealed for the place's public key. */
export async function sealed(secretsPath: string, value: string, more: object = {}): Promise<object> {
  await sodium.ready;
  const { body = {} } = await ask('GET', `${secretsPath}/public-key`);
  const key = Buffer.from(String(body['key']), 'base64');
  const box = sodium.crypto_box_seal(value, key);
  return { encrypted_value: Buffer.from(box).toString('base64'), key_id: body['key_id'], ...more };
}

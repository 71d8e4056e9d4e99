import { expect, test } from '@jest/globals';
import { createGithubStore } from '../../../src/stores/github.ts';
import { createGitlabStore } from '../../../src/stores/gitlab.ts';
import { context, failure, LAB_TOKEN, NAME, PROJECT, REPOSITORY, SECRET, TOKEN } from './world.ts';

test('a token is never sent over plain http to another machine', async () => {
  const using = await context();
  const onGithub = createGithubStore(REPOSITORY, 'http://ghes.example/api/v3', TOKEN, using);
  const onGitlab = createGitlabStore(PROJECT, 'http://gitlab.example/api/v4', LAB_TOKEN, using);
  for (const store of [onGithub, onGitlab])
    expect(await failure(store.put(NAME, SECRET), 'store-unreachable')).toMatchObject({
      error: 'a token is only sent over https',
    });
});

test('a name that doesn’t exist is named', async () => {
  const store = createGithubStore(REPOSITORY, 'https://no-such-host.invalid/api/v3', TOKEN, await context());
  expect(await failure(store.find(NAME), 'store-unreachable')).toMatchObject({
    reason: 'name',
    target: 'no-such-host.invalid',
  });
});

import { expect, test } from '@jest/globals';
import { github, githubStore, NAME, REPOSITORY, START, TOKEN, token, value } from './world.ts';

const END = START + 6 * 86_400_000;

test('the store knows when its token stops working, once GitHub has answered', async () => {
  const { hub } = await github({ tokens: [token({ expiresAt: END })] });
  const store = await githubStore(hub, REPOSITORY);
  expect(store.tokenExpires).toBeUndefined();
  await value(store.find(NAME));
  expect(store.tokenExpires).toEqual(new Date(END));
});

test('a token without an end has none', async () => {
  const { hub } = await github();
  const store = await githubStore(hub, REPOSITORY);
  await value(store.find(NAME));
  expect(store.tokenExpires).toBeUndefined();
});

test("that of an app's token is nobody's concern: each run gets a new one", async () => {
  const short = `ghs_${TOKEN}`;
  const { hub } = await github({ tokens: [token({ kind: 'installation', value: short, expiresAt: END })] });
  const store = await githubStore(hub, REPOSITORY, undefined, short);
  await value(store.find(NAME));
  expect(store.tokenExpires).toBeUndefined();
});

import { describe, expect, test } from '@jest/globals';
import { createKeyRing } from '../../../src/aws/keys.ts';
import { Failure } from '../../../src/core/failure.ts';
import { FakeReporter } from '../../kit/fake-ports.ts';

const ENV = {
  AWS_ACCESS_KEY_ID: 'ASIAEARLIER000000000',
  AWS_SECRET_ACCESS_KEY: 'earlier-secret',
  AWS_SESSION_TOKEN: 'earlier-token',
  AWS_CREDENTIAL_EXPIRATION: '2027-01-15T09:00:00Z',
};

function ring(env: Readonly<Record<string, string | undefined>>, more: { readonly leftoverTokens?: 'kept' } = {}) {
  const masked: string[] = [];
  const reporter = new FakeReporter();
  const keys = createKeyRing({
    env,
    ...more,
    mask: (secret) => masked.push(secret),
    reporter,
    search: () => Promise.reject(new Error('not asked for here')),
  });
  return { masked, reporter, keys };
}

describe('the credentials of the environment', () => {
  test('are read with their end', async () => {
    expect(await ring(ENV).keys.fromEnvironment()).toEqual({
      accessKeyId: 'ASIAEARLIER000000000',
      secretAccessKey: 'earlier-secret',
      sessionToken: 'earlier-token',
      expiration: new Date('2027-01-15T09:00:00Z'),
      source: 'the environment (AWS_ACCESS_KEY_ID)',
    });
  });

  test('have no token if their key is a long-term one, which is said once; the token is masked all the same', async () => {
    const { keys, reporter, masked } = ring({ ...ENV, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' });
    expect((await keys.fromEnvironment())?.sessionToken).toBeUndefined();
    expect((await keys.fromEnvironment())?.sessionToken).toBeUndefined();
    expect(reporter.notices).toEqual([
      { kind: 'session-token-ignored', source: 'the environment (AWS_ACCESS_KEY_ID)' },
    ]);
    expect(masked).toContain('earlier-token');
  });

  test('keep that token if they may be a session of an emulator', async () => {
    const { keys, reporter } = ring({ ...ENV, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }, { leftoverTokens: 'kept' });
    expect((await keys.fromEnvironment())?.sessionToken).toBe('earlier-token');
    expect(reporter.notices).toEqual([]);
  });

  test('are masked as soon as they are known', async () => {
    const { keys, masked } = ring(ENV);
    expect(masked).toEqual([]);
    await keys.fromEnvironment();
    expect(masked).toEqual(['ASIAEARLIER000000000', 'earlier-secret', 'earlier-token']);
  });

  test.each([
    ['without a token', { AWS_SESSION_TOKEN: undefined }],
    ['with an empty one, as the post step leaves it', { AWS_SESSION_TOKEN: '' }],
  ])('have no token %s', async (_, change) => {
    expect((await ring({ ...ENV, ...change }).keys.fromEnvironment())?.sessionToken).toBeUndefined();
  });

  test.each([
    ['is not told', undefined],
    ['is empty', ''],
    ['is no time', 'soon'],
  ])('have no end where it %s', async (_, expiration) => {
    expect(
      (await ring({ ...ENV, AWS_CREDENTIAL_EXPIRATION: expiration }).keys.fromEnvironment())?.expiration,
    ).toBeUndefined();
  });

  test.each([
    ['the ID', { AWS_ACCESS_KEY_ID: '' }],
    ['the secret', { AWS_SECRET_ACCESS_KEY: undefined }],
    ['everything', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined }],
  ])('are none without %s', async (_, change) => {
    expect(await ring({ ...ENV, ...change }).keys.fromEnvironment()).toBeUndefined();
  });

  test('are no masks where they are as short as those of an emulator: as masks they would hide words by chance', async () => {
    const short = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_SESSION_TOKEN: 'x' };
    const { keys, masked } = ring(short);
    expect(await keys.fromEnvironment()).toMatchObject({ accessKeyId: 'test', sessionToken: 'x' });
    expect(masked).toEqual([]);
  });

  test.each([
    ['a line end', { AWS_SESSION_TOKEN: 'token\nAWS_PROFILE=evil' }],
    ['a space', { AWS_SECRET_ACCESS_KEY: 'two words' }],
    ['a NUL', { AWS_ACCESS_KEY_ID: 'ASIAEARLIER00000\0' }],
    ['a letter that no key has', { AWS_SECRET_ACCESS_KEY: 'la-clé-secrète' }],
  ])('are refused if they hold %s, and their values are masked', async (_, change) => {
    const { keys, masked } = ring({ ...ENV, ...change });
    const thrown = await keys.fromEnvironment().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({ code: 'keys-not-found', facts: { reason: 'damaged' } });
    expect(masked).toContain(Object.values(change)[0]);
  });
});

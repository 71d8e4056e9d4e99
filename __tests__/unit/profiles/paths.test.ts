import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { profilePaths } from '../../../src/profiles/paths.ts';
import { testNeeding } from '../../kit/platform.ts';
import { failureOf } from './fixture.ts';

describe('the paths', () => {
  const home = resolve('/home/me');
  test.each([
    ['are in .aws if nothing is set', {}, join(home, '.aws', 'config')],
    ['are in .aws if the variable is empty', { AWS_CONFIG_FILE: '' }, join(home, '.aws', 'config')],
    ['are what the variable says', { AWS_CONFIG_FILE: resolve('/etc/aws') }, resolve('/etc/aws')],
    ["are absolute even if the variable isn't", { AWS_CONFIG_FILE: 'aws/config' }, resolve('aws/config')],
    ['start in the home folder for a tilde', { AWS_CONFIG_FILE: '~/x/config' }, join(home, 'x', 'config')],
    ['keep a tilde elsewhere', { AWS_CONFIG_FILE: '/x~/~' }, resolve('/x~/~')],
    ['expand a variable', { AWS_CONFIG_FILE: '$HERE/config', HERE: resolve('/x') }, resolve('/x/config')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a shell writes it
    ['expand a variable in braces', { AWS_CONFIG_FILE: '${HERE}/config', HERE: resolve('/x') }, resolve('/x/config')],
    ['keep a variable that is not set', { AWS_CONFIG_FILE: '/x/$NONE/config' }, resolve('/x/$NONE/config')],
  ])('%s', (_, env, expected) => {
    expect(profilePaths(env, () => home).config).toBe(expected);
  });

  testNeeding('Windows paths')('expand %variables% on Windows, as Python does there', () => {
    const env = { AWS_CONFIG_FILE: '%DATA%\\%NONE%\\config', DATA: 'C:\\data' };
    expect(profilePaths(env, () => home).config).toBe('C:\\data\\%NONE%\\config');
  });

  test('of the credentials come from a different variable', () => {
    expect(profilePaths({ AWS_SHARED_CREDENTIALS_FILE: '~/c' }, () => home)).toEqual({
      config: join(home, '.aws', 'config'),
      credentials: join(home, 'c'),
    });
  });

  test("need no home folder if both are named, but do if one isn't", () => {
    const none = () => {
      throw new Error('there is none');
    };
    const both = { AWS_CONFIG_FILE: resolve('/x/config'), AWS_SHARED_CREDENTIALS_FILE: resolve('/x/credentials') };
    expect(profilePaths(both, none)).toEqual({ config: resolve('/x/config'), credentials: resolve('/x/credentials') });
    for (const env of [
      { ...both, AWS_CONFIG_FILE: '' },
      { ...both, AWS_CONFIG_FILE: '~/config' },
    ])
      expect(() => profilePaths(env, none)).toThrow('there is none');
  });

  test("in another user's home folder are refused", async () => {
    expect(await failureOf(() => profilePaths({ AWS_CONFIG_FILE: '~root/config' }, () => home))).toMatchObject({
      code: 'profile-unwritable',
      facts: { reason: 'other-home', variable: 'AWS_CONFIG_FILE', path: '~root/config' },
    });
  });
});

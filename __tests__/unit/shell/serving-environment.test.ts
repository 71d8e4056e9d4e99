import { expect, test } from '@jest/globals';
import { servingEnvironment } from '../../../src/shell/serving-environment.ts';

const SERVER = { url: 'http://127.0.0.1:4711/path', token: 'the-token' };

function childOf(env: Readonly<Record<string, string | undefined>>, system: NodeJS.Platform = 'linux') {
  return servingEnvironment(env, SERVER, undefined, system);
}

test('a child gets the address and the token, and neither a proxy nor the instance metadata service comes between', () => {
  expect(childOf({ PATH: '/bin', HOME: '/home/ci', UNSET: undefined })).toEqual({
    PATH: '/bin',
    HOME: '/home/ci',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:4711/path',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the-token',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  });
});

test.each([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SECURITY_TOKEN',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_CREDENTIAL_FILE',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
])('a child does not get %s, which would win over the server', (name) => {
  expect(childOf({ [name]: 'value' })).toEqual(childOf({}));
});

test('the server of another command, around this one, is replaced', () => {
  expect(
    childOf({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/other',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'other',
      AWS_EC2_METADATA_DISABLED: 'false',
    }),
  ).toEqual(childOf({}));
});

test('other settings of AWS stay', () => {
  expect(
    childOf({ AWS_REGION: 'eu-central-1', AWS_CA_BUNDLE: '/ca.pem', AWS_CONFIG_FILE: '/home/ci/config' }),
  ).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_CA_BUNDLE: '/ca.pem', AWS_CONFIG_FILE: '/home/ci/config' });
});

test('files that replace those of the user are named', () => {
  const files = { config: '/tmp/of-command/config', credentials: '/tmp/of-command/credentials' };
  expect(servingEnvironment({ AWS_CONFIG_FILE: '/home/ci/config' }, SERVER, files, 'linux')).toMatchObject({
    AWS_CONFIG_FILE: '/tmp/of-command/config',
    AWS_SHARED_CREDENTIALS_FILE: '/tmp/of-command/credentials',
  });
});

test.each([
  [
    'one spelling',
    { NO_PROXY: 'corp.example' },
    'corp.example,127.0.0.1,localhost',
    'corp.example,127.0.0.1,localhost',
  ],
  ['the other', { no_proxy: 'corp.example' }, 'corp.example,127.0.0.1,localhost', 'corp.example,127.0.0.1,localhost'],
  ['two that differ', { NO_PROXY: 'a', no_proxy: 'b' }, 'a,127.0.0.1,localhost', 'b,127.0.0.1,localhost'],
  ['an empty one', { NO_PROXY: 'a', no_proxy: '' }, 'a,127.0.0.1,localhost', '127.0.0.1,localhost'],
  ['one of the two hosts', { NO_PROXY: 'localhost, a' }, 'localhost, a,127.0.0.1', 'localhost, a,127.0.0.1'],
  ['both hosts', { NO_PROXY: 'localhost,127.0.0.1' }, 'localhost,127.0.0.1', 'localhost,127.0.0.1'],
  ['all hosts', { NO_PROXY: '*' }, '*', '*'],
])('hosts without a proxy are kept: %s', (_, env, upper, lower) => {
  expect(childOf(env)).toMatchObject({ NO_PROXY: upper, no_proxy: lower });
});

test('on Windows, which ignores case, no variable is there twice', () => {
  expect(childOf({ Path: 'C:\\', aws_profile: 'prod', Aws_Access_Key_Id: 'AKIA', No_Proxy: 'a' }, 'win32')).toEqual({
    Path: 'C:\\',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:4711/path',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the-token',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: 'a,127.0.0.1,localhost',
  });
});

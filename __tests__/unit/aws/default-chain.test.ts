import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keysFromDefaultChain } from '../../../src/aws/default-chain.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { KeysAdvice } from '../../../src/core/failure-facts.ts';
import type { Sts } from '../../../src/core/ports.ts';
import { clientSetting } from '../../kit/client-setting.ts';

// Which source is taken, and what is said of one that gives nothing. What never answers: behaviour/failures/never-answers.test.ts.

const before = { ...process.env };
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chain-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  // Nothing of this machine: no files, no metadata of an instance.
  process.env['AWS_CONFIG_FILE'] = join(home, 'config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(home, 'credentials');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
});

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(home, { recursive: true });
});

type AssumedWith = Parameters<Sts['assumeRole']>;

/** The chain over these files and variables; `NODE` in them is this Node's path. */
async function chain({
  config = '',
  credentials = '',
  env = {},
}: {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
}) {
  const assumed: AssumedWith[] = [];
  for (const [name, text] of Object.entries({ config, credentials }))
    if (text !== '') writeFileSync(join(home, name), text.replaceAll('NODE', process.execPath));
  Object.assign(process.env, env);
  const client = clientSetting('http://127.0.0.1:1');
  const redact = (text: string): string => text.replaceAll('masked-secret', '***');
  const searching = keysFromDefaultChain({
    env: { PATH: process.env['PATH'] ?? '' },
    async assumeRole(...call) {
      assumed.push(call);
      return {
        ok: true,
        serverTime: undefined,
        value: {
          credentials: { ...SESSION, expiration: new Date('2027-01-15T09:00:00Z') },
          identity: { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/deploy/x' },
        },
      };
    },
    client: { ...client, secrets: { ...client.secrets, redact } },
  });
  const [keys, failure] = await searching.then(
    (found) => [found, undefined] as const,
    (error: unknown) => {
      if (error instanceof Failure) return [undefined, error] as const;
      throw error;
    },
  );
  return { keys, failure, assumed };
}

const SESSION = {
  accessKeyId: 'ASIASESSION00000000A',
  secretAccessKey: 'session-secret',
  sessionToken: 'session-token',
};
const KEYS = 'aws_access_key_id = AKIACHAIN00000000000\naws_secret_access_key = chain-secret\n';
const FOUND = {
  accessKeyId: 'AKIACHAIN00000000000',
  secretAccessKey: 'chain-secret',
  sessionToken: undefined,
  expiration: undefined,
};
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const IN_ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000', AWS_SECRET_ACCESS_KEY: 'environment-secret' };

/** A credential_process that runs this in a Node. */
function running(script: string): string {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'process.cjs');
  writeFileSync(path, script);
  return `credential_process = "NODE" "${path}"\n`;
}

describe('the default chain takes', () => {
  test.each([
    [
      'the environment',
      { env: IN_ENVIRONMENT, credentials: `[default]\n${KEYS}` },
      'the environment (AWS_ACCESS_KEY_ID)',
      'AKIAENVIRONMENT00000',
    ],
    ['the default profile', { credentials: `[default]\n${KEYS}` }, 'the profile "default"', 'AKIACHAIN00000000000'],
    [
      'a profile of the config file',
      { config: `[profile ci]\n${KEYS}`, env: { AWS_PROFILE: 'ci' } },
      'the profile "ci" (AWS_PROFILE)',
      'AKIACHAIN00000000000',
    ],
    [
      'a named profile before the environment',
      { credentials: `[ci]\n${KEYS}`, env: { ...IN_ENVIRONMENT, AWS_PROFILE: 'ci' } },
      'the profile "ci" (AWS_PROFILE)',
      'AKIACHAIN00000000000',
    ],
  ])('%s, and says so', async (_, files, source, accessKeyId) => {
    const { keys } = await chain(files);
    expect(keys).toMatchObject({ source, accessKeyId });
  });

  test('all of a profile', async () => {
    const { keys } = await chain({ credentials: `[default]\n${KEYS}` });
    expect(keys).toEqual({ ...FOUND, source: 'the profile "default"' });
  });

  test('what a credential_process prints', async () => {
    const answer = { Version: 1, AccessKeyId: 'AKIACHAIN00000000000', SecretAccessKey: 'chain-secret' };
    const { keys } = await chain({ config: `[default]\n${running(`console.log('${JSON.stringify(answer)}')`)}` });
    expect(keys).toEqual({ ...FOUND, source: 'the profile "default"' });
  });

  test.each([
    [
      'its source_profile',
      `[default]\nrole_arn = ${ROLE}\nsource_profile = base\nexternal_id = 42\n[profile base]\n${KEYS}`,
    ],
    ['itself', `[default]\nrole_arn = ${ROLE}\nsource_profile = default\nexternal_id = 42\n${KEYS}`],
    [
      'a chain of roles',
      `[default]\nrole_arn = ${ROLE}\nsource_profile = b\nexternal_id = 42\n[profile b]\nrole_arn = ${ROLE}\nsource_profile = c\n[profile c]\n${KEYS}`,
    ],
  ])('a role of a profile with the keys of %s', async (_, config) => {
    const { keys, assumed } = await chain({ config });
    expect(keys).toEqual({ ...SESSION, expiration: new Date('2027-01-15T09:00:00Z'), source: 'the profile "default"' });
    expect(assumed[0]?.[0]).toMatchObject({ accessKeyId: 'AKIACHAIN00000000000' });
    expect(assumed.at(-1)?.[1]).toMatchObject({ roleArn: ROLE, externalId: '42', durationSeconds: 3600 });
  });

  test('a role of a profile with the keys of the environment', async () => {
    const config = `[profile ci]\nrole_arn = ${ROLE}\ncredential_source = Environment\nrole_session_name = me\n`;
    const { keys, assumed } = await chain({ config, env: { ...IN_ENVIRONMENT, AWS_PROFILE: 'ci' } });
    expect(keys?.sessionToken).toBe('session-token');
    expect(assumed).toEqual([
      [
        expect.objectContaining({ accessKeyId: 'AKIAENVIRONMENT00000' }),
        expect.objectContaining({ sessionName: 'me' }),
        undefined,
      ],
    ]);
  });

  test('an empty file for none, as /dev/null is', async () => {
    const { failure } = await chain({
      env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    });
    expect(failure?.facts).toMatchObject({
      missing:
        'no AWS credentials were found (the environment has no AWS_ACCESS_KEY_ID; /dev/null and /dev/null have no profile "default"; AWS_EC2_METADATA_DISABLED is set)',
    });
  });
});

const CORRECT_PROFILE: KeysAdvice = { kind: 'correct-profile' };

describe('keys-not-found says why', () => {
  const cases: readonly [string, () => Parameters<typeof chain>[0], string, KeysAdvice?][] = [
    [
      'nothing is set up',
      () => ({}),
      'no AWS credentials were found (the environment has no AWS_ACCESS_KEY_ID; HOME/config and HOME/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set)',
    ],
    [
      'half a pair',
      () => ({ env: { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000' } }),
      'no AWS credentials were found (the environment has no AWS_SECRET_ACCESS_KEY; HOME/config and HOME/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set)',
    ],
    [
      'AWS_DEFAULT_PROFILE',
      () => ({ env: { AWS_DEFAULT_PROFILE: 'ci' } }),
      'no AWS credentials were found (the environment has no AWS_ACCESS_KEY_ID; HOME/config and HOME/credentials have no profile "default"; AWS_DEFAULT_PROFILE is "ci", but only AWS_PROFILE is read; AWS_EC2_METADATA_DISABLED is set)',
    ],
    [
      'a profile that does not exist',
      () => ({ env: { AWS_PROFILE: 'typo' } }),
      'the profile "typo" (AWS_PROFILE) is not in HOME/config or HOME/credentials',
      { kind: 'correct-profile-name' },
    ],
    [
      'a profile without keys',
      () => ({ config: '[profile ci]\nregion = eu-west-1\n', env: { AWS_PROFILE: 'ci' } }),
      'no AWS credentials were found (the profile "ci" (AWS_PROFILE) has no keys; AWS_EC2_METADATA_DISABLED is set)',
      CORRECT_PROFILE,
    ],
    [
      'a failing process in a profile that is named',
      () => ({ config: `[profile ci]\n${running('process.exit(1)')}`, env: { AWS_PROFILE: 'ci' } }),
      'the profile "ci" (AWS_PROFILE) gives no keys: its credential_process ended with exit code 1',
      CORRECT_PROFILE,
    ],
    [
      'a sign-in in a profile that is named',
      () => ({
        config: '[profile ci]\nsso_session = mine\nsso_account_id = 111122223333\n',
        env: { AWS_PROFILE: 'ci' },
      }),
      'the profile "ci" (AWS_PROFILE) gives no keys: it needs a person who signs in with a browser',
      CORRECT_PROFILE,
    ],
    [
      'half a pair in a profile',
      () => ({ config: '[default]\naws_access_key_id = AKIACHAIN00000000000\n' }),
      'the profile "default" gives no keys: it has aws_access_key_id, but no aws_secret_access_key',
    ],
    [
      'a sign-in',
      () => ({ config: '[default]\nsso_session = mine\nsso_account_id = 111122223333\n' }),
      'the profile "default" gives no keys: it needs a person who signs in with a browser',
    ],
    [
      'a role alone',
      () => ({ config: `[default]\nrole_arn = ${ROLE}\n` }),
      'the profile "default" gives no keys: it has role_arn, but neither source_profile nor credential_source',
    ],
    [
      'a source that is missing',
      () => ({ config: `[default]\nrole_arn = ${ROLE}\nsource_profile = base\n` }),
      'the profile "default" gives no keys: its source_profile "base": there is no profile "base"',
    ],
    [
      'a circle',
      () => ({
        config: `[default]\nrole_arn = ${ROLE}\nsource_profile = b\n[profile b]\nrole_arn = ${ROLE}\nsource_profile = default\n`,
      }),
      'the profile "default" gives no keys: its source_profile "b": its source_profile leads back to "default"',
    ],
    [
      'a role of its own',
      () => ({ config: `[default]\nrole_arn = ${ROLE}\nsource_profile = default\n` }),
      'the profile "default" gives no keys: its source_profile "default": its source_profile leads back to "default"',
    ],
    [
      'an unknown source',
      () => ({ config: `[default]\nrole_arn = ${ROLE}\ncredential_source = Vault\n` }),
      'the profile "default" gives no keys: its credential_source is "Vault"; write Environment, EcsContainer, Ec2InstanceMetadata',
    ],
    [
      'a role with MFA',
      () => ({
        config: `[profile ci]\nrole_arn = ${ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ci\n[profile base]\n${KEYS}`,
        env: { AWS_PROFILE: 'ci' },
      }),
      'the profile "ci" (AWS_PROFILE) gives no keys: the profile "ci" assumes a role with MFA',
      { kind: 'profile-with-mfa', source: 'base', role: ROLE, serial: 'arn:aws:iam::111122223333:mfa/ci' },
    ],
    [
      'a token file that is missing',
      () => ({ env: { AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'), AWS_ROLE_ARN: ROLE } }),
      'the web identity in AWS_WEB_IDENTITY_TOKEN_FILE gives no keys: the file in AWS_WEB_IDENTITY_TOKEN_FILE does not exist (HOME/token)',
    ],
    [
      'a container by plain http elsewhere',
      () => ({ env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://10.0.0.1/keys' } }),
      'the container gives no keys: AWS_CONTAINER_CREDENTIALS_FULL_URI is not https, and its host is neither this machine nor an agent of ECS or EKS',
    ],
    [
      'a folder for a file',
      () => {
        mkdirSync(join(home, 'folder'));
        return { env: { AWS_CONFIG_FILE: join(home, 'folder') } };
      },
      'the file in AWS_CONFIG_FILE is a folder (HOME/folder)',
    ],
    [
      'a failing process',
      () => ({ config: `[default]\n${running("console.error('first\\nvault: permission denied');process.exit(3)")}` }),
      'the profile "default" gives no keys: its credential_process ended with exit code 3: vault: permission denied',
    ],
    [
      'a process that is killed',
      () => ({ config: '[default]\ncredential_process = kill -9 $$\n' }),
      'the profile "default" gives no keys: its credential_process was ended by SIGKILL',
    ],
    [
      'a process that says nothing',
      () => ({ config: `[default]\n${running('process.exit(1)')}` }),
      'the profile "default" gives no keys: its credential_process ended with exit code 1',
    ],
    [
      'a process that does not print JSON',
      () => ({ config: `[default]\n${running("console.log('wJalrXUtnFEMI/K7MDENG')")}` }),
      'the profile "default" gives no keys: its credential_process answered with something other than JSON',
    ],
    [
      'a process that prints null',
      () => ({ config: `[default]\n${running("console.log('null')")}` }),
      'the profile "default" gives no keys: its credential_process did not answer "Version": 1',
    ],
    [
      'a process that prints numbers',
      () => ({ config: `[default]\n${running('console.log(\'{"Version":1,"AccessKeyId":1,"SecretAccessKey":2}\')')}` }),
      'the profile "default" gives no keys: its credential_process gave no access key ID',
    ],
    [
      'a process whose keys have expired',
      () => ({
        config: `[default]\n${running('console.log(\'{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"x","Expiration":"2020-01-01T00:00:00Z"}\')')}`,
      }),
      'the profile "default" gives no keys: its credential_process gave credentials that have expired (2020-01-01T00:00:00Z)',
    ],
    [
      'a process that floods',
      () => ({ config: `[default]\n${running("for (;;) require('fs').writeSync(1, 'x'.repeat(65536))")}` }),
      'the profile "default" gives no keys: its credential_process printed more than 1 MB',
    ],
    [
      'the last line of a process, without what looks like a secret and cut',
      () => ({
        config: `[default]\n${running("console.error('token masked-secret and ghp_16C7e42F292c6912E7710c838347Ae178B4a at https://vault.example.com:8200/v1/aws/creds/deploy ' + 'é'.repeat(400));process.exit(1)")}`,
      }),
      `the profile "default" gives no keys: its credential_process ended with exit code 1: token *** and *** at https://vault.example.com:8200/v1/aws/creds/deploy ${'é'.repeat(228)} …`,
    ],
  ];

  test.each(cases)('%s', async (_, files, ...[missing, advice]) => {
    const { failure } = await chain(files());
    expect(failure?.code).toBe('keys-not-found');
    const facts = JSON.parse(JSON.stringify(failure?.facts).replaceAll(home, 'HOME'));
    expect(facts).toEqual({ reason: 'none', missing, ...(advice && { advice }) });
  });
});

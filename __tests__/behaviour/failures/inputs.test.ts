import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/demo-world.ts';
import { type Emulator, startEmulator } from '../../../lab/aws/index.ts';
import type { Problem } from '../../../src/inputs/problem.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { type Failed, fail, type Step, soundInputs } from '../../kit/failing.ts';
import { HOMELESS } from '../../kit/preload.ts';
import { parse } from '../../kit/requests.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Runs a step with inputs that are wrong; nothing may be sent or printed. */
async function refused(step: Step): Promise<Failed> {
  const failed = await fail(emulator, step);
  const { calls, infos, warnings } = failed;
  expect({ calls, infos, warnings }).toEqual({ calls: [], infos: [], warnings: [] });
  return failed;
}

/** Each row: what is wrong, the inputs in place of sound ones, and the problem: input, kind and, if the kind has several, its reason. */
type Row = readonly [string, Readonly<Record<string, string>>, string];

const problem = async (inputs: Row[1]): Promise<readonly string[]> => {
  const parsed = await parse({ ...soundInputs(emulator), ...inputs });
  return parsed.ok ? [] : parsed.problems.map(nameOf);
};

function nameOf({ input, kind, facts }: Problem): string {
  const reason = 'reason' in facts ? [facts.reason] : [];
  const name = 'name' in facts ? [facts.name] : [];
  return [input, kind, ...reason, ...name].join(' ');
}

function rows(table: readonly Row[]): void {
  test.each(table)('%s', async (_name, inputs, expected) => {
    expect(await problem(inputs)).toEqual([expected]);
  });
}

/** The same for inputs with secrets in them: the built action prints nothing of those, which `fail` sees to. */
function secretRows(table: readonly Row[]): void {
  rows(table);
  test.each(table)('%s: the log shows nothing of it', async (_name, inputs, expected) => {
    expectFailure(await refused({ inputs }), 'invalid-input', expected.split(' ')[0] ?? '');
  });
}

const ROLE = { 'role-to-assume': DEMO.roleArn };

describe('a secret that is missing', () => {
  rows([
    ['the seed', { 'mfa-seed': '' }, 'mfa-seed no-code'],
    ['the secret access key', { 'aws-secret-access-key': '' }, 'aws-secret-access-key empty-secret'],
    ['the access key ID', { 'aws-access-key-id': '' }, 'aws-access-key-id empty-secret'],
  ]);

  test('both keys, and the runner has none of its own', async () => {
    const failed = await refused({ inputs: { 'aws-access-key-id': '', 'aws-secret-access-key': '' } });
    const sources = ['AWS_ACCESS_KEY_ID', '~/.aws/credentials', 'profile "default"', 'AWS_EC2_METADATA_DISABLED'];
    expectFailure(failed, 'keys-not-found', 'aws-access-key-id', ...sources);
  });

  test('both keys, and those of the runner are temporary', async () => {
    const failed = await refused({
      inputs: { 'aws-access-key-id': '', 'aws-secret-access-key': '' },
      env: {
        AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'aSecretOfTheSession/EXAMPLE',
        AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjEXAMPLE',
      },
      secrets: ['aSecretOfTheSession/EXAMPLE', 'IQoJb3JpZ2luX2VjEXAMPLE'],
    });
    expectFailure(failed, 'keys-temporary', 'aws-access-key-id', 'AWS_ACCESS_KEY_ID');
  });
});

describe('a seed that can’t be one', () => {
  const uri = (rest: string) => `otpauth://totp/Amazon%20Web%20Services:ci?secret=${DEMO.seed}${rest}`;
  secretRows([
    [
      'not Base32: the place is named, the seed is not shown',
      { 'mfa-seed': 'GEZDGNBVGY3TQOJQ1EZDGNBVGY3TQOJQ' },
      'mfa-seed seed not-base32',
    ],
    ['cut off', { 'mfa-seed': DEMO.seed.slice(0, 62) }, 'mfa-seed seed impossible-length'],
    ['too short', { 'mfa-seed': 'JBSWY3DPEHPK3PXP' }, 'mfa-seed seed size'],
    ['a code in its place', { 'mfa-seed': '492039' }, 'mfa-seed seed code'],
    ['counter-based', { 'mfa-seed': `otpauth://hotp/ci?secret=${DEMO.seed}&counter=1` }, 'mfa-seed seed hotp'],
    ['of another algorithm', { 'mfa-seed': uri('&algorithm=SHA256') }, 'mfa-seed seed unsupported'],
    ['of eight digits', { 'mfa-seed': uri('&digits=8') }, 'mfa-seed seed unsupported'],
    ['of another period', { 'mfa-seed': uri('&period=60') }, 'mfa-seed seed unsupported'],
    [
      'an export of Google Authenticator',
      { 'mfa-seed': 'otpauth-migration://offline?data=CiEKFDEyMzQ1Njc4OTAxMjM0NTY3ODkwEgVBV1M' },
      'mfa-seed seed migration',
    ],
    ['of Steam', { 'mfa-seed': `otpauth://totp/Steam:ci?secret=${DEMO.seed}&encoder=steam` }, 'mfa-seed seed steam'],
    ['a URI without a secret', { 'mfa-seed': 'otpauth://totp/ci?issuer=Amazon' }, 'mfa-seed seed no-secret'],
    [
      'a URI whose secret is not Base32',
      { 'mfa-seed': 'otpauth://totp/ci?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ8' },
      'mfa-seed seed not-base32',
    ],
  ]);
});

describe('a serial number that isn’t one', () => {
  secretRows([
    ['the ARN of the user', { 'mfa-serial': 'arn:aws:iam::111122223333:user/ci' }, 'mfa-serial serial user-arn'],
    [
      'a security key',
      { 'mfa-serial': 'arn:aws:iam::111122223333:u2f/user/ci/default-R1' },
      'mfa-serial serial security-key',
    ],
    [
      'of another partition than the region',
      { 'mfa-serial': 'arn:aws-cn:iam::111122223333:mfa/ci' },
      'mfa-serial partition',
    ],
    [
      'an ARN of something else',
      { 'mfa-serial': 'arn:aws:iam::111122223333:role/ci' },
      'mfa-serial serial not-device-arn',
    ],
    ...[`a${DEMO.serial}`, DEMO.serial.toUpperCase(), `${DEMO.serial},`, DEMO.serial.replace('arn:', ''), 'mfa/ci'].map(
      (serial): Row => [
        `an ARN with a mistake in it: ${serial}`,
        { 'mfa-serial': serial },
        'mfa-serial serial not-device-arn',
      ],
    ),
    ['the seed in its place, which is not shown', { 'mfa-serial': DEMO.seed }, 'mfa-serial serial seed'],
    ['too short', { 'mfa-serial': 'GAHT1234' }, 'mfa-serial serial characters'],
  ]);
});

describe('keys that can’t be used', () => {
  secretRows([
    ['temporary ones', { 'aws-access-key-id': 'ASIAIOSFODNN7EXAMPLE' }, 'aws-access-key-id key temporary'],
    [
      'swapped',
      { 'aws-access-key-id': DEMO.secretAccessKey, 'aws-secret-access-key': DEMO.accessKeyId },
      'aws-secret-access-key key swapped',
    ],
    [
      'an ID with a character that no ID has',
      { 'aws-access-key-id': 'AKIA-OSFODNN7EXAMPLE' },
      'aws-access-key-id key malformed',
    ],
    [
      'a secret in two lines',
      { 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG\nbPxRfiCYEXAMPLEKEY' },
      'aws-secret-access-key key malformed',
    ],
  ]);
});

describe('a code made elsewhere', () => {
  secretRows([
    ['together with a seed', { 'mfa-code': '492039' }, 'mfa-seed one-of'],
    ['of five digits', { 'mfa-seed': '', 'mfa-code': '49203' }, 'mfa-code code'],
    ['with a slot', { 'mfa-seed': '', 'mfa-code': '492039', 'mfa-slot': '0/3' }, 'mfa-slot conflict'],
  ]);
});

describe('a key pair in one value that can’t be one', () => {
  const instead = (text: string) => ({
    'aws-access-key-id': '',
    'aws-secret-access-key': '',
    'aws-access-key': text,
  });
  const { accessKeyId: id, secretAccessKey: secret } = DEMO;
  secretRows([
    [
      'next to a secret',
      { 'aws-access-key-id': '', 'aws-access-key': `${id}:${secret}` },
      'aws-secret-access-key conflict',
    ],
    ['in quotes', instead(`"${id}:${secret}"`), 'aws-access-key key-pair quotes'],
    ['with a space', instead(`${id} ${secret}`), 'aws-access-key key-pair whitespace'],
    ['in two lines', instead(`${id}\n${secret}`), 'aws-access-key key-pair whitespace'],
    ['with an equals sign', instead(`${id}=${secret}`), 'aws-access-key key-pair no-colon'],
    ['with a comma', instead(`${id},${secret}`), 'aws-access-key key-pair no-colon'],
    ['with two colons', instead(`${id}:${secret}:${secret}`), 'aws-access-key key-pair more-colons'],
    ['without a secret', instead(`${id}:`), 'aws-access-key key-pair no-secret'],
    ['without an ID', instead(`:${secret}`), 'aws-access-key key-pair no-id'],
    ['swapped', instead(`${secret}:${id}`), 'aws-access-key key-pair swapped'],
    ['temporary', instead(`ASIAIOSFODNN7EXAMPLE:${secret}`), 'aws-access-key key temporary'],
    [
      'as the CLI prints it',
      instead(JSON.stringify({ AccessKey: { AccessKeyId: id, SecretAccessKey: secret } }, null, 4)),
      'aws-access-key key-pair labels',
    ],
  ]);
});

describe('a pool of devices', () => {
  const pool = (text: string) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': text });
  const other = 'arn:aws:iam::111122223333:mfa/ci-2';
  secretRows([
    [
      'next to a serial number',
      { 'mfa-seed': '', 'mfa-devices': `${DEMO.serial} ${DEMO.seed}` },
      'mfa-serial conflict',
    ],
    ['with a line that has no seed', pool(`${DEMO.serial} ${DEMO.seed}\n${other}`), 'mfa-devices device no-seed'],
    ['with a seed alone, which is not shown', pool(DEMO.seed), 'mfa-devices device no-seed'],
    [
      'with the seed before the serial, which is not shown',
      pool(`${DEMO.seed} ${DEMO.serial}`),
      'mfa-devices device seed-first',
    ],
    [
      'with a device twice',
      pool(`${DEMO.serial} ${DEMO.seed}\n${DEMO.serial} ${DEMO.seed}`),
      'mfa-devices device twice',
    ],
    [
      'with a seed that is not Base32',
      pool(`${DEMO.serial} ${DEMO.seed}\n${other} GEZDGNBVGY3TQOJQGEZDGNBVGY3TQO1Q`),
      'mfa-devices seed not-base32',
    ],
    [
      'of nine',
      pool(Array.from({ length: 9 }, (_, i) => `arn:aws:iam::111122223333:mfa/ci-${i} ${DEMO.seed}`).join('\n')),
      'mfa-devices too-many',
    ],
  ]);
});

describe('numbers out of their range', () => {
  rows([
    ['a session of 899 seconds', { 'session-duration-seconds': '899' }, 'session-duration-seconds not-integer'],
    [
      'a session of 36 hours and a second',
      { 'session-duration-seconds': '129601' },
      'session-duration-seconds not-integer',
    ],
    ['a session of one hour, in letters', { 'session-duration-seconds': '1h' }, 'session-duration-seconds not-integer'],
    ['a role for 899 seconds', { ...ROLE, 'role-duration-seconds': '899' }, 'role-duration-seconds not-integer'],
    [
      'a role for twelve hours and a second',
      { ...ROLE, 'role-duration-seconds': '43201' },
      'role-duration-seconds not-integer',
    ],
    [
      'a role with a session for more than an hour',
      { ...ROLE, 'mfa-session-first': 'true', 'role-duration-seconds': '3601' },
      'role-duration-seconds duration-over-cap',
    ],
    [
      'a chained role for more than an hour',
      {
        ...ROLE,
        'aws-access-key-id': '',
        'aws-secret-access-key': '',
        'mfa-serial': '',
        'mfa-seed': '',
        'role-chaining': 'true',
        'role-duration-seconds': '7200',
      },
      'role-duration-seconds duration-over-cap',
    ],
    ['a wait of more than a day', { 'mfa-max-wait-seconds': '86401' }, 'mfa-max-wait-seconds not-integer'],
    ['a slot that is not in the matrix', { 'mfa-slot': '3/3' }, 'mfa-slot slot'],
    ['no attempt at all', { 'retry-max-attempts': '0' }, 'retry-max-attempts not-integer'],
  ]);
});

describe('a role and what belongs to it', () => {
  rows([
    ['no role', { 'role-to-assume': 'arn:aws:iam::111122223333:user/deploy' }, 'role-to-assume role'],
    [
      'of another partition',
      { 'role-to-assume': 'arn:aws-us-gov:iam::111122223333:role/deploy' },
      'role-to-assume partition',
    ],
    ['a session name with a space', { ...ROLE, 'role-session-name': 'Git Hub' }, 'role-session-name characters'],
    ['an external ID of one character', { ...ROLE, 'role-external-id': 'x' }, 'role-external-id characters'],
    [
      'a source identity with a slash',
      { ...ROLE, 'role-source-identity': 'team/ci' },
      'role-source-identity characters',
    ],
    [
      'a policy that isn’t JSON',
      { ...ROLE, 'inline-session-policy': '{\n  "Version": "2012-10-17"\n  "Statement": []\n}' },
      'inline-session-policy not-json',
    ],
    [
      'a policy whose brackets don’t match, without a position from the engine',
      { ...ROLE, 'inline-session-policy': '{"Version": "2012-10-17", "Statement": [}' },
      'inline-session-policy not-json',
    ],
    ['a policy that is a list', { ...ROLE, 'inline-session-policy': '[]' }, 'inline-session-policy not-object'],
    [
      'a policy without a statement',
      { ...ROLE, 'inline-session-policy': '{"Version":"2012-10-17"}' },
      'inline-session-policy no-statement',
    ],
    [
      'a managed policy by its name',
      { ...ROLE, 'managed-session-policies': 'ReadOnlyAccess' },
      'managed-session-policies policy-arn',
    ],
    [
      'more than fifty tags',
      {
        ...ROLE,
        'custom-tags': JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`Tag${i}`, 'x']))),
      },
      'custom-tags tag-count',
    ],
    [
      'a tag that the action sets itself',
      { ...ROLE, 'custom-tags': '{"Repository":"another/one"}' },
      'custom-tags tag key-taken',
    ],
    [
      'the workaround for special characters, if each attempt would cost a code',
      { ...ROLE, 'special-characters-workaround': 'true' },
      'special-characters-workaround only-with',
    ],
  ]);
});

describe('what narrows a role isn’t ignored without a role', () => {
  rows([
    ['a policy', { 'inline-session-policy': '{"Statement":[]}' }, 'inline-session-policy only-with'],
    ['tags', { 'custom-tags': '{"Team":"blue"}' }, 'custom-tags only-with'],
    [
      'managed policies',
      { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      'managed-session-policies only-with',
    ],
    ['its duration', { 'role-duration-seconds': '900' }, 'role-duration-seconds only-with'],
    ['a session first', { 'mfa-session-first': 'true' }, 'mfa-session-first only-with'],
  ]);
});

describe('an address for the calls', () => {
  rows([
    ['a region that doesn’t exist', { 'aws-region': 'europe-west1', 'sts-endpoint': '' }, 'aws-region region unknown'],
    ['no region', { 'aws-region': '' }, 'aws-region region missing'],
    ['no URL', { 'sts-endpoint': 'sts' }, 'sts-endpoint endpoint not-url'],
    ['plain http to another machine', { 'sts-endpoint': 'http://sts.example.com' }, 'sts-endpoint endpoint plain-http'],
    [
      'plain http to a name that only looks like loopback',
      { 's3-endpoint': 'http://127.0.0.1.example.com:9000', 'list-buckets': 'true' },
      's3-endpoint endpoint plain-http',
    ],
  ]);
  secretRows([
    [
      'an endpoint with a password, which is not shown',
      { 'sts-endpoint': 'https://ci:hunter2hunter2@sts.example.com' },
      'sts-endpoint endpoint credentials',
    ],
    [
      'a proxy of another kind, whose password is not shown',
      { 'http-proxy': 'socks5://ci:hunter2hunter2@proxy.example.com:1080' },
      'http-proxy proxy socks',
    ],
    [
      'a proxy that is no URL, whose password is not shown',
      { 'http-proxy': 'http://ci:hunter2hunter2@proxy.example.com:99999999' },
      'http-proxy proxy not-url',
    ],
    [
      'a proxy with a # in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123#hunter2hunter2@proxy.example.com:3128' },
      'http-proxy proxy not-url',
    ],
    [
      'a proxy with a / in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123/hunter2hunter2@proxy.example.com:3128' },
      'http-proxy proxy not-url',
    ],
    [
      'a proxy with a ? in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123?hunter2hunter2@proxy.example.com:3128' },
      'http-proxy proxy not-url',
    ],
  ]);
});

describe('a destination of the credentials', () => {
  rows([
    ['a profile whose name would break the file', { 'aws-profile': 'my profile]' }, 'aws-profile profile-name'],
    ['a switch that is neither on nor off', { summary: 'yes' }, 'summary not-boolean'],
    [
      'bucket names that can’t exist',
      { 'expected-buckets': 'example-logs\nno bucket at all' },
      'expected-buckets bucket',
    ],
    ['allowed accounts that aren’t account IDs', { 'allowed-account-ids': '12345' }, 'allowed-account-ids account-id'],
  ]);

  test('a profile that exists and may not be replaced', async () => {
    const failed = await refused({ inputs: { 'aws-profile': 'other' } });
    expectFailure(failed, 'profile-exists', join(failed.job.home, '.aws/credentials'), 'other');
  });

  test('a profile file that can’t be written', async () => {
    // RUNNER_TEMP, seen from where the step runs.
    const failed = await refused({
      inputs: { 'aws-profile': 'mine' },
      env: { AWS_SHARED_CREDENTIALS_FILE: 'temp' },
    });
    expectFailure(failed, 'profile-unwritable', failed.job.temp);
  });

  test('more profiles than the state of the post step has room for', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `p-${index}-`.padEnd(128, 'x'));
    const failed = await refused({
      inputs: { roles: names.map((name) => `${name} = deploy`).join('\n') },
      env: { AWS_CONFIG_FILE: `temp/${'x'.repeat(7000)}`, AWS_SHARED_CREDENTIALS_FILE: `temp/${'y'.repeat(7000)}` },
    });
    expectFailure(failed, 'profile-unwritable', '200');
  });

  test('more profiles than a step takes', async () => {
    const lines = Array.from({ length: 201 }, (_, index) => `p-${index} = deploy`);
    expect(await problem({ roles: lines.join('\n') })).toEqual(['roles too-many']);
  });

  test('the home folder of a user who doesn’t have one', async () => {
    const failed = await refused({ inputs: { 'aws-profile': 'mine' }, stepEnv: HOMELESS });
    expectFailure(failed, 'profile-unwritable', 'uv_os_homedir returned ENOENT');
  });
});

describe('role-chaining with what would spend a code', () => {
  const CHAINING = {
    ...ROLE,
    'aws-access-key-id': '',
    'aws-secret-access-key': '',
    'mfa-serial': '',
    'mfa-seed': '',
    'role-chaining': 'true',
  };

  test('is refused with everything that doesn’t go with it', async () => {
    expect(await problem({ ...ROLE, 'role-chaining': 'true', 'mfa-session-first': 'true' })).toEqual([
      'mfa-session-first conflict',
      'aws-access-key-id conflict',
      'aws-secret-access-key conflict',
      'mfa-serial conflict',
      'mfa-seed conflict',
    ]);
  });

  test('is refused if the runner has no credentials at all: keys as inputs wouldn’t help', async () => {
    expectFailure(
      await refused({ inputs: CHAINING }),
      'session-not-found',
      'role-chaining',
      'AWS_EC2_METADATA_DISABLED',
    );
  });

  test('is refused if the keys in the environment aren’t a session', async () => {
    const failed = await refused({
      inputs: CHAINING,
      env: { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey },
    });
    expectFailure(failed, 'session-not-found', 'role-chaining', 'AWS_ACCESS_KEY_ID');
  });
});

test('several problems are reported in one annotation, in the order of the table of inputs', async () => {
  const failed = await refused({
    inputs: {
      'aws-region': 'Mars-north-1',
      'mfa-serial': 'arn:aws:iam::111122223333:user/ci',
      'mfa-seed': 'not a seed!',
      'list-buckets': 'maybe',
      'retry-max-attempts': '1000',
    },
  });
  const [first = '', ...others] = failed.message.split('\n');
  expect({ code: failed.code, first }).toEqual({ code: 'invalid-input', first: expect.stringContaining('5') });
  expect(others.map((line) => line.split(' ').slice(0, 2))).toEqual([
    ['-', 'aws-region'],
    ['-', 'mfa-serial'],
    ['-', 'mfa-seed'],
    ['-', 'list-buckets'],
    ['-', 'retry-max-attempts'],
  ]);
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/demo-world.ts';
import { type Emulator, startEmulator } from '../../../lab/aws/index.ts';
import { fail, type Step } from '../../kit/failing.ts';
import { HOMELESS } from '../../kit/preload.ts';
import { EMPTY_SECRET, REMEDY } from '../../kit/remedies.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Runs a step with wrong inputs; nothing may be sent. */
async function refused(step: Step): Promise<string> {
  const { error, calls, infos, warnings } = await fail(emulator, step);
  expect({ calls, infos, warnings }).toEqual({ calls: [], infos: [], warnings: [] });
  return error;
}

/** Each row: what is wrong, the inputs over sound ones, and the first line of the annotation. */
type Row = readonly [string, Readonly<Record<string, string>>, string];

function rows(table: readonly Row[]): void {
  test.each(table)('%s', async (_name, inputs, sentence) => {
    expect(await refused({ inputs })).toBe(`${sentence}\n${REMEDY['invalid-input']}`);
  });
}

const ROLE = { 'role-to-assume': DEMO.roleArn };
const SEED_ADVICE = 'Store the text key that AWS shows under "Show secret key", or the otpauth:// URI of its QR code.';

describe('a secret that is not there is told with its usual causes', () => {
  rows([
    [
      'the seed',
      { 'mfa-seed': '' },
      `mfa-seed is empty, and so are mfa-code and mfa-devices: no code can be made. Store the device's seed as a secret and pass it, mfa-seed: \${{ secrets.AWS_MFA_SEED }}. ${EMPTY_SECRET}`,
    ],
    [
      'the secret access key',
      { 'aws-secret-access-key': '' },
      `aws-secret-access-key is empty although aws-access-key-id is given. ${EMPTY_SECRET}`,
    ],
    [
      'the access key ID',
      { 'aws-access-key-id': '' },
      `aws-access-key-id is empty although aws-secret-access-key is given. ${EMPTY_SECRET}`,
    ],
  ]);

  test('both keys, where the runner has none of its own', async () => {
    const error = await refused({ inputs: { 'aws-access-key-id': '', 'aws-secret-access-key': '' } });
    expect(error).toBe(
      `No aws-access-key-id was given, and the runner has no AWS credentials of its own (the environment has no AWS_ACCESS_KEY_ID; ~/.aws/config and ~/.aws/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set).\n${REMEDY['keys-not-found']}`,
    );
  });

  test('both keys, where those of the runner are temporary', async () => {
    const error = await refused({
      inputs: { 'aws-access-key-id': '', 'aws-secret-access-key': '' },
      env: {
        AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'aSecretOfTheSession/EXAMPLE',
        AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjEXAMPLE',
      },
      secrets: ['aSecretOfTheSession/EXAMPLE', 'IQoJb3JpZ2luX2VjEXAMPLE'],
    });
    expect(error).toBe(
      `No aws-access-key-id was given, and the credentials from the environment (AWS_ACCESS_KEY_ID) are temporary.\n${REMEDY['keys-temporary']}`,
    );
  });
});

describe('a seed that is none', () => {
  const uri = (rest: string) => `otpauth://totp/Amazon%20Web%20Services:ci?secret=${DEMO.seed}${rest}`;
  rows([
    [
      'not Base32: the place is named, the seed is not shown',
      { 'mfa-seed': 'GEZDGNBVGY3TQOJQ1EZDGNBVGY3TQOJQ' },
      `mfa-seed is not Base32: character 17 is none of A–Z, 2–7 (spaces and hyphens are fine). ${SEED_ADVICE}`,
    ],
    [
      'cut off',
      { 'mfa-seed': DEMO.seed.slice(0, 62) },
      "mfa-seed is incomplete: no Base32 text has 62 characters. AWS's seeds have 64; store the whole text.",
    ],
    [
      'too short',
      { 'mfa-seed': 'JBSWY3DPEHPK3PXP' },
      "mfa-seed has 80 bits; a seed has 128 to 512 (AWS's are 64 characters of Base32). Store the whole text.",
    ],
    [
      'a code in its place',
      { 'mfa-seed': '492039' },
      'mfa-seed is a six-digit code, not a seed; pass a code as mfa-code.',
    ],
    [
      'counter-based',
      { 'mfa-seed': `otpauth://hotp/ci?secret=${DEMO.seed}&counter=1` },
      'mfa-seed is counter-based (hotp), and AWS registers time-based devices only, so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered.',
    ],
    [
      'of another algorithm',
      { 'mfa-seed': uri('&algorithm=SHA256') },
      'mfa-seed is an otpauth URI whose algorithm is not SHA1: AWS registers HMAC-SHA-1 only, so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered.',
    ],
    [
      'of eight digits',
      { 'mfa-seed': uri('&digits=8') },
      'mfa-seed is an otpauth URI whose digits is not 6: AWS registers six digits only, so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered.',
    ],
    [
      'of another period',
      { 'mfa-seed': uri('&period=60') },
      'mfa-seed is an otpauth URI whose period is not 30: AWS registers steps of 30 seconds only, so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered.',
    ],
    [
      'an export of Google Authenticator',
      { 'mfa-seed': 'otpauth-migration://offline?data=CiEKFDEyMzQ1Njc4OTAxMjM0NTY3ODkwEgVBV1M' },
      'mfa-seed is an export of Google Authenticator (otpauth-migration://), which may hold the seeds of many accounts. Store the text key that AWS showed for this device, or register a second MFA device for this user and store its text key.',
    ],
    [
      'of Steam',
      { 'mfa-seed': `otpauth://totp/Steam:ci?secret=${DEMO.seed}&encoder=steam` },
      'mfa-seed is a Steam Guard seed, so this is not the seed of an AWS device. Store the text key that AWS shows under "Show secret key" when a virtual MFA device is registered.',
    ],
    [
      'a URI without a secret',
      { 'mfa-seed': 'otpauth://totp/ci?issuer=Amazon' },
      'mfa-seed is an otpauth URI without a secret=.',
    ],
    [
      'a URI whose secret is not Base32',
      { 'mfa-seed': 'otpauth://totp/ci?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ8' },
      `mfa-seed is not Base32: character 32 is none of A–Z, 2–7 (spaces and hyphens are fine). ${SEED_ADVICE}`,
    ],
  ]);
});

describe('a serial number that is none', () => {
  rows([
    [
      'the ARN of the user',
      { 'mfa-serial': 'arn:aws:iam::111122223333:user/ci' },
      "mfa-serial is the ARN of a user; write the ARN of the user's MFA device, arn:aws:iam::ACCOUNT:mfa/NAME (IAM → Users → Security credentials).",
    ],
    [
      'a security key',
      { 'mfa-serial': 'arn:aws:iam::111122223333:u2f/user/ci/default-R1' },
      'mfa-serial is a FIDO security key or passkey; AWS takes those in the console only. Register a virtual MFA device (an authenticator app) for this user beside it and write its ARN.',
    ],
    [
      'of another partition than the region',
      { 'mfa-serial': 'arn:aws-cn:iam::111122223333:mfa/ci' },
      "mfa-serial is in the partition aws-cn, and aws-region is in aws; write a region of the account's own partition.",
    ],
    [
      'an ARN of something else',
      { 'mfa-serial': 'arn:aws:iam::111122223333:role/ci' },
      'mfa-serial is not the ARN of an MFA device; write arn:PARTITION:iam::ACCOUNT:mfa/NAME, with a 12-digit account and nothing before or after it.',
    ],
    ...[`a${DEMO.serial}`, DEMO.serial.toUpperCase(), `${DEMO.serial},`, DEMO.serial.replace('arn:', ''), 'mfa/ci'].map(
      (serial): Row => [
        `an ARN with a mistake in it: ${serial}`,
        { 'mfa-serial': serial },
        'mfa-serial is not the ARN of an MFA device; write arn:PARTITION:iam::ACCOUNT:mfa/NAME, with a 12-digit account and nothing before or after it.',
      ],
    ),
    [
      'the seed in its place, which is not shown',
      { 'mfa-serial': DEMO.seed },
      'mfa-serial looks like a seed; the seed belongs in mfa-seed, and here the ARN arn:aws:iam::ACCOUNT:mfa/NAME.',
    ],
    [
      'too short',
      { 'mfa-serial': 'GAHT1234' },
      'mfa-serial is not a serial number: 9 to 256 letters, digits and _+=.@- (or the ARN arn:aws:iam::ACCOUNT:mfa/NAME).',
    ],
  ]);
});

describe('keys that will not do', () => {
  rows([
    [
      'temporary ones',
      { 'aws-access-key-id': 'ASIAIOSFODNN7EXAMPLE' },
      "aws-access-key-id is a temporary key (ASIA…); MFA takes the long-term key of an IAM user (AKIA…). To assume a role with an earlier step's session, use role-chaining: true and leave the keys out.",
    ],
    [
      'swapped',
      { 'aws-access-key-id': DEMO.secretAccessKey, 'aws-secret-access-key': DEMO.accessKeyId },
      'aws-secret-access-key is an access key ID; the two are swapped, or one is given twice.',
    ],
    [
      'an ID with a sign that none has',
      { 'aws-access-key-id': 'AKIA-OSFODNN7EXAMPLE' },
      'aws-access-key-id is no access key ID: letters and digits, as in AKIAIOSFODNN7EXAMPLE.',
    ],
    [
      'a secret in two lines',
      { 'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG\nbPxRfiCYEXAMPLEKEY' },
      'aws-secret-access-key is no secret access key: it holds white space or a character that none has.',
    ],
  ]);
});

describe('a code made elsewhere', () => {
  rows([
    [
      'together with a seed',
      { 'mfa-code': '492039' },
      'mfa-seed is given together with mfa-code; give one of mfa-seed, mfa-code and mfa-devices.',
    ],
    [
      'of five digits',
      { 'mfa-seed': '', 'mfa-code': '49203' },
      'mfa-code is not six digits; write one code as the device shows it.',
    ],
    [
      'with a slot',
      { 'mfa-seed': '', 'mfa-code': '492039', 'mfa-slot': '0/3' },
      'mfa-slot shares out the codes of a seed; it cannot go with one mfa-code.',
    ],
  ]);
});

describe('a pool of devices', () => {
  const pool = (text: string) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': text });
  const other = 'arn:aws:iam::111122223333:mfa/ci-2';
  rows([
    [
      'beside a serial number',
      { 'mfa-seed': '', 'mfa-devices': `${DEMO.serial} ${DEMO.seed}` },
      'mfa-serial is given together with mfa-devices, which names its own serials; leave it out.',
    ],
    [
      'with a line that has no seed',
      pool(`${DEMO.serial} ${DEMO.seed}\n${other}`),
      'mfa-devices has no seed in line 2; write "serial seed", one device per line.',
    ],
    [
      'with a seed alone, which is not shown',
      pool(DEMO.seed),
      'mfa-devices has no seed in line 1; write "serial seed", one device per line.',
    ],
    [
      'with the seed before the serial, which is not shown',
      pool(`${DEMO.seed} ${DEMO.serial}`),
      'mfa-devices has the seed before the serial in line 1; write "serial seed", one device per line.',
    ],
    [
      'with a device twice',
      pool(`${DEMO.serial} ${DEMO.seed}\n${DEMO.serial} ${DEMO.seed}`),
      'mfa-devices names a device twice (line 2); each has a budget of its own, so name each once.',
    ],
    [
      'with a seed that is not Base32',
      pool(`${DEMO.serial} ${DEMO.seed}\n${other} GEZDGNBVGY3TQOJQGEZDGNBVGY3TQO1Q`),
      `mfa-devices has a seed in line 2 that is not Base32: character 31 is none of A–Z, 2–7 (spaces and hyphens are fine). ${SEED_ADVICE}`,
    ],
    [
      'of nine',
      pool(Array.from({ length: 9 }, (_, i) => `arn:aws:iam::111122223333:mfa/ci-${i} ${DEMO.seed}`).join('\n')),
      'mfa-devices has 9 devices; a user has 8 at most.',
    ],
  ]);
});

describe('numbers out of their range', () => {
  rows([
    [
      'a session of 899 seconds',
      { 'session-duration-seconds': '899' },
      'session-duration-seconds is "899"; write a whole number of seconds from 900 to 129600.',
    ],
    [
      'a session of 36 hours and a second',
      { 'session-duration-seconds': '129601' },
      'session-duration-seconds is "129601"; write a whole number of seconds from 900 to 129600.',
    ],
    [
      'a session of one hour, in letters',
      { 'session-duration-seconds': '1h' },
      'session-duration-seconds is "1h"; write a whole number of seconds from 900 to 129600.',
    ],
    [
      'a role for 899 seconds',
      { ...ROLE, 'role-duration-seconds': '899' },
      'role-duration-seconds is "899"; write a whole number of seconds from 900 to 43200.',
    ],
    [
      'a role for twelve hours and a second',
      { ...ROLE, 'role-duration-seconds': '43201' },
      'role-duration-seconds is "43201"; write a whole number of seconds from 900 to 43200.',
    ],
    [
      'a role with a session for more than an hour',
      { ...ROLE, 'mfa-session-first': 'true', 'role-duration-seconds': '3601' },
      'role-duration-seconds is 3601; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts 3600 seconds at most. For longer, assume it directly with the code.',
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
      'role-duration-seconds is 7200; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts 3600 seconds at most. For longer, assume it directly with the code.',
    ],
    [
      'a wait of more than a day',
      { 'mfa-max-wait-seconds': '86401' },
      'mfa-max-wait-seconds is "86401"; write a whole number of seconds from 0 to 86400.',
    ],
    [
      'a slot that is not in the matrix',
      { 'mfa-slot': '3/3' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a workflow file holds
      'mfa-slot is "3/3"; write I/N with I from 0 to N−1 and N up to 256: mfa-slot: ${{ strategy.job-index }}/${{ strategy.job-total }}.',
    ],
    [
      'no attempt at all',
      { 'retry-max-attempts': '0' },
      'retry-max-attempts is "0"; write a whole number of attempts from 1 to 100.',
    ],
  ]);
});

describe('a role and what goes with it', () => {
  rows([
    [
      'no role',
      { 'role-to-assume': 'arn:aws:iam::111122223333:user/deploy' },
      'role-to-assume is "arn:aws:iam::111122223333:user/deploy"; write arn:PARTITION:iam::ACCOUNT:role/NAME or the role\'s name alone.',
    ],
    [
      'of another partition',
      { 'role-to-assume': 'arn:aws-us-gov:iam::111122223333:role/deploy' },
      'role-to-assume is in the partition aws-us-gov, and aws-region is in aws; no session of one reaches the other.',
    ],
    [
      'a session name with a space',
      { ...ROLE, 'role-session-name': 'Git Hub' },
      'role-session-name has 7 characters or one that STS refuses; write 2 to 64 letters, digits and _+=,.@-.',
    ],
    [
      'an external ID of one character',
      { ...ROLE, 'role-external-id': 'x' },
      'role-external-id has 1 characters or one that STS refuses; write 2 to 1224 letters, digits and _+=,.@:/-.',
    ],
    [
      'a source identity with a slash',
      { ...ROLE, 'role-source-identity': 'team/ci' },
      'role-source-identity has 7 characters or one that STS refuses; write 2 to 64 letters, digits and _+=,.@-.',
    ],
    [
      'a policy that is no JSON',
      { ...ROLE, 'inline-session-policy': '{\n  "Version": "2012-10-17"\n  "Statement": []\n}' },
      'inline-session-policy is not valid JSON: it breaks at position 30 (line 3 column 3).',
    ],
    [
      'a policy whose brackets do not match, of which the engine does not tell the position',
      { ...ROLE, 'inline-session-policy': '{"Version": "2012-10-17", "Statement": [}' },
      'inline-session-policy is not valid JSON.',
    ],
    [
      'a policy that is a list',
      { ...ROLE, 'inline-session-policy': '[]' },
      'inline-session-policy must be a JSON object: { … }.',
    ],
    [
      'a policy without a statement',
      { ...ROLE, 'inline-session-policy': '{"Version":"2012-10-17"}' },
      'inline-session-policy has no "Statement"; write an IAM policy document.',
    ],
    [
      'a managed policy by its name',
      { ...ROLE, 'managed-session-policies': 'ReadOnlyAccess' },
      'managed-session-policies has "ReadOnlyAccess"; write ARNs, arn:PARTITION:iam::ACCOUNT:policy/NAME, one a line.',
    ],
    [
      'more than fifty tags',
      {
        ...ROLE,
        'custom-tags': JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`Tag${i}`, 'x']))),
      },
      'custom-tags makes 51 session tags with the 11 of the workflow; STS takes 50.',
    ],
    [
      'a tag that the action sets itself',
      { ...ROLE, 'custom-tags': '{"Repository":"another/one"}' },
      'custom-tags has the key "Repository", which this action sets itself; choose another.',
    ],
    [
      'the workaround for special characters, where each try would cost a code',
      { ...ROLE, 'special-characters-workaround': 'true' },
      'special-characters-workaround asks again until the secret key has no special characters, and each time would cost a code; it goes with mfa-session-first, role-chaining, sealed-session or roles only.',
    ],
  ]);
});

describe('what narrows a role is not ignored without one', () => {
  const without = 'is given without role-to-assume, and a session token takes no such thing';
  rows([
    [
      'a policy',
      { 'inline-session-policy': '{"Statement":[]}' },
      `inline-session-policy ${without}. Give a role, or leave it out.`,
    ],
    ['tags', { 'custom-tags': '{"Team":"blue"}' }, `custom-tags ${without}. Give a role, or leave it out.`],
    [
      'managed policies',
      { 'managed-session-policies': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      `managed-session-policies ${without}. Give a role, or leave it out.`,
    ],
    [
      'its duration',
      { 'role-duration-seconds': '900' },
      `role-duration-seconds ${without}; a session token takes session-duration-seconds. Give a role, or leave it out.`,
    ],
    [
      'a session first',
      { 'mfa-session-first': 'true' },
      'mfa-session-first is true without role-to-assume; without a role the step gets a session token anyway.',
    ],
  ]);
});

describe('where the calls go', () => {
  rows([
    [
      'a region that is none',
      { 'aws-region': 'europe-west1', 'sts-endpoint': '' },
      'aws-region is "europe-west1", which is no region of any AWS partition; write for instance eu-central-1, us-gov-west-1 or cn-north-1.',
    ],
    [
      'no region',
      { 'aws-region': '' },
      'aws-region is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set; write for instance aws-region: eu-central-1.',
    ],
    [
      'plain http to another machine',
      { 'sts-endpoint': 'http://sts.example.com' },
      'sts-endpoint is "http://sts.example.com"; plain http is allowed to loopback only (localhost, 127.0.0.1, [::1]), since anyone on the way could read the credentials. Write https://.',
    ],
    [
      'plain http to a name that only looks like loopback',
      { 's3-endpoint': 'http://127.0.0.1.example.com:9000', 'list-buckets': 'true' },
      's3-endpoint is "http://127.0.0.1.example.com:9000"; plain http is allowed to loopback only (localhost, 127.0.0.1, [::1]), since anyone on the way could read the credentials. Write https://.',
    ],
    [
      'an endpoint with a password, which is not shown',
      { 'sts-endpoint': 'https://ci:hunter2hunter2@sts.example.com' },
      'sts-endpoint holds a user name or a password; an endpoint takes none, since each request is signed.',
    ],
    ['no URL', { 'sts-endpoint': 'sts' }, 'sts-endpoint is no URL; write https://HOST or https://HOST:PORT.'],
    [
      'a proxy of another kind, whose password is not shown',
      { 'http-proxy': 'socks5://ci:hunter2hunter2@proxy.example.com:1080' },
      'http-proxy is a SOCKS proxy; write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40.',
    ],
    [
      'a proxy that is no URL, whose password is not shown',
      { 'http-proxy': 'http://ci:hunter2hunter2@proxy.example.com:99999999' },
      'http-proxy is not the URL of an http or https proxy; write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40.',
    ],
    [
      'a proxy with a # in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123#hunter2hunter2@proxy.example.com:3128' },
      'http-proxy is not the URL of an http or https proxy; write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40.',
    ],
    [
      'a proxy with a / in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123/hunter2hunter2@proxy.example.com:3128' },
      'http-proxy is not the URL of an http or https proxy; write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40.',
    ],
    [
      'a proxy with a ? in its password, which makes its user name a host: nothing of it is shown',
      { 'http-proxy': 'http://proxyuser:123?hunter2hunter2@proxy.example.com:3128' },
      'http-proxy is not the URL of an http or https proxy; write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in its password: # is %23, / is %2F, ? is %3F, @ is %40.',
    ],
  ]);
});

describe('where the credentials go', () => {
  rows([
    [
      'into a profile with a name that breaks the file',
      { 'aws-profile': 'my profile]' },
      'aws-profile is "my profile]"; write up to 128 letters, digits and _@+.%:- (and no DEFAULT, __proto__ or constructor).',
    ],
    ['a switch that is neither on nor off', { summary: 'yes' }, 'summary is "yes"; write true or false.'],
    [
      'buckets that cannot be',
      { 'expected-buckets': 'example-logs\nno bucket at all' },
      'expected-buckets has "no bucket at all"; write bucket or bucket/prefix, one a line.',
    ],
    [
      'allowed accounts that are none',
      { 'allowed-account-ids': '12345' },
      'allowed-account-ids has "12345"; an account ID has 12 digits (keep the quotes in YAML, a leading 0 is part of it).',
    ],
  ]);

  test('into a profile that is there already and may not be replaced', async () => {
    const { error, calls, job } = await fail(emulator, { inputs: { 'aws-profile': 'other' } });
    expect(error).toBe(
      `${join(job.home, '.aws/credentials')} already has the profile other.\n${REMEDY['profile-exists']}`,
    );
    expect(calls).toEqual([]);
  });

  test('into a profile file that cannot be written', async () => {
    // RUNNER_TEMP, seen from where the step runs.
    const { error, calls, job } = await fail(emulator, {
      inputs: { 'aws-profile': 'mine' },
      env: { AWS_SHARED_CREDENTIALS_FILE: 'temp' },
    });
    expect(error).toBe(
      `The profile file ${job.temp} cannot be written: it is not a regular file.\n${REMEDY['profile-unwritable']}`,
    );
    expect(calls).toEqual([]);
  });

  test('into more profiles than the post step could be told of', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `p-${index}-`.padEnd(128, 'x'));
    const error = await refused({
      inputs: { roles: names.map((name) => `${name} = deploy`).join('\n') },
      env: { AWS_CONFIG_FILE: `temp/${'x'.repeat(7000)}`, AWS_SHARED_CREDENTIALS_FILE: `temp/${'y'.repeat(7000)}` },
    });
    expect(error).toBe(
      '200 profiles are more than the post step could take out again.\nGive them shorter names, or spread them over two steps.',
    );
  });

  test('into more profiles than a step takes', async () => {
    const lines = Array.from({ length: 201 }, (_, index) => `p-${index} = deploy`);
    expect(await refused({ inputs: { roles: lines.join('\n') } })).toBe(
      `roles has 201 roles; write 200 at most, and the others in a second step.\n${REMEDY['invalid-input']}`,
    );
  });

  test('into the home folder of a user who has none', async () => {
    const { error, calls } = await fail(emulator, { inputs: { 'aws-profile': 'mine' }, stepEnv: HOMELESS });
    expect(error).toBe(
      'This user has no home folder (A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)).\n' +
        'Set HOME, or set profiles-location: temp, which writes files of this job alone.',
    );
    expect(calls).toEqual([]);
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

  test('is refused with all that does not belong to it', async () => {
    const error = await refused({ inputs: { ...ROLE, 'role-chaining': 'true', 'mfa-session-first': 'true' } });
    const idle =
      'is given together with role-chaining: true, which uses the session that an earlier step exported and sends no code. Leave one of them out.';
    expect(error.split('\n')).toEqual([
      '5 problems with the inputs.',
      '- mfa-session-first is true together with role-chaining: the one spends a code, the other uses the session of an earlier step. Choose one.',
      `- aws-access-key-id ${idle}`,
      `- aws-secret-access-key ${idle}`,
      `- mfa-serial ${idle}`,
      `- mfa-seed ${idle}`,
      REMEDY['invalid-input'],
    ]);
  });

  test('is refused where the runner has no credentials at all: keys as inputs would be of no use', async () => {
    const error = await refused({ inputs: CHAINING });
    expect(error).toBe(
      `role-chaining is true, but there is no session to go on from: no earlier step of this job has exported one, and the runner has no AWS credentials of its own (the environment has no AWS_ACCESS_KEY_ID; ~/.aws/config and ~/.aws/credentials have no profile "default"; AWS_EC2_METADATA_DISABLED is set).\n${REMEDY['session-not-found']}`,
    );
  });

  test('is refused where the environment holds no session', async () => {
    const error = await refused({
      inputs: CHAINING,
      env: { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey },
    });
    expect(error).toBe(
      `role-chaining is true, but the keys from the environment (AWS_ACCESS_KEY_ID) are not a session: they have no session token.\n${REMEDY['session-not-found']}`,
    );
  });
});

test('several problems are told in one annotation, in the order of the table of inputs', async () => {
  const error = await refused({
    inputs: {
      'aws-region': 'Mars-north-1',
      'mfa-serial': 'arn:aws:iam::111122223333:user/ci',
      'mfa-seed': 'not a seed!',
      'list-buckets': 'maybe',
      'retry-max-attempts': '1000',
    },
  });
  expect(error.split('\n')).toEqual([
    '5 problems with the inputs.',
    '- aws-region is "Mars-north-1", which is no region of any AWS partition; write for instance eu-central-1, us-gov-west-1 or cn-north-1.',
    "- mfa-serial is the ARN of a user; write the ARN of the user's MFA device, arn:aws:iam::ACCOUNT:mfa/NAME (IAM → Users → Security credentials).",
    `- mfa-seed is not Base32: character 11 is none of A–Z, 2–7 (spaces and hyphens are fine). ${SEED_ADVICE}`,
    '- list-buckets is "maybe"; write true or false.',
    '- retry-max-attempts is "1000"; write a whole number of attempts from 1 to 100.',
    REMEDY['invalid-input'],
  ]);
});

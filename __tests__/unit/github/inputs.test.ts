import { afterEach, describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../src/core/ports.ts';
import { readInputs } from '../../../src/github/inputs.ts';
import { INPUT_NAMES, type InputName } from '../../../src/inputs/names.ts';
import { rawInputs } from '../../kit/raw-inputs.ts';

const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SERIAL = 'arn:aws:iam::123456789012:mfa/ci';

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('INPUT_')) delete process.env[name];
});

/** Reads these `with:` values, as the runner hands them over, beside an environment. */
async function read(given: Partial<Record<InputName, string>>, env: Environment = {}) {
  for (const [name, value] of Object.entries(given)) process.env[`INPUT_${name.toUpperCase()}`] = value;
  const masked: string[] = [];
  const inputs = await readInputs(env, (secret) => masked.push(secret));
  return { inputs, masked: masked.filter((secret) => secret !== '') };
}

describe('the inputs', () => {
  test('are complete, and empty if they are not set', async () => {
    expect((await read({})).inputs).toEqual(rawInputs());
    expect(Object.keys((await read({})).inputs)).toEqual([...INPUT_NAMES, 'variables']);
  });

  test('have the values of the workflow, without surrounding white space', async () => {
    const given = { 'aws-region': ' eu-central-1\n', 'mfa-slot': '0/5', 'custom-tags': '{\n  "a": "b"\n}' };
    expect((await read(given)).inputs).toEqual(
      rawInputs({ 'aws-region': 'eu-central-1', 'mfa-slot': '0/5', 'custom-tags': '{\n  "a": "b"\n}' }),
    );
  });

  test('also keep it if it comes from the environment', async () => {
    expect((await read({}, { SEALED_SESSION: ' aws-mfa-1.a' })).inputs['sealed-session']).toBe(' aws-mfa-1.a');
  });

  test('keep the white space around a sealed session: it is a change that must be noticed', async () => {
    expect((await read({ 'sealed-session': ' aws-mfa-1.a\n' })).inputs['sealed-session']).toBe(' aws-mfa-1.a\n');
    expect((await read({ 'sealing-key': ' key\n' })).inputs['sealing-key']).toBe('key');
  });
});

describe('an input that is not set', () => {
  test.each([
    ['mfa-serial', 'MFA_SERIAL'],
    ['mfa-seed', 'MFA_SEED'],
    ['role-to-assume', 'ROLE_TO_ASSUME'],
    ['output-credentials', 'OUTPUT_CREDENTIALS'],
    ['sealing-key', 'SEALING_KEY'],
    ['aws-region', 'AWS_REGION'],
    ['aws-region', 'AWS_DEFAULT_REGION'],
    ['http-proxy', 'https_proxy'],
    ['http-proxy', 'HTTPS_PROXY'],
    ['http-proxy', 'http_proxy'],
    ['http-proxy', 'HTTP_PROXY'],
    ['no-proxy', 'no_proxy'],
    ['no-proxy', 'NO_PROXY'],
    ['sts-endpoint', 'AWS_ENDPOINT_URL_STS'],
    ['s3-endpoint', 'AWS_ENDPOINT_URL_S3'],
    ['iam-endpoint', 'AWS_ENDPOINT_URL_IAM'],
    ['sts-endpoint', 'AWS_ENDPOINT_URL'],
    ['s3-endpoint', 'AWS_ENDPOINT_URL'],
    ['iam-endpoint', 'AWS_ENDPOINT_URL'],
  ] as const)('%s comes from %s', async (input, variable) => {
    const { inputs } = await read({}, { [variable]: ' value ' });
    expect(inputs[input]).toBe('value');
    expect(inputs.variables[input]).toBe(variable);
  });

  test.each([
    ['aws-region', { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }, 'eu-west-1'],
    ['aws-region', { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-1' }, 'us-east-1'],
    ['sts-endpoint', { AWS_ENDPOINT_URL_STS: 'https://sts', AWS_ENDPOINT_URL: 'https://all' }, 'https://sts'],
    ['http-proxy', { HTTPS_PROXY: 'upper', https_proxy: 'lower', http_proxy: 'plain' }, 'lower'],
  ] as const)('%s comes from the first of %o', async (input, env, value) => {
    expect((await read({}, env)).inputs[input]).toBe(value);
  });

  test('is distinguished from one that is set', async () => {
    const { inputs } = await read(
      { 'mfa-serial': SERIAL },
      { MFA_SERIAL: 'other', MFA_SEED: SEED, ROLE_CHAINING: ' ' },
    );
    expect(inputs.variables).toEqual({ 'mfa-seed': 'MFA_SEED' });
  });

  test('does not come from the environment if it is set', async () => {
    expect((await read({ 'aws-region': 'eu-central-1' }, { AWS_REGION: 'us-east-1' })).inputs['aws-region']).toBe(
      'eu-central-1',
    );
  });

  test.each([
    ['aws-access-key-id', 'AWS_ACCESS_KEY_ID'],
    ['aws-secret-access-key', 'AWS_SECRET_ACCESS_KEY'],
    ['aws-profile', 'AWS_PROFILE'],
    ['aws-access-key', 'AWS_ACCESS_KEY'],
  ] as const)('%s stays empty despite %s, which other tools read', async (input, variable) => {
    expect((await read({}, { [variable]: 'value' })).inputs[input]).toBe('');
  });

  test('summary, roles and renew stay empty, since others use these names', async () => {
    expect((await read({}, { SUMMARY: 'true' })).inputs.summary).toBe('');
    expect((await read({}, { ROLES: 'a = deploy' })).inputs.roles).toBe('');
    expect((await read({}, { RENEW: 'true' })).inputs.renew).toBe('');
  });

  test('endpoints stay empty if the environment says to ignore its endpoints', async () => {
    const env = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: 'https://all' };
    expect((await read({}, env)).inputs['sts-endpoint']).toBe('');
    expect((await read({ 'sts-endpoint': 'https://sts' }, env)).inputs['sts-endpoint']).toBe('https://sts');
  });
});

describe('secrets are masked', () => {
  test('both keys', async () => {
    const { masked } = await read({
      'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE',
      'aws-secret-access-key': 'wJalr/secret',
    });
    expect(masked).toContain('AKIAIOSFODNN7EXAMPLE');
    expect(masked).toContain('wJalr/secret');
  });

  test('a key pair in one value and the secret in it, but not the ID alone', async () => {
    const { masked } = await read({ 'aws-access-key': 'AKIAIOSFODNN7EXAMPLE:wJalr/secret' });
    expect(masked).toEqual(['AKIAIOSFODNN7EXAMPLE:wJalr/secret', 'wJalr/secret']);
  });

  test('a sealing key, wherever it comes from', async () => {
    const key = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';
    expect((await read({ 'sealing-key': key })).masked).toEqual([key]);
    delete process.env['INPUT_SEALING-KEY'];
    expect((await read({}, { SEALING_KEY: key })).masked).toEqual([key]);
  });

  test('not a sealed session: it is worthless without its key, and GitHub would drop a masked output', async () => {
    expect((await read({ 'sealed-session': 'aws-mfa-1.a.b' })).masked).toEqual([]);
  });

  test('a seed in each spelling', async () => {
    const { masked } = await read({ 'mfa-seed': 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq' });
    expect(masked).toContain('gezd gnbv gy3t qojq gezd gnbv gy3t qojq');
    expect(masked).toContain(SEED);
    expect(masked).toContain(SEED.toLowerCase());
  });

  test('a seed from the environment', async () => {
    expect((await read({}, { MFA_SEED: SEED })).masked).toContain(SEED);
  });

  test('the seeds of a pool, but neither its serials nor all of it', async () => {
    const { masked } = await read({
      'mfa-devices': `${SERIAL} ${SEED}\n  GAHT12345678\totpauth://totp/My Label?secret=${SEED.toLowerCase()}\n`,
    });
    expect(masked).toContain(SEED);
    expect(masked).toContain(SEED.toLowerCase());
    expect(masked).toContain(`otpauth://totp/My Label?secret=${SEED.toLowerCase()}`);
    expect(masked).not.toContain(SERIAL);
    expect(masked).not.toContain('GAHT12345678');
    expect(masked.filter((secret) => secret.includes('\n'))).toEqual([]);
  });

  test.each([
    ['with a comment after it', `${SERIAL} ${SEED} # the first`, `${SEED} # the first`],
    ['that is commented out', `# ${SERIAL} ${SEED}`, SEED],
    ['before its serial', `${SEED} ${SERIAL}`, SEED],
    [
      'in groups before its serial',
      `gezd gnbv gy3t qojq gezd gnbv gy3t qojq ${SERIAL}`,
      'gezd gnbv gy3t qojq gezd gnbv gy3t qojq',
    ],
    ['after a comma', `${SERIAL},${SEED}`, SEED],
    ['after a colon', `${SERIAL}:${SEED}`, SEED],
    ['after a colon, with a comment after it', `${SERIAL}:${SEED} # the first`, SEED],
    ['after a colon, in base64', `${SERIAL}:${Buffer.from(SEED).toString('base64')}`, SEED],
    ['after a colon, and damaged', `${SERIAL}:${SEED}!1`, `${SEED}!1`],
    ['after the ARN of a user', `arn:aws:iam::123456789012:user/ci ${SEED}`, SEED],
    [
      'in a URI with a # in its label',
      `${SERIAL} otpauth://totp/My #1?secret=${SEED}`,
      `otpauth://totp/My #1?secret=${SEED}`,
    ],
  ])('a seed of a pool %s', async (_, line, whole) => {
    const { masked } = await read({ 'mfa-devices': `${line}\n` });
    expect(masked).toEqual(expect.arrayContaining([SEED, SEED.toLowerCase(), whole]));
    expect(masked).not.toContain(SERIAL);
  });

  test('not a serial, but a seed in its place', async () => {
    expect((await read({ 'mfa-serial': 'GAHT12345678' })).masked).toEqual([]);
    expect((await read({ 'mfa-serial': SEED })).masked).toContain(SEED.toLowerCase());
    expect((await read({ 'mfa-serial': `otpauth://totp/x?secret=${SEED}` })).masked).toContain(SEED);
  });

  test('the seed in a line without a serial', async () => {
    expect((await read({ 'mfa-devices': `${SEED}\n` })).masked).toContain(SEED);
  });

  test('the password of a proxy as it is written, decoded, and as it travels', async () => {
    const { masked } = await read({ 'http-proxy': 'http://ci:hunt%40er2@proxy:3128' });
    expect(masked).toEqual(expect.arrayContaining(['hunt%40er2', 'hunt@er2', 'Y2k6aHVudEBlcjI=']));
    expect(masked).not.toContain('ci');
  });

  test('a token of a proxy in the place of the user', async () => {
    const { masked } = await read({ 'http-proxy': 'http://glpat-hunter2@proxy:3128' });
    expect(masked).toEqual(expect.arrayContaining(['glpat-hunter2', 'Z2xwYXQtaHVudGVyMjo=']));
  });

  test('the password of a proxy without a scheme, or from the environment', async () => {
    expect((await read({ 'http-proxy': 'ci:hunter2@proxy:3128' })).masked).toContain('hunter2');
    expect((await read({ 'http-proxy': '' }, { https_proxy: 'http://ci:hunter2@proxy:3128' })).masked).toContain(
      'hunter2',
    );
  });

  test('the password of a proxy with a stray percent sign, as it is written', async () => {
    expect((await read({ 'http-proxy': 'http://ci:100%25%@proxy' })).masked).toContain('100%25%');
  });

  test.each([
    ['an @', 'p@ssw0rd'],
    ['a colon', 'pass:w0rd'],
    ['both', 'p@ss:w0rd'],
    ['an @ and a stray percent sign', '100%@w0rd'],
  ])(
    'of a proxy whose password has %s in it, the whole, and no short piece that would mask everything',
    async (_, password) => {
      const { masked } = await read({ 'http-proxy': `http://ci:${password}@proxy:3128` });
      expect(masked).toContain(password);
      expect(masked.filter((secret) => secret.length < password.length)).toEqual([]);
    },
  );

  test.each([
    ['http://ci:hunter2#rest@proxy:3128', ['hunter2#rest', 'Y2k6aHVudGVyMiNyZXN0']],
    ['http://ci:123#hunter2@proxy:3128', ['123#hunter2', 'hunter2@proxy:3128']],
    ['http://ci:123/hunter2@proxy:3128', ['123/hunter2', 'hunter2@proxy:3128']],
    ['http://ci:123?hunter2@proxy:3128', ['123?hunter2', 'hunter2@proxy:3128']],
    ['ci:12/34@56#78@proxy:3128', ['12/34@56#78']],
    ['http://glpat#hunter2@proxy:3128', ['glpat#hunter2', 'hunter2@proxy:3128']],
    ['http://proxy:3128/?token=hunter2hunter2', ['token=hunter2hunter2']],
    ['http://proxy:3128#hunter2hunter2', ['hunter2hunter2']],
  ])('everything that may be secret in a broken URL of a proxy: %s', async (proxy, secrets) => {
    expect((await read({ 'http-proxy': proxy })).masked).toEqual(expect.arrayContaining(secrets));
  });

  test('a password in an endpoint by mistake, but not its path', async () => {
    const { masked } = await read({
      'sts-endpoint': 'https://ci:hunter2-secret@sts.example.com',
      's3-endpoint': 'https://gateway.example.com/a/long/path',
    });
    expect(masked).toEqual(['hunter2-secret', 'Y2k6aHVudGVyMi1zZWNyZXQ=']);
  });

  test('not a single code: six digits would mask by chance, and it is used at once', async () => {
    expect((await read({ 'mfa-serial': SERIAL, 'mfa-code': '012345' })).masked).toEqual([]);
  });

  test('nothing of a proxy without a password', async () => {
    expect((await read({ 'http-proxy': 'http://proxy:3128' })).masked).toEqual([]);
    expect((await read({ 'http-proxy': 'not a url' })).masked).toEqual([]);
  });
});

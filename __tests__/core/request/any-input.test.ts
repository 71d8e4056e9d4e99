import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { INPUT_NAMES, type InputName, type RawInputs } from '../../../src/core/request/inputs.ts';
import type { MfaSource } from '../../../src/core/request/mfa.ts';
import type { Request } from '../../../src/core/request/request.ts';
import type { RoleRequest } from '../../../src/core/request/role.ts';
import { piecesOf, rawInputs } from '../../support/raw-inputs.ts';
import { parse, ROLE, SEED, SERIAL, WITH_SEED } from '../../support/requests.ts';

const BOOLEANS = ['true', 'false', 'True', 'FALSE', 'yes', ''];

/** What people write into each input; the rest is booleans. */
const USUAL: Partial<Record<InputName, readonly string[]>> = {
  'aws-region': ['eu-central-1', 'us-east-1', 'cn-north-1', 'nowhere'],
  'aws-access-key-id': ['', 'AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE'],
  'aws-secret-access-key': ['', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  'mfa-serial': ['', SERIAL, 'GAHT12345678', 'arn:aws:iam::123456789012:user/ci'],
  'mfa-seed': ['', SEED, SEED.toLowerCase(), `otpauth://totp/x?secret=${SEED}`],
  'mfa-code': ['', '123456'],
  'mfa-devices': ['', `${SERIAL} ${SEED}`, `${SERIAL} ${SEED}\nGAHT12345678 ${SEED}`],
  'mfa-slot': ['', '0/5', '5/5'],
  'mfa-max-wait-seconds': ['', '0', '86400'],
  'session-duration-seconds': ['', '900', '129600'],
  'role-to-assume': ['', ROLE, 'deploy', 'arn:aws-cn:iam::123456789012:role/deploy'],
  'role-duration-seconds': ['', '900', '3600', '43200'],
  'role-session-name': ['', 'ci'],
  'role-external-id': ['', 'external:id'],
  'role-source-identity': ['', 'octocat'],
  'inline-session-policy': ['', '{"Version":"2012-10-17","Statement":[]}'],
  'managed-session-policies': ['', 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
  'custom-tags': ['', '{"Team":"blue"}', '{}'],
  'transitive-tag-keys': ['', 'Repository', 'Team'],
  'allowed-account-ids': ['', '123456789012', '999999999999', ','],
  'expected-buckets': ['', 'logs', 'logs/prefix\ndata'],
  'aws-profile': ['', 'ci', 'DEFAULT'],
  'minimum-remaining-seconds': ['', '0', '129600'],
  'retry-max-attempts': ['', '1', '100'],
  'action-timeout-s': ['', '0', '90'],
  'http-proxy': ['', 'http://ci:hunter2@proxy:3128', 'socks5://proxy'],
  'no-proxy': ['', 'localhost,.internal'],
  'sts-endpoint': ['', 'https://sts.example.com', 'http://127.0.0.1:4566', 'http://sts.example.com'],
  's3-endpoint': ['', 'https://s3.example.com'],
  'iam-endpoint': ['', 'https://iam.example.com'],
};

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('\0', '\r\n', '\u2028', '\u202e', '\ud800', '٣', ' ', '"', '::add-mask::x', '##[error]', '__proto__'),
  fc.constantFrom('A', '0', ' ', '\n', '=', 'é', ',').map((unit) => unit.repeat(5000)),
);

const anyInputs: fc.Arbitrary<RawInputs> = fc
  .record({
    works: fc.constantFrom(true, true, true, false),
    usual: fc.dictionary(fc.constantFrom(...INPUT_NAMES), fc.nat(7), { maxKeys: 5 }),
    odd: fc.option(fc.tuple(fc.constantFrom(...INPUT_NAMES), odd, fc.constantFrom('alone', 'before', 'behind')), {
      freq: 2,
    }),
  })
  .map((mix) => {
    const inputs: Partial<Record<InputName, string>> = mix.works ? { ...WITH_SEED } : {};
    for (const name of INPUT_NAMES) {
      const pick = mix.usual[name];
      const choices = USUAL[name] ?? BOOLEANS;
      if (pick !== undefined) inputs[name] = choices[pick % choices.length] ?? '';
    }
    if (mix.odd !== null) {
      const [name, text, place] = mix.odd;
      const there = inputs[name] ?? '';
      inputs[name] = place === 'alone' ? text : place === 'before' ? text + there : there + text;
    }
    return rawInputs(inputs);
  });

/**
 * What a valid request never lacks, in the words of the service's own limits (STS API reference: GetSessionToken and
 * AssumeRole). Names every promise that a request breaks.
 */
function flawsOf(request: Request): readonly string[] {
  const flaws: string[] = [];
  const claim = (holds: boolean, what: string): void => {
    if (!holds) flaws.push(what);
  };
  const { region, plan, exports, connection, bucketCheck } = request;
  claim(region.partition.regionPattern.test(region.name), 'a region of its partition');
  claim(PARTITIONS.includes(region.partition), 'a known partition');
  claim(
    request.allowedAccounts.every((account) => /^[0-9]{12}$/.test(account)),
    'accounts of twelve digits',
  );
  claim(Number.isInteger(request.maxAttempts) && request.maxAttempts >= 1, 'an attempt at least');
  claim(request.timeoutSeconds === undefined || request.timeoutSeconds > 0, 'a deadline that lies ahead');
  claim(exports.environment || exports.outputs || exports.profile !== undefined || bucketCheck !== undefined, 'a use');
  claim(
    exports.profile === undefined || /^[\w@+.%:-]{1,128}$/.test(exports.profile.name),
    'a profile that can be written',
  );
  for (const endpoint of [connection.stsEndpoint, connection.s3Endpoint, connection.iamEndpoint]) {
    if (endpoint === undefined) continue;
    const url = new URL(endpoint);
    const loopback = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
    claim(url.protocol === 'https:' || (url.protocol === 'http:' && loopback), 'an endpoint by https');
  }
  claim(connection.proxy === undefined || /^https?:$/.test(connection.proxy.url.protocol), 'a proxy by http');
  for (const { bucket } of bucketCheck?.expected ?? []) claim(/^[A-Za-z0-9._-]{3,255}$/.test(bucket), 'a bucket');

  if (plan.kind !== 'chained-role') {
    claim(
      plan.keys.kind === 'default-chain' ||
        (/^\w{1,128}$/.test(plan.keys.accessKeyId) && /^[!-~]{1,256}$/.test(plan.keys.secretAccessKey)),
      'keys that a header can carry',
    );
    flaws.push(...flawsOfMfa(plan.mfa, region.partition.id));
  }
  if ('sessionSeconds' in plan) {
    claim(plan.sessionSeconds >= 900 && plan.sessionSeconds <= 129_600, 'a session of 15 minutes to 36 hours');
  }
  if (plan.kind !== 'session') {
    flaws.push(...flawsOfRole(plan.role, region.partition.id));
    if (plan.kind !== 'role') claim(plan.role.durationSeconds <= 3600, 'an hour at most with a session');
    if (plan.kind === 'role') claim(!plan.role.plainSecretOnly, 'one code for one call');
    const { role } = plan.role;
    const { allowedAccounts } = request;
    claim(role.kind === 'name' || allowedAccounts.length === 0 || allowedAccounts.includes(role.account), 'allowed');
  }
  return flaws;
}

function flawsOfMfa(mfa: MfaSource, partition: string): readonly string[] {
  const seeds = mfa.kind === 'devices' ? mfa.devices.map(({ seed }) => seed) : mfa.kind === 'seed' ? [mfa.seed] : [];
  const serials = mfa.kind === 'devices' ? mfa.devices.map(({ serial }) => serial) : [];
  if (mfa.kind === 'code' && mfa.serial !== undefined) serials.push(mfa.serial);
  const slot = mfa.kind === 'code' ? undefined : mfa.slot;
  const sound = {
    'a code of six digits': mfa.kind !== 'code' || /^[0-9]{6}$/.test(mfa.code),
    'seeds of 128 to 512 bits': seeds.every(({ bytes }) => bytes.length >= 16 && bytes.length <= 64),
    'serials that STS takes': serials.every(({ text }) => /^[\w+=/:,.@-]{9,256}$/.test(text)),
    'serials of the partition': serials.every((serial) => serial.kind === 'hardware' || serial.partition === partition),
    'each serial once': new Set(serials.map(({ text }) => text)).size === serials.length,
    'eight devices at most': seeds.length <= 8,
    'a slot of a matrix': slot === undefined || (slot.index >= 0 && slot.index < slot.total && slot.total <= 256),
    'a wait of a day at most': mfa.kind === 'code' || (mfa.maxWaitSeconds >= 0 && mfa.maxWaitSeconds <= 86_400),
  };
  return Object.entries(sound).flatMap(([what, holds]) => (holds ? [] : [what]));
}

function flawsOfRole(role: RoleRequest, partition: string): readonly string[] {
  const { sessionTags } = role;
  const tags = sessionTags?.tags ?? [];
  const sound = {
    'a role of the partition': role.role.kind === 'name' || role.role.partition === partition,
    'a duration of 15 minutes to 12 hours': role.durationSeconds >= 900 && role.durationSeconds <= 43_200,
    'a session name': /^[\w+=,.@-]{2,64}$/.test(role.sessionName),
    'an external ID': role.externalId === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(role.externalId),
    'a source identity': role.sourceIdentity === undefined || /^[\w+=,.@-]{2,64}$/.test(role.sourceIdentity),
    'a policy of 2048 characters': (role.policy ?? '').length <= 2048,
    'ten policies at most': role.policyArns.length <= 10,
    'fifty tags at most': tags.length <= 50,
    'tags whose keys differ': new Set(tags.map(({ key }) => key.toLowerCase())).size === tags.length,
    'tags that STS takes': tags.every(({ key, value }) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)),
    'tags of the right length': tags.every(
      ({ key, value }) => key.length >= 1 && key.length <= 128 && value.length <= 256,
    ),
    'transitive keys of the tags': (sessionTags?.transitiveKeys ?? []).every((key) =>
      tags.some((tag) => tag.key === key),
    ),
  };
  return Object.entries(sound).flatMap(([what, holds]) => (holds ? [] : [what]));
}

describe('whatever the inputs are', () => {
  test('they make a request with nothing wrong in it, or problems that name an input and say something', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyInputs, (raw) => {
        const parsed = parse(raw);
        if (parsed.ok) {
          accepted += 1;
          expect(flawsOf(parsed.request)).toEqual([]);
          return;
        }
        for (const { input, message } of parsed.problems) {
          expect(INPUT_NAMES).toContain(input);
          // The sentence is "INPUT MESSAGE.", so it begins in the middle and ends without its dot.
          expect(message).toMatch(/^[a-z].*[^.]$/s);
        }
      }),
      { numRuns: 5000 },
    );
    // Otherwise the property would say nothing.
    expect(accepted).toBeGreaterThan(300);
  });

  test('a problem is told of an input that was given, or that is missing', () => {
    const missing: readonly InputName[] = ['aws-region', 'aws-access-key-id', 'aws-secret-access-key', 'mfa-seed'];
    fc.assert(
      fc.property(anyInputs, (raw) => {
        const parsed = parse(raw);
        for (const { input } of parsed.ok ? [] : parsed.problems) {
          expect(raw[input] !== '' || missing.includes(input)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a secret among them is in no message', () => {
    const secret = fc.oneof(
      fc.base64String({ minLength: 24, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), minLength: 24, maxLength: 64 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 24, maxLength: 60 }),
    );
    const wrong: readonly ((text: string) => Partial<RawInputs>)[] = [
      (text) => ({ 'mfa-seed': text }),
      (text) => ({ 'mfa-seed': `otpauth://totp/x?secret=${text}&digits=8` }),
      (text) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': text }),
      (text) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': `x ${text}\n${SERIAL} ${text}!` }),
      (text) => ({ 'mfa-seed': '', 'mfa-code': text }),
      (text) => ({ 'mfa-serial': text }),
      (text) => ({ 'aws-secret-access-key': `${text} ` }),
      (text) => ({ 'aws-access-key-id': `${text}/` }),
      (text) => ({ 'http-proxy': `socks5://ci:${text}@proxy` }),
      (text) => ({ 'sts-endpoint': `https://ci:${text}@example.com` }),
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...wrong), (text, given) => {
        const parsed = parse({ ...WITH_SEED, ...given(text), 'role-to-assume': 'not a role' });
        const messages = parsed.ok ? '' : parsed.problems.map(({ message }) => message).join('\n');
        for (const piece of piecesOf(text.trim())) expect(messages).not.toContain(piece);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a text of 100,000 characters is judged in a blink', () => {
  const LENGTH = 100_000;
  const long = (unit: string): string => unit.repeat(LENGTH / unit.length);

  test.each(INPUT_NAMES)(
    'in %s',
    (input) => {
      for (const unit of [
        'a',
        '0',
        'A=',
        ' x',
        'x\n',
        'x,',
        ',\n',
        ':/',
        '/.',
        '--',
        '[{',
        '"\\',
        '::',
        '%4',
        'arn:aws:iam::',
      ]) {
        const parsed = parse({ ...WITH_SEED, 'role-to-assume': ROLE, [input]: long(unit) });
        if (parsed.ok) expect(flawsOf(parsed.request)).toEqual([]);
      }
    },
    10_000,
  );

  test.each([
    ['a seed', 'mfa-seed', long('A')],
    ['an ARN of a device', 'mfa-serial', `arn:aws:iam::123456789012:mfa/${long('a/')}`],
    ['an ARN of nothing', 'mfa-serial', `arn:${long('a-')}`],
    ['an ARN of a role', 'role-to-assume', `arn:aws${long('-a')}:iam::123456789012:role/${long('a/')}`],
    ['a region', 'aws-region', `us-${long('a')}-!`],
    ['a JSON text', 'custom-tags', `{"a":${long('[')}`],
    ['tags', 'custom-tags', `{${Array.from({ length: 5000 }, (_, index) => `"k${index}": "v"`).join(',')}}`],
    ['a policy', 'inline-session-policy', `{"Statement":[${long('1,')}1]}`],
    ['a proxy', 'http-proxy', `${long('a:')}@pro xy`],
    ['a proxy with a scheme', 'http-proxy', `http://${long('a:')}@proxy:99999`],
    ['an endpoint', 'sts-endpoint', `http://${long('127.')}0.0.1`],
    ['a slot', 'mfa-slot', `${long('1')}/${long('1')}`],
    ['devices', 'mfa-devices', long(`${SERIAL.slice(0, 31)} ${SEED.slice(0, 17)}\n`)],
  ] as const)(
    '%s',
    (_, input, text) => {
      const parsed = parse({ ...WITH_SEED, 'mfa-slot': '', 'role-to-assume': ROLE, [input]: text });
      expect(parsed.ok).toBe(false);
    },
    10_000,
  );
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import type {
  MfaSource,
  MintingPlan,
  Plan,
  Renewal,
  Request,
  RoleProfile,
  RoleRequest,
  Seal,
} from '../../../src/core/request.ts';
import { WORDING } from '../../../src/github/wording.ts';
import { explainProblem } from '../../../src/inputs/messages/problems.ts';
import { withVariables } from '../../../src/inputs/messages/wording.ts';
import { INPUT_NAMES, type InputName, type RawInputs } from '../../../src/inputs/names.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, parse, ROLE, SEALING_KEY, SEED, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const NO_KEYS = { 'aws-access-key-id': '', 'aws-secret-access-key': '' };
const PAIR = 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const BOOLEANS = ['true', 'false', 'True', 'FALSE', 'yes', ''];

/** What people write into each input; the others are booleans. */
const USUAL: Partial<Record<InputName, readonly string[]>> = {
  'aws-region': ['eu-central-1', 'us-east-1', 'cn-north-1', 'nowhere', 'minio'],
  'aws-access-key-id': ['', 'AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE'],
  'aws-secret-access-key': ['', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  'aws-access-key': [
    '',
    PAIR,
    'ASIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY:AKIAIOSFODNN7EXAMPLE',
  ],
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
  roles: [
    '',
    `a = ${ROLE}`,
    `# many\na = deploy duration_seconds=900\n\nb=${ROLE} source-profile=a region=us-east-1 external_id=x:y`,
    'a = deploy source_profile=b\nb = deploy source_profile=a',
    'a = deploy source_profile=nobody',
    'ci = deploy\nci = deploy',
    'a = arn:aws-cn:iam::123456789012:role/deploy',
    'a = deploy region=cn-north-1',
    'a = deploy duration_seconds=3601',
    'a = deploy duration_seconds=899',
    'DEFAULT = deploy',
    'constructor = deploy',
    'two words = deploy',
  ],
  'sealing-key': [
    '',
    SEALING_KEY,
    Buffer.from(SEALING_KEY, 'base64').toString('hex'),
    'x'.repeat(43),
    SEALING_KEY.slice(0, 32),
  ],
  'sealed-session': ['', 'aws-mfa-1.a.b.c.d.e.f.g', 'nothing', ' '],
  'sealed-session-scope': ['', 'run', 'repository', 'organization'],
  'profiles-location': ['', 'home', 'temp', '/tmp'],
  'allowed-account-ids': ['', '123456789012', '999999999999', ','],
  'expected-buckets': ['', 'logs', 'logs/prefix\ndata'],
  'aws-profile': ['', 'ci', 'DEFAULT', 'toString'],
  'minimum-remaining-seconds': ['', '0', '129600'],
  'retry-max-attempts': ['', '1', '100'],
  'action-timeout-s': ['', '0', '90'],
  'http-proxy': ['', 'http://ci:hunter2@proxy:3128', 'socks5://proxy'],
  'no-proxy': ['', 'localhost,.internal'],
  'sts-endpoint': ['', 'https://sts.example.com', 'http://127.0.0.1:4566', 'http://sts.example.com'],
  's3-endpoint': ['', 'https://s3.example.com'],
  'iam-endpoint': ['', 'https://iam.example.com'],
};

/** What the inputs are made from. Most of them work as they are. */
const BASES: readonly Partial<RawInputs>[] = [
  WITH_SEED,
  WITH_SEED,
  { ...WITH_SEED, ...NO_KEYS, 'aws-access-key': PAIR },
  { ...WITH_SEED, 'role-to-assume': ROLE },
  { ...WITH_SEED, 'role-to-assume': ROLE, 'mfa-session-first': 'true' },
  { ...WITH_SEED, roles: `ci = ${ROLE}`, 'seal-session': 'true', 'sealing-key': SEALING_KEY },
  { ...WITH_SEED, 'role-to-assume': ROLE, renew: 'true' },
  { ...CHAINED, renew: 'true' },
  CHAINED,
  { ...CHAINED, 'role-to-assume': '', roles: 'a = deploy\nb = deploy source_profile=a' },
  OPENING,
  { ...OPENING, roles: 'a = deploy', 'profiles-location': 'temp' },
  { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true' },
  { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true', 'role-to-assume': ROLE },
  {},
];

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('\0', '\r\n', '\u2028', '\u202e', '\ud800', '٣', ' ', '"', '::add-mask::x', '##[error]', '__proto__'),
  fc.constantFrom('A', '0', ' ', '\n', '=', 'é', ',').map((unit) => unit.repeat(5000)),
);

const anyInputs: fc.Arbitrary<RawInputs> = fc
  .record({
    base: fc.constantFrom(...BASES),
    usual: fc.dictionary(fc.constantFrom(...INPUT_NAMES), fc.nat(23), { maxKeys: 5 }),
    variables: fc.uniqueArray(fc.constantFrom(...INPUT_NAMES), { maxLength: 12 }),
    odd: fc.option(fc.tuple(fc.constantFrom(...INPUT_NAMES), odd, fc.constantFrom('alone', 'before', 'after')), {
      freq: 2,
    }),
  })
  .map((mix) => {
    const inputs: Partial<Record<InputName, string>> = { ...mix.base };
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
    const fromVariables = mix.variables.filter((name) => inputs[name]).map((name) => [name, `${name}'s variable`]);
    return rawInputs({ ...inputs, variables: Object.fromEntries(fromVariables) });
  });

/**
 * What a valid request never lacks, in the words of the service's own limits (STS API reference: GetSessionToken and
 * AssumeRole). Returns every rule that a request breaks.
 */
function flawsOf(request: Request): readonly string[] {
  const flaws: string[] = [];
  const claim = (holds: boolean, what: string): void => {
    if (!holds) flaws.push(what);
  };
  const { region, plan, roles, seal, exports, connection, bucketCheck } = request;
  const named = exports.profile !== undefined || roles !== undefined;
  const emulated = !region.partition.regionPattern.test(region.name);
  const withoutSts =
    plan.kind === 'sealed-session' && plan.role === undefined && plan.fallback === undefined && roles === undefined;
  claim(!emulated || connection.stsEndpoint !== undefined || withoutSts, 'a region in its partition');
  claim(!emulated || bucketCheck === undefined || connection.s3Endpoint !== undefined, 'an endpoint for each service');
  claim(PARTITIONS.includes(region.partition), 'a known partition');
  claim(
    request.allowedAccounts.every((account) => /^[0-9]{12}$/.test(account)),
    'accounts of twelve digits',
  );
  claim(request.maxAttempts === undefined || request.maxAttempts >= 1, 'an attempt at least');
  claim(request.timeoutSeconds === undefined || request.timeoutSeconds > 0, 'a deadline in the future');
  claim(exports.profile === undefined || isProfileName(exports.profile), 'a profile that can be written');
  claim(
    named || (exports.overwrite === 'refuse' && exports.profilesLocation === 'home'),
    'no settings for profiles without one',
  );
  claim(['home', 'temp'].includes(exports.profilesLocation), 'a place for profiles');
  for (const endpoint of [connection.stsEndpoint, connection.s3Endpoint, connection.iam?.endpoint]) {
    if (endpoint === undefined) continue;
    const url = new URL(endpoint);
    const loopback = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
    claim(url.protocol === 'https:' || (url.protocol === 'http:' && loopback), 'an endpoint by https');
  }
  claim(connection.proxy === undefined || /^https?:$/.test(connection.proxy.url.protocol), 'a proxy by http');
  for (const { bucket } of bucketCheck?.expected ?? []) claim(/^[A-Za-z0-9._-]{3,255}$/.test(bucket), 'a bucket');
  const assumed = [...('role' in plan && plan.role !== undefined ? [plan.role] : []), ...(roles ?? []).map(roleIn)];
  for (const { role } of assumed) {
    const { allowedAccounts } = request;
    claim(role.kind === 'name' || allowedAccounts.length === 0 || allowedAccounts.includes(role.account), 'allowed');
  }
  if (roles !== undefined) {
    claim(bucketCheck === undefined || request.renewal?.selected !== undefined, 'no bucket check with many roles');
    claim(!('role' in plan) || plan.role === undefined, 'many roles or one, not both');
    flaws.push(...flawsOfRoles(roles, request));
  } else {
    claim(plan.kind !== 'environment', 'something to obtain');
  }
  if (request.renewal !== undefined) flaws.push(...flawsOfRenewal(request.renewal, request));
  if (seal !== undefined) flaws.push(...flawsOfSeal(seal));
  claim(plan.kind !== 'sealed-session' || request.reuse === undefined, 'one session to start from');
  flaws.push(...flawsOfPlan(plan, region.partition.id));
  return flaws;
}

const roleIn = ({ role }: RoleProfile): RoleRequest => role;

/** Whether a profile's name can be written so that every tool reads it. */
function isProfileName(name: string): boolean {
  const forbidden = [
    'DEFAULT',
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
  ];
  return /^[\w@+.%:-]{1,128}$/.test(name) && !forbidden.includes(name);
}

function flawsOfPlan(plan: Plan, partition: string): readonly string[] {
  switch (plan.kind) {
    case 'environment':
      return [];
    case 'chained-role':
      return flawsOfChainedRole(plan.role, partition);
    case 'sealed-session': {
      const { source, role, fallback } = plan;
      const flaws = [...flawsOfSeal(source.seal), ...(role ? flawsOfChainedRole(role, partition) : [])];
      if (source.minimumRemainingSeconds < 0 || source.minimumRemainingSeconds > 129_600) flaws.push('time left');
      if (fallback === undefined) return flaws;
      // Whatever happens, a later step gets the same: the role, or a user's session.
      if ((fallback.kind === 'session' ? undefined : fallback.role) !== role)
        flaws.push('the same role in another way');
      return [...flaws, ...flawsOfMinting(fallback, partition)];
    }
    default:
      return flawsOfMinting(plan, partition);
  }
}

function flawsOfMinting(plan: MintingPlan, partition: string): readonly string[] {
  const { keys } = plan;
  const sound = {
    'keys that a header can carry':
      keys.kind === 'default-chain' ||
      (/^\w{1,128}$/.test(keys.accessKeyId) && /^[!-~]{1,256}$/.test(keys.secretAccessKey)),
    'a session of 15 minutes to 36 hours':
      plan.kind === 'role' || (plan.sessionSeconds >= 900 && plan.sessionSeconds <= 129_600),
    'one code for one call': plan.kind !== 'role' || !plan.role.plainSecretOnly,
  };
  return [
    ...Object.entries(sound).flatMap(([what, holds]) => (holds ? [] : [what])),
    ...flawsOfMfa(plan.mfa, partition),
    ...(plan.kind === 'role' ? flawsOfRole(plan.role, partition) : []),
    ...(plan.kind === 'role-after-session' ? flawsOfChainedRole(plan.role, partition) : []),
  ];
}

function flawsOfChainedRole(role: RoleRequest, partition: string): readonly string[] {
  return [...flawsOfRole(role, partition), ...(role.durationSeconds <= 3600 ? [] : ['an hour at most with a session'])];
}

function flawsOfRoles(roles: readonly RoleProfile[], { region, exports }: Request): readonly string[] {
  const names = roles.map(({ name }) => name);
  const sourceOf = (wanted: string | undefined): string | undefined =>
    roles.find(({ name }) => name === wanted)?.source;
  /** Whether following the sources from a profile ends. */
  const ends = ({ source }: RoleProfile): boolean => {
    let next = source;
    for (let steps = 0; next !== undefined && steps < roles.length; steps += 1) next = sourceOf(next);
    return next === undefined;
  };
  const sound = {
    'a role at least': roles.length > 0,
    'names that can be written': names.every(isProfileName),
    'each name once': new Set([...names, exports.profile]).size === names.length + 1,
    'regions of the partition': roles.every(
      (profile) => profile.region === region.name || region.partition.regionPattern.test(profile.region),
    ),
    'sources that are profiles': roles.every(({ source }) => source === undefined || names.includes(source)),
    'a path that starts at the session': roles.every(ends),
  };
  return [
    ...Object.entries(sound).flatMap(([what, holds]) => (holds ? [] : [what])),
    ...roles.flatMap(({ role }) => flawsOfChainedRole(role, region.partition.id)),
  ];
}

function flawsOfRenewal({ sessionProfile, selected }: Renewal, { roles, exports }: Request): readonly string[] {
  const names = roles?.map(({ name }) => name) ?? [];
  const sound = {
    'a source for the roles': /^[\w@+.%:-]+$/.test(sessionProfile) && !names.includes(sessionProfile),
    'the only role as what tools use': selected === undefined || names.join() === selected,
    'nothing that a profile cannot say': roles?.every(
      ({ role: { sessionTags, policy, policyArns, sourceIdentity, plainSecretOnly } }) =>
        (sessionTags ?? policy ?? sourceIdentity) === undefined && policyArns.length === 0 && !plainSecretOnly,
    ),
    'no credentials that nobody renews': !exports.environment && !exports.outputs && exports.profile === undefined,
  };
  return Object.entries(sound).flatMap(([what, holds]) => (holds === true ? [] : [what]));
}

function flawsOfSeal({ key, scope, repository, runId }: Seal): readonly string[] {
  const sound = {
    'a key of 256 bits': key.bytes.length >= 32,
    'a key without a pattern': new Set(key.bytes).size >= 16,
    'a scope': scope === 'run' || scope === 'repository',
    'the run that it is in': repository === 'octo-org/hello' && runId === '42',
  };
  return Object.entries(sound).flatMap(([what, holds]) => (holds ? [] : [what]));
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
  test('they make a request without flaws, or problems that can be put into words', async () => {
    const accepted = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyInputs, async (raw) => {
        const parsed = await parse(raw);
        if (parsed.ok) {
          for (const kind of kindsOf(parsed.request)) accepted.set(kind, (accepted.get(kind) ?? 0) + 1);
          expect(flawsOf(parsed.request)).toEqual([]);
          return;
        }
        expect(parsed.problems).not.toEqual([]);
        for (const problem of parsed.problems)
          expect(explainProblem(problem, withVariables(WORDING, raw.variables))).toMatch(
            /^(?:[a-z0-9-]+|\S+'s variable)(?:, line \d+:)? .*\.$/s,
          );
      }),
      {
        ...propertyRuns(1000),
        examples: [
          // A new session by the fallback would cost a code for each secret key.
          [
            rawInputs({
              ...OPENING,
              ...WITH_SEED,
              'sealed-session-fallback': 'true',
              'role-to-assume': ROLE,
              'special-characters-workaround': 'true',
            }),
          ],
          // An endpoint that isn't used, and so isn't checked.
          [rawInputs({ ...OPENING, 'aws-region': 'nowhere', 'sts-endpoint': '\0' })],
        ],
      },
    );
    // Otherwise, the property would mean nothing.
    expect(accepted.get('any')).toBeGreaterThan(150);
    const seldom = KINDS.filter((kind) => (accepted.get(kind) ?? 0) < 5);
    expect(seldom).toEqual([]);
  });

  test('a problem is about an input that is given, or that is missing', async () => {
    const missing: readonly InputName[] = [
      's3-endpoint',
      'iam-endpoint',
      'aws-region',
      'aws-access-key-id',
      'aws-secret-access-key',
      'mfa-seed',
      'sealing-key',
      'sealed-session',
    ];
    await fc.assert(
      fc.asyncProperty(anyInputs, async (raw) => {
        const parsed = await parse(raw);
        for (const { input } of parsed.ok ? [] : parsed.problems)
          expect(raw[input] !== '' || missing.includes(input)).toBe(true);
      }),
      propertyRuns(500),
    );
  });

  test('what restricts the credentials is in the request, wherever it came from', async () => {
    await fc.assert(
      fc.asyncProperty(anyInputs, async (raw) => {
        const parsed = await parse(raw);
        if (!parsed.ok) return;
        const { plan, roles, allowedAccounts } = parsed.request;
        const assumed = [
          ...('role' in plan && plan.role !== undefined ? [plan.role] : []),
          ...(roles ?? []).map(roleIn),
        ];
        if (raw['allowed-account-ids'] !== '') expect(allowedAccounts).not.toEqual([]);
        if (raw['inline-session-policy'] !== '') expect(assumed.map(({ policy }) => policy)).not.toContain(undefined);
        if (raw['role-source-identity'] !== '')
          expect(assumed.map(({ sourceIdentity }) => sourceIdentity)).not.toContain(undefined);
        if (raw['managed-session-policies'] !== '')
          expect(assumed.map(({ policyArns }) => policyArns.length)).not.toContain(0);
        const restricting = ['inline-session-policy', 'role-source-identity', 'managed-session-policies'] as const;
        expect(assumed.length > 0 || restricting.every((input) => raw[input] === '')).toBe(true);
      }),
      propertyRuns(500),
    );
  });

  test('a secret among them is in no problem', async () => {
    const secret = fc.oneof(
      fc.base64String({ minLength: 24, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), minLength: 24, maxLength: 64 }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 24, maxLength: 64 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 24, maxLength: 60 }),
    );
    const wrong: readonly ((text: string) => Partial<RawInputs>)[] = [
      (text) => ({ 'mfa-seed': text }),
      (text) => ({ 'mfa-seed': `otpauth://totp/x?secret=${text}&digits=8` }),
      (text) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': text }),
      (text) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': `x ${text}\n${SERIAL} ${text}!` }),
      (text) => ({ 'mfa-seed': '', 'mfa-serial': '', 'mfa-devices': `${SERIAL}:${text}!` }),
      (text) => ({ 'mfa-seed': '', 'mfa-code': text }),
      (text) => ({ 'mfa-serial': text }),
      (text) => ({ 'aws-secret-access-key': `${text} ` }),
      (text) => ({ 'aws-access-key-id': `${text}/` }),
      (text) => ({ ...NO_KEYS, 'aws-access-key': text }),
      (text) => ({ ...NO_KEYS, 'aws-access-key': `AKIAIOSFODNN7EXAMPLE ${text}` }),
      (text) => ({ ...NO_KEYS, 'aws-access-key': `${text}:AKIAIOSFODNN7EXAMPLE` }),
      (text) => ({ 'aws-access-key': `AKIAIOSFODNN7EXAMPLE:${text}` }),
      (text) => ({ 'http-proxy': `socks5://ci:${text}@proxy` }),
      (text) => ({ 'sts-endpoint': `https://ci:${text}@example.com` }),
      (text) => ({ 'seal-session': 'true', 'sealing-key': text }),
      (text) => ({ 'seal-session': 'true', 'sealing-key': `${text}!` }),
      (text) => ({ 'sealed-session': 'nothing', 'sealing-key': text.slice(0, 20) }),
      (text) => ({ 'sealed-session': text, 'sealing-key': SEALING_KEY }),
    ];
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(...wrong), async (text, given) => {
        const parsed = await parse({ ...WITH_SEED, ...given(text), 'role-to-assume': 'not a role' });
        const said = parsed.ok ? '' : saidBy(parsed.problems);
        for (const piece of piecesOf(text.trim())) expect(said).not.toContain(piece);
      }),
      propertyRuns(500),
    );
  });
});

/** Every kind of request that must occur. */
const KINDS = [
  'session',
  'role',
  'role-after-session',
  'chained-role',
  'environment',
  'sealed-session',
  'sealed-session with a role',
  'sealed-session with a fallback',
  'roles',
  'roles from roles',
  'renewal',
  'seal',
  'temp',
] as const;

function kindsOf({ plan, roles, renewal, seal, exports }: Request): readonly ((typeof KINDS)[number] | 'any')[] {
  const sealed = plan.kind === 'sealed-session' ? plan : undefined;
  return [
    'any',
    plan.kind,
    ...(sealed?.role === undefined ? [] : (['sealed-session with a role'] as const)),
    ...(sealed?.fallback === undefined ? [] : (['sealed-session with a fallback'] as const)),
    ...(roles === undefined ? [] : (['roles'] as const)),
    ...(roles?.some(({ source }) => source !== undefined) ? (['roles from roles'] as const) : []),
    ...(seal === undefined ? [] : (['seal'] as const)),
    ...(renewal === undefined ? [] : (['renewal'] as const)),
    ...(exports.profilesLocation === 'temp' ? (['temp'] as const) : []),
  ];
}

describe('100,000 characters are read quickly', () => {
  const LENGTH = 100_000;
  const long = (unit: string): string => unit.repeat(LENGTH / unit.length);
  /** The other inputs of a step in which this one matters. */
  const around = (input: InputName): Partial<RawInputs> => {
    if (input === 'sealed-session-fallback') return { ...OPENING, ...WITH_SEED };
    if (input.startsWith('seal')) return OPENING;
    return { ...WITH_SEED, ...(input === 'roles' ? {} : { 'role-to-assume': ROLE }) };
  };

  test.each(INPUT_NAMES)(
    'in %s',
    async (input) => {
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
        'a=b\n',
        'a=b c=',
      ]) {
        const parsed = await parse({ ...around(input), [input]: long(unit) });
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
    ['roles', 'roles', Array.from({ length: 7000 }, (_, index) => `p${index} = r !`).join('\n')],
    ['a role with settings', 'roles', `a = b ${long('region=us-east-1 ')}`],
    [
      'a circle of roles',
      'roles',
      Array.from({ length: 3000 }, (_, i) => `p${i} = r source_profile=p${(i + 1) % 3000}`).join('\n'),
    ],
    ['a sealing key', 'sealing-key', `${long('aA')}=`],
    ['a sealing key in hex', 'sealing-key', long('00')],
    ['devices', 'mfa-devices', long(`${SERIAL.slice(0, 31)} ${SEED.slice(0, 17)}\n`)],
  ] as const)(
    '%s',
    async (_, input, text) => {
      const parsed = await parse({ ...around(input), 'mfa-slot': '', [input]: text });
      expect(parsed.ok).toBe(false);
    },
    10_000,
  );

  test('in roles that each start from the one before', async () => {
    const count = 200;
    const lines = Array.from({ length: count }, (_, index) => `p${index} = r source_profile=p${index - 1}`);
    const parsed = await parse({ ...WITH_SEED, roles: ['p0 = r', ...lines.slice(1)].join('\n') });
    expect(parsed.ok && parsed.request.roles).toHaveLength(count);
    const more = await parse({ ...WITH_SEED, roles: [...lines, ...lines].join('\n') });
    expect(more).toMatchObject({ ok: false, problems: [{ kind: 'too-many', facts: { count: 400 } }] });
  }, 10_000);
});

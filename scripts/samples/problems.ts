import type { InputName, Variables } from '../../src/inputs/names.ts';
import type { Place, Problem, ProblemFacts, ProblemKind } from '../../src/inputs/problem.ts';

/** One problem as it happens. */
type Sample<Kind extends ProblemKind> = readonly [input: InputName, facts: ProblemFacts[Kind], place?: Place];

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const POLICY = 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess';

/** At least one sample for each form of each text. */
const SAMPLES: { readonly [Kind in ProblemKind]: readonly [Sample<Kind>, ...Sample<Kind>[]] } = {
  'not-boolean': [['output-credentials', { value: 'yes' }]],
  'not-integer': [
    ['role-duration-seconds', { value: '1h', unit: 'seconds', min: 900, max: 43_200 }],
    ['retry-max-attempts', { value: '0', unit: 'attempts', min: 1, max: 100 }],
  ],
  'not-choice': [['profiles-location', { value: '/tmp', choices: ['home', 'temp'] }]],
  'not-json': [
    ['custom-tags', { position: 'at position 14 (line 2 column 6)' }],
    ['inline-session-policy', { position: undefined }],
  ],
  'not-object': [['custom-tags', {}]],
  'list-empty': [
    ['allowed-account-ids', {}],
    ['managed-session-policies', {}],
    ['mfa-devices', {}],
    ['roles', {}],
  ],
  'too-many': [
    ['mfa-devices', { count: 9, max: 8 }],
    ['roles', { count: 201, max: 200 }],
    ['managed-session-policies', { count: 11, max: 10 }],
  ],
  conflict: [
    ['mfa-seed', { with: 'role-chaining' }],
    ['mfa-seed', { with: 'sealed-session' }],
    ['role-chaining', { with: 'sealed-session' }],
    ['use-existing-credentials', { with: 'sealed-session' }],
    ['role-to-assume', { with: 'roles' }],
    ['list-buckets', { with: 'roles' }],
    ['session-duration-seconds', { with: 'role-to-assume' }],
    ['mfa-slot', { with: 'mfa-code' }],
    ['mfa-serial', { with: 'mfa-devices' }],
    ['aws-secret-access-key', { with: 'aws-access-key' }],
  ],
  'one-of': [
    ['mfa-seed', { others: ['mfa-code'], all: ['mfa-seed', 'mfa-code', 'mfa-devices'] }],
    ['mfa-seed', { others: ['mfa-code', 'mfa-devices'], all: ['mfa-seed', 'mfa-code', 'mfa-devices'] }],
  ],
  'only-with': [
    ['role-external-id', { any: ['role-to-assume'] }],
    ['role-duration-seconds', { any: ['role-to-assume'] }],
    ['mfa-session-first', { any: ['role-to-assume'] }],
    ['role-chaining', { any: ['role-to-assume', 'roles'] }],
    ['profiles-location', { any: ['aws-profile', 'roles'] }],
    ['sealed-session-scope', { any: ['seal-session', 'sealed-session'] }],
    ['special-characters-workaround', { any: ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] }],
  ],
  'empty-secret': [['aws-secret-access-key', { given: 'aws-access-key-id' }]],
  'no-code': [['mfa-seed', {}]],
  partition: [
    ['mfa-serial', { partition: 'aws', expected: 'aws-cn' }],
    ['managed-session-policies', { partition: 'aws-cn', expected: 'aws', arn: POLICY }],
    ['roles', { partition: 'aws-cn', expected: 'aws' }, { line: 2, part: 'role' }],
  ],
  region: [
    ['aws-region', { reason: 'unknown', value: 'nowhere' }],
    ['aws-region', { reason: 'missing' }],
  ],
  key: [
    ['aws-secret-access-key', { reason: 'swapped' }],
    ['aws-access-key-id', { reason: 'temporary' }],
    ['aws-access-key', { reason: 'temporary' }],
    ['aws-access-key-id', { reason: 'malformed' }],
    ['aws-secret-access-key', { reason: 'malformed' }],
  ],
  'key-pair': [
    ['aws-access-key', { reason: 'labels' }],
    ['aws-access-key', { reason: 'quotes' }],
    ['aws-access-key', { reason: 'whitespace' }],
    ['aws-access-key', { reason: 'no-colon' }],
    ['aws-access-key', { reason: 'more-colons' }],
    ['aws-access-key', { reason: 'no-secret' }],
    ['aws-access-key', { reason: 'no-id' }],
    ['aws-access-key', { reason: 'swapped' }],
    ['aws-access-key', { reason: 'id' }],
    ['aws-access-key', { reason: 'secret' }],
  ],
  serial: [
    ['mfa-serial', { reason: 'user-arn' }],
    ['mfa-serial', { reason: 'security-key' }],
    ['mfa-serial', { reason: 'seed' }],
    ['mfa-serial', { reason: 'not-device-arn' }],
    ['mfa-serial', { reason: 'characters' }],
    ['mfa-devices', { reason: 'user-arn' }, { line: 3, part: 'serial' }],
  ],
  seed: [
    ['mfa-seed', { reason: 'not-base32', position: 5 }],
    ['mfa-seed', { reason: 'impossible-length', length: 25 }],
    ['mfa-seed', { reason: 'impossible-length', length: 1 }],
    ['mfa-seed', { reason: 'impossible-end' }],
    ['mfa-seed', { reason: 'size', bits: 120, min: 128, max: 512 }],
    ['mfa-seed', { reason: 'code' }],
    ['mfa-seed', { reason: 'migration' }],
    ['mfa-seed', { reason: 'steam' }],
    ['mfa-seed', { reason: 'hotp' }],
    ['mfa-seed', { reason: 'not-totp-uri' }],
    ['mfa-seed', { reason: 'unsupported', parameter: 'algorithm' }],
    ['mfa-seed', { reason: 'unsupported', parameter: 'digits' }],
    ['mfa-seed', { reason: 'unsupported', parameter: 'period' }],
    ['mfa-seed', { reason: 'no-secret' }],
    ['mfa-seed', { reason: 'several-secrets' }],
    ['mfa-devices', { reason: 'not-base32', position: 5 }, { line: 4, part: 'seed' }],
  ],
  code: [['mfa-code', {}]],
  slot: [['mfa-slot', { value: '5/5', max: 256 }]],
  device: [
    ['mfa-devices', { reason: 'no-seed' }, { line: 1 }],
    ['mfa-devices', { reason: 'seed-first' }, { line: 1 }],
    ['mfa-devices', { reason: 'twice' }, { line: 2 }],
  ],
  role: [
    ['role-to-assume', { value: `arn:aws:iam::${ACCOUNT}:user/deploy` }],
    ['roles', { value: 'team:deploy' }, { line: 2, part: 'role' }],
  ],
  characters: [
    ['role-session-name', { length: 1, max: 64, punctuation: '_+=,.@-' }],
    ['role-external-id', { length: 12, max: 1224, punctuation: '_+=,.@:/-' }],
    ['roles', { length: 65, max: 64, punctuation: '_+=,.@-' }, { line: 2, part: 'role_session_name' }],
  ],
  'duration-over-cap': [['role-duration-seconds', { seconds: 7200, cap: 3600 }]],
  'no-statement': [['inline-session-policy', {}]],
  'policy-too-long': [['inline-session-policy', { length: 2074, max: 2048 }]],
  'policy-arn': [['managed-session-policies', { value: 'ReadOnlyAccess' }]],
  tag: [
    ['custom-tags', { key: '', reason: 'key-length', length: 0, max: 128 }],
    ['custom-tags', { key: 'a,b', reason: 'key-characters' }],
    ['custom-tags', { key: 'aws:team', reason: 'key-of-aws' }],
    ['custom-tags', { key: 'Repository', reason: 'key-taken', by: 'Repository' }],
    ['custom-tags', { key: 'TEAM', reason: 'key-taken', by: 'Team' }],
    ['custom-tags', { key: 'Team', reason: 'value-type' }],
    ['custom-tags', { key: 'Team', reason: 'value-length', length: 257, max: 256 }],
    ['custom-tags', { key: 'Team', reason: 'value-characters' }],
  ],
  'tag-count': [['custom-tags', { count: 51, ofRun: 11, max: 50 }]],
  'role-line': [['roles', { value: 'staging deploy' }, { line: 1 }]],
  'role-setting': [
    [
      'roles',
      {
        value: 'mfa_serial=x',
        settings: ['duration_seconds', 'role_session_name', 'external_id', 'source_profile', 'region'],
      },
      { line: 1 },
    ],
  ],
  'role-setting-twice': [['roles', {}, { line: 1, part: 'region' }]],
  'role-region': [['roles', { value: 'frankfurt' }, { line: 1, part: 'region' }]],
  'role-duration': [['roles', { value: '7200', min: 900, max: 3600 }, { line: 1, part: 'duration_seconds' }]],
  'profile-name': [
    ['aws-profile', { value: 'two words' }],
    ['roles', { value: 'DEFAULT' }, { line: 3, part: 'profile' }],
  ],
  'profile-twice': [['roles', { value: 'staging' }]],
  'profile-of-roles': [['aws-profile', {}]],
  'profile-of-session': [['roles', { value: 'mfa-session' }]],
  'role-as-name': [['aws-profile', { value: 'deploy,all' }]],
  'not-in-profile': [
    ['inline-session-policy', {}],
    ['custom-tags', {}],
  ],
  'source-unknown': [['roles', { profile: 'prod', source: 'none' }]],
  'source-cycle': [
    ['roles', { profiles: ['a'] }],
    ['roles', { profiles: ['a', 'b', 'c'] }],
    ['roles', { profiles: Array.from({ length: 30 }, (_, index) => `p${index}`) }],
  ],
  'sealing-key': [
    ['sealing-key', { reason: 'empty' }],
    ['sealing-key', { reason: 'encoding' }],
    ['sealing-key', { reason: 'short', bytes: 16 }],
    ['sealing-key', { reason: 'not-random' }],
    ['sealing-key', { reason: 'encoded-twice', inner: 'hex', outer: 'base64' }],
  ],
  'sealing-unclear': [['sealed-session', {}]],
  'run-unknown': [['seal-session', {}]],
  'account-id': [['allowed-account-ids', { value: '12345678901' }]],
  'account-not-allowed': [
    ['role-to-assume', { account: ACCOUNT }],
    ['role-to-assume', { account: ACCOUNT, because: 'role-name' }],
    ['mfa-serial', { account: ACCOUNT, because: 'fallback' }],
    ['roles', { account: ACCOUNT, role: ROLE }],
    ['roles', { account: ACCOUNT, role: 'deploy', because: 'role-name' }],
  ],
  bucket: [['expected-buckets', { value: 'logs,data' }]],
  'prefix-too-long': [['expected-buckets', { bucket: 'logs', length: 1025, max: 1024 }]],
  endpoint: [
    ['sts-endpoint', { reason: 'credentials' }],
    ['sts-endpoint', { reason: 'not-url' }],
    ['sts-endpoint', { reason: 'query' }],
    ['sts-endpoint', { reason: 'plain-http', origin: 'http://minio:9000' }],
  ],
  'endpoint-missing': [['s3-endpoint', { region: 'minio' }]],
  proxy: [
    ['http-proxy', { reason: 'socks' }],
    ['http-proxy', { reason: 'not-url' }],
  ],
  unreadable: [['aws-region', {}]],
};

/** Every sample, in the order of the kinds. */
export const PROBLEMS: readonly Problem[] = Object.keys(SAMPLES).filter(isKind).flatMap(problemsOf);

/** A problem whose input and another one come from variables. */
export const FROM_VARIABLES: { readonly problem: Problem; readonly variables: Variables } = {
  problem: { input: 'mfa-seed', kind: 'conflict', facts: { with: 'role-chaining' }, place: undefined },
  variables: { 'mfa-seed': 'MFA_SEED', 'role-chaining': 'ROLE_CHAINING' },
};

function isKind(name: string): name is ProblemKind {
  return name in SAMPLES;
}

function problemsOf<Kind extends ProblemKind>(kind: Kind): readonly Problem<Kind>[] {
  const samples: readonly Sample<Kind>[] = SAMPLES[kind];
  return samples.map(([input, facts, place]) => ({ input, kind, facts, place }));
}

import { describe, expect, test } from '@jest/globals';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import type { Plan } from '../../../src/core/request.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { parseRequest } from '../../../src/inputs/request.ts';
import type { CiRun } from '../../../src/inputs/tags.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, problemsOf, ROLE, RUN, requestOf, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

const TEXT = 'aws-mfa-1.a.b.c.d.e.f.g';
const SEALING = { ...WITH_SEED, 'seal-session': 'true', 'sealing-key': SEALING_KEY } as const;
const FALLING_BACK = { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true' } as const;
const KEY_BYTES = Buffer.from('a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9', 'hex');
const NO_KEY = ['sealing-key', 'sealing-key', { reason: 'empty' }];
/** In the run that `parse` plays. */
const SEAL = { key: { bytes: expect.anything() }, scope: 'run', repository: 'octo-org/hello', runId: '42' } as const;

async function opened(given: Partial<RawInputs>): Promise<Extract<Plan, { kind: 'sealed-session' }>> {
  const { plan } = await requestOf(given);
  if (plan.kind !== 'sealed-session') throw new Error(`nothing is opened; the plan is ${plan.kind}`);
  return plan;
}

describe('a session is sealed', () => {
  test('with the key, for this run of this repository', async () => {
    const { seal, plan } = await requestOf(SEALING);
    expect(seal).toEqual(SEAL);
    expect(Buffer.from(seal?.key.bytes ?? []).equals(KEY_BYTES)).toBe(true);
    expect(plan.kind).toBe('session');
  });

  test('only if that is requested', async () => {
    expect((await requestOf(WITH_SEED)).seal).toBeUndefined();
    expect((await requestOf({ ...WITH_SEED, 'seal-session': 'false' })).seal).toBeUndefined();
  });

  test('not if it is turned off, although there is a key', async () => {
    const { seal, plan } = await requestOf({ ...SEALING, 'seal-session': 'false' });
    expect(seal).toBeUndefined();
    expect(plan.kind).toBe('session');
  });

  test.each([
    ['of a role', { 'role-to-assume': ROLE }, 'role'],
    ['of a role after a session', { 'role-to-assume': ROLE, 'mfa-session-first': 'true' }, 'role-after-session'],
    ['from which many roles follow', { roles: 'a = deploy' }, 'session'],
  ])('%s too', async (_, given, kind) => {
    const { seal, plan } = await requestOf({ ...SEALING, ...given });
    expect(seal).toEqual(SEAL);
    expect(plan.kind).toBe(kind);
  });

  test('even if its credentials go nowhere else', async () => {
    const { seal, exports } = await requestOf({ ...SEALING, 'output-env-credentials': 'false' });
    expect(seal).toEqual(SEAL);
    expect(exports).toMatchObject({ environment: false, outputs: false, profile: undefined });
  });

  test('again if it was opened here', async () => {
    const { seal, plan } = await requestOf({ ...OPENING, 'seal-session': 'true' });
    expect(seal).toEqual(SEAL);
    expect(plan).toMatchObject({ kind: 'sealed-session', source: { text: TEXT, seal: SEAL } });
  });

  test('only with a key', async () => {
    expect(await problemsOf({ ...SEALING, 'sealing-key': '' })).toEqual([NO_KEY]);
  });
});

describe('a session is opened', () => {
  test('with the key, for this run, with five minutes left', async () => {
    const plan = await opened(OPENING);
    expect(plan).toMatchObject({
      source: { text: TEXT, seal: SEAL, minimumRemainingSeconds: 300 },
      role: undefined,
      fallback: undefined,
    });
    expect(Buffer.from(plan.source.seal.key.bytes).equals(KEY_BYTES)).toBe(true);
  });

  test('without keys or a device', async () => {
    expect(await problemsOf(OPENING)).toEqual([]);
    expect((await requestOf(OPENING)).seal).toBeUndefined();
  });

  test.each([
    ['the key', { 'sealed-session': '' }],
    ['the fallback', { 'sealed-session': '', 'sealed-session-fallback': 'false' }],
    ['a fallback with all it needs', { ...FALLING_BACK, 'sealed-session': '' }],
  ])('even if it was lost on the way, which %s shows', async (_, given) => {
    const { source } = await opened({ ...OPENING, ...given });
    expect(source.text).toBe('');
  });

  test('with as much time left as requested', async () => {
    const { source } = await opened({ ...OPENING, 'minimum-remaining-seconds': '0' });
    expect(source.minimumRemainingSeconds).toBe(0);
  });

  test.each([' ', `${TEXT} `, `\n${TEXT}`, `"${TEXT}"`])('unchanged: %j', async (text) => {
    expect((await opened({ ...OPENING, 'sealed-session': text })).source.text).toBe(text);
  });

  test('for a role, for at most an hour', async () => {
    const plan = await opened({ ...OPENING, 'role-to-assume': ROLE });
    expect(plan.role).toMatchObject({ role: { arn: ROLE }, durationSeconds: 3600 });
    expect(await problemsOf({ ...OPENING, 'role-to-assume': ROLE, 'role-duration-seconds': '3601' })).toEqual([
      ['role-duration-seconds', 'duration-over-cap', { seconds: 3601, cap: 3600 }],
    ]);
  });

  test('for a role whose secret key has no special characters', async () => {
    const plan = await opened({ ...OPENING, 'role-to-assume': ROLE, 'special-characters-workaround': 'true' });
    expect(plan.role).toMatchObject({ plainSecretOnly: true });
  });

  test('for many roles', async () => {
    const { plan, roles } = await requestOf({ ...OPENING, roles: 'a = deploy\nb = audit' });
    expect(plan).toMatchObject({ kind: 'sealed-session', role: undefined });
    expect(roles?.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('only with a key', async () => {
    expect(await problemsOf({ ...OPENING, 'sealing-key': '' })).toEqual([NO_KEY]);
  });
});

describe('a fallback', () => {
  test('is the plan without the sealed session', async () => {
    const { fallback } = await opened(FALLING_BACK);
    expect(fallback).toEqual((await requestOf(WITH_SEED)).plan);
  });

  test('to a role is that role', async () => {
    const { role, fallback } = await opened({ ...FALLING_BACK, 'role-to-assume': ROLE });
    expect(role).toMatchObject({ role: { arn: ROLE } });
    expect(fallback).toMatchObject({ kind: 'role', role: { role: { arn: ROLE } } });
  });

  test('may take a session first', async () => {
    const given = { 'role-to-assume': ROLE, 'mfa-session-first': 'true', 'session-duration-seconds': '900' };
    const { fallback } = await opened({ ...FALLING_BACK, ...given });
    expect(fallback).toMatchObject({ kind: 'role-after-session', sessionSeconds: 900 });
  });

  test('to a role without special characters in its secret key takes a session first: then another attempt costs no code', async () => {
    const plain = { 'role-to-assume': ROLE, 'special-characters-workaround': 'true' };
    const { fallback } = await opened({ ...FALLING_BACK, ...plain });
    expect(fallback).toMatchObject({ kind: 'role-after-session', role: { plainSecretOnly: true } });
  });

  test('needs what a new session needs', async () => {
    expect(await problemsOf({ ...FALLING_BACK, 'mfa-seed': '' })).toEqual([['mfa-seed', 'no-code', {}]]);
  });
});

describe('the scope', () => {
  test.each([
    ['', 'run'],
    ['run', 'run'],
    ['repository', 'repository'],
  ])('%j is %s, for sealing and for opening', async (text, scope) => {
    expect((await requestOf({ ...SEALING, 'sealed-session-scope': text })).seal?.scope).toBe(scope);
    expect((await opened({ ...OPENING, 'sealed-session-scope': text })).source.seal.scope).toBe(scope);
  });

  test.each(['organization', 'Run', 'REPOSITORY', 'true'])('is not %s', async (value) => {
    for (const given of [SEALING, OPENING])
      expect(await problemsOf({ ...given, 'sealed-session-scope': value })).toEqual([
        ['sealed-session-scope', 'not-choice', { value, choices: ['run', 'repository'] }],
      ]);
  });

  test('only applies if a session is sealed or opened', async () => {
    expect(await problemsOf({ ...WITH_SEED, 'sealed-session-scope': 'repository' })).toEqual([
      ['sealed-session-scope', 'only-with', { any: ['seal-session', 'sealed-session'] }],
    ]);
  });

  test('is ignored if sealing is turned off', async () => {
    const off = { ...WITH_SEED, 'seal-session': 'false', 'sealed-session-scope': 'repository' };
    expect(await problemsOf(off)).toEqual([]);
  });
});

describe('a contradiction is refused before anything is sent:', () => {
  const NO_CODE = ['conflict', { with: 'sealed-session' }] as const;

  test.each([
    'aws-access-key-id',
    'aws-secret-access-key',
    'aws-access-key',
    'mfa-serial',
    'mfa-seed',
    'mfa-code',
    'mfa-devices',
    'mfa-slot',
    'session-duration-seconds',
  ] as const)('a sealed session and %s', async (input) => {
    expect(await problemsOf({ ...OPENING, [input]: '123456' })).toEqual([[input, ...NO_CODE]]);
  });

  test.each<[string, Partial<RawInputs>, readonly unknown[]]>([
    [
      'everything for a code',
      WITH_SEED,
      [
        ['aws-access-key-id', ...NO_CODE],
        ['aws-secret-access-key', ...NO_CODE],
        ['mfa-serial', ...NO_CODE],
        ['mfa-seed', ...NO_CODE],
      ],
    ],
    ['mfa-session-first', { 'role-to-assume': ROLE, 'mfa-session-first': 'true' }, [['mfa-session-first', ...NO_CODE]]],
    ['role-chaining', CHAINED, [['role-chaining', ...NO_CODE]]],
    ['use-existing-credentials', { 'use-existing-credentials': 'true' }, [['use-existing-credentials', ...NO_CODE]]],
    [
      'the name of a role’s session, without a role',
      { 'role-session-name': 'ci' },
      [['role-session-name', 'only-with', { any: ['role-to-assume'] }]],
    ],
    [
      'a role of another account than is allowed',
      { 'role-to-assume': ROLE, 'allowed-account-ids': '999999999999' },
      [['role-to-assume', 'account-not-allowed', { account: '123456789012' }]],
    ],
    [
      'a role of another partition',
      { 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' },
      [['role-to-assume', 'partition', { partition: 'aws-cn', expected: 'aws' }]],
    ],
    [
      'special-characters-workaround, without a role',
      { 'special-characters-workaround': 'true' },
      [
        [
          'special-characters-workaround',
          'only-with',
          { any: ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] },
        ],
      ],
    ],
    [
      'inputs for a code, if the sealed session is empty',
      { 'sealed-session': '', 'mfa-seed': 'x' },
      [['sealed-session', 'sealing-unclear', {}]],
    ],
  ])('a sealed session and %s', async (_, given, problems) => {
    expect(await problemsOf({ ...OPENING, ...given })).toEqual(problems);
  });

  test('but role-chaining and use-existing-credentials go with seal-session', async () => {
    const { seal, plan } = await requestOf({ ...CHAINED, 'seal-session': 'true', 'sealing-key': SEALING_KEY });
    expect([plan.kind, seal]).toEqual(['chained-role', SEAL]);
    expect(await problemsOf({ ...SEALING, 'use-existing-credentials': 'true' })).toEqual([]);
  });
});

describe('the run that a session is bound to', () => {
  const COMPLETE = { ...RUN, repository: 'octo-org/hello', runId: '42' };

  async function problemsIn(run: CiRun, given: Partial<RawInputs>) {
    const parsed = await parseRequest(rawInputs(given), { partitions: PARTITIONS, run });
    return parsed.ok ? [] : listed(parsed.problems);
  }

  test.each([
    ['no repository', { ...COMPLETE, repository: '' }],
    ['no ID', { ...COMPLETE, runId: '' }],
    ['neither', { ...COMPLETE, repository: '', runId: '' }],
  ])('must be known: %s is refused', async (_, run) => {
    expect(await problemsIn(run, SEALING)).toEqual([['seal-session', 'run-unknown', {}]]);
    expect(await problemsIn(run, OPENING)).toEqual([['sealed-session', 'run-unknown', {}]]);
    expect(await problemsIn(run, { ...OPENING, 'seal-session': 'true' })).toEqual([
      ['seal-session', 'run-unknown', {}],
    ]);
  });

  test('is known with both', async () => {
    for (const given of [SEALING, OPENING]) expect(await problemsIn(COMPLETE, given)).toEqual([]);
  });
});

test('every problem with a sealed session is reported at once', async () => {
  const given = {
    ...OPENING,
    'aws-region': 'nowhere',
    'sealing-key': 'short',
    'sealed-session-scope': 'everywhere',
    'minimum-remaining-seconds': 'some',
    'mfa-seed': 'x',
  };
  expect((await problemsOf(given)).map(([input]) => input)).toEqual([
    'aws-region',
    'minimum-remaining-seconds',
    'sealing-key',
    'sealed-session-scope',
    'mfa-seed',
  ]);
});

test.each(['seal-session', 'sealed-session-fallback'])('%s is true or false', async (input) => {
  expect(await problemsOf({ ...OPENING, [input]: 'yes' })).toEqual([[input, 'not-boolean', { value: 'yes' }]]);
});

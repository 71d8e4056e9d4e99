import { describe, expect, test } from '@jest/globals';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import type { Plan } from '../../../src/core/request.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { parseRequest } from '../../../src/inputs/request.ts';
import type { WorkflowFacts } from '../../../src/inputs/tags.ts';
import { rawInputs } from '../../kit/raw-inputs.ts';
import { CHAINED, OPENING, parse, ROLE, requestOf, SEALING_KEY, WITH_SEED } from '../../kit/requests.ts';

const TEXT = 'aws-mfa-1.a.b.c.d.e.f.g';
const SEALING = { ...WITH_SEED, 'seal-session': 'true', 'sealing-key': SEALING_KEY } as const;
const FALLING_BACK = { ...OPENING, ...WITH_SEED, 'sealed-session-fallback': 'true' } as const;
const KEY_BYTES = Buffer.from('a25fb35be320fefe0be3d6d45dec471965ece5eb5f310e19fe84bea7b79f9ab9', 'hex');
/** In the run that `parse` plays. */
const SEAL = { key: { bytes: expect.anything() }, scope: 'run', repository: 'octo-org/hello', runId: '42' } as const;

const NO_CODE =
  'is given together with sealed-session, which needs no code. Leave it out, or set sealed-session-fallback: true to get a new session where the sealed one cannot be used';

/** What is wrong, one "input message" a line; empty where nothing is. */
async function problemsOf(given: Partial<RawInputs>, workflow?: WorkflowFacts): Promise<string> {
  const parsed = await (workflow === undefined
    ? parse(given)
    : parseRequest(rawInputs(given), { partitions: PARTITIONS, workflow }));
  return parsed.ok ? '' : parsed.problems.map(({ input, message }) => `${input} ${message}`).join('\n');
}

async function opened(given: Partial<RawInputs>): Promise<Extract<Plan, { kind: 'sealed-session' }>> {
  const { plan } = await requestOf(given);
  if (plan.kind !== 'sealed-session') throw new Error(`nothing is opened; the plan is ${plan.kind}`);
  return plan;
}

describe('a session is sealed', () => {
  test('where that is asked for: with the key, for this run of this repository', async () => {
    const { seal, plan } = await requestOf(SEALING);
    expect(seal).toEqual(SEAL);
    expect(Buffer.from(seal?.key.bytes ?? []).equals(KEY_BYTES)).toBe(true);
    expect(plan.kind).toBe('session');
  });

  test('and nothing is where nobody asks for it', async () => {
    expect((await requestOf(WITH_SEED)).seal).toBeUndefined();
    expect((await requestOf({ ...WITH_SEED, 'seal-session': 'false' })).seal).toBeUndefined();
  });

  test('not, where it is turned off, though there is a key: it is got as without one', async () => {
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

  test('though its credentials go nowhere else', async () => {
    const { seal, exports } = await requestOf({ ...SEALING, 'output-env-credentials': 'false' });
    expect(seal).toEqual(SEAL);
    expect(exports).toMatchObject({ environment: false, outputs: false, profile: undefined });
  });

  test('anew where it was opened, for whom it may concern', async () => {
    const { seal, plan } = await requestOf({ ...OPENING, 'seal-session': 'true' });
    expect(seal).toEqual(SEAL);
    expect(plan).toMatchObject({ kind: 'sealed-session', source: { text: TEXT, seal: SEAL } });
  });

  test('with a key, and not without one', async () => {
    expect(await problemsOf({ ...SEALING, 'sealing-key': '' })).toMatch(
      /^sealing-key is empty; .*GitHub passes a secret as an empty text where the workflow may not see it: in pull requests from forks;/,
    );
  });
});

describe('a session is opened', () => {
  test('where a sealed one is given: with the key, for this run, with five minutes left', async () => {
    const plan = await opened(OPENING);
    expect(plan).toMatchObject({
      source: { text: TEXT, seal: SEAL, minimumRemainingSeconds: 300 },
      role: undefined,
      fallback: undefined,
    });
    expect(Buffer.from(plan.source.seal.key.bytes).equals(KEY_BYTES)).toBe(true);
  });

  test('without a region of the account, a key pair or a device being named', async () => {
    expect(await problemsOf(OPENING)).toBe('');
    expect((await requestOf(OPENING)).seal).toBeUndefined();
  });

  test.each([
    ['the key', { 'sealed-session': '' }],
    ['the fallback', { 'sealed-session': '', 'sealed-session-fallback': 'false' }],
    ['a fallback with all it needs', { ...FALLING_BACK, 'sealed-session': '' }],
  ])('where its text was lost on the way, which %s tells', async (_, given) => {
    const { source } = await opened({ ...OPENING, ...given });
    expect(source.text).toBe('');
  });

  test('with as much time left as is asked for', async () => {
    const { source } = await opened({ ...OPENING, 'minimum-remaining-seconds': '0' });
    expect(source.minimumRemainingSeconds).toBe(0);
  });

  test.each([' ', `${TEXT} `, `\n${TEXT}`, `"${TEXT}"`])('as it is: nothing is taken off %j', async (text) => {
    expect((await opened({ ...OPENING, 'sealed-session': text })).source.text).toBe(text);
  });

  test('for a role, for an hour at most', async () => {
    const plan = await opened({ ...OPENING, 'role-to-assume': ROLE });
    expect(plan.role).toMatchObject({ role: { arn: ROLE }, durationSeconds: 3600 });
    expect(await problemsOf({ ...OPENING, 'role-to-assume': ROLE, 'role-duration-seconds': '3601' })).toContain(
      'lasts 3600 seconds at most',
    );
  });

  test('for a role whose secret has no special characters', async () => {
    const plan = await opened({ ...OPENING, 'role-to-assume': ROLE, 'special-characters-workaround': 'true' });
    expect(plan.role).toMatchObject({ plainSecretOnly: true });
  });

  test('for many roles', async () => {
    const { plan, roles } = await requestOf({ ...OPENING, roles: 'a = deploy\nb = audit' });
    expect(plan).toMatchObject({ kind: 'sealed-session', role: undefined });
    expect(roles?.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('with a key, and not without one', async () => {
    expect(await problemsOf({ ...OPENING, 'sealing-key': '' })).toMatch(/^sealing-key is empty; /);
  });
});

describe('a fallback', () => {
  test('is the plan that would be followed without the sealed session', async () => {
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

  test('to a role whose secret is to have no special characters takes a session first: asking again costs no code then', async () => {
    const plain = { 'role-to-assume': ROLE, 'special-characters-workaround': 'true' };
    const { fallback } = await opened({ ...FALLING_BACK, ...plain });
    expect(fallback).toMatchObject({ kind: 'role-after-session', role: { plainSecretOnly: true } });
  });

  test('needs what a new session needs', async () => {
    expect(await problemsOf({ ...FALLING_BACK, 'mfa-seed': '' })).toMatch(
      /^mfa-seed is empty, and so are mfa-code and mfa-devices/,
    );
  });

  test.each(['yes', '1', 'on'])('is true or false, and not %s', async (text) => {
    expect(await problemsOf({ ...OPENING, 'sealed-session-fallback': text })).toBe(
      `sealed-session-fallback is "${text}"; write true or false`,
    );
  });
});

describe('the scope', () => {
  test.each([
    ['', 'run'],
    ['run', 'run'],
    ['repository', 'repository'],
  ])('%j is %s, where a session is sealed and where one is opened', async (text, scope) => {
    expect((await requestOf({ ...SEALING, 'sealed-session-scope': text })).seal?.scope).toBe(scope);
    expect((await opened({ ...OPENING, 'sealed-session-scope': text })).source.seal.scope).toBe(scope);
  });

  test.each(['organization', 'Run', 'REPOSITORY', 'true'])('is no other: %s is refused', async (text) => {
    for (const given of [SEALING, OPENING])
      expect(await problemsOf({ ...given, 'sealed-session-scope': text })).toBe(
        `sealed-session-scope is "${text}"; write run or repository`,
      );
  });

  test('means nothing where no session is sealed or opened', async () => {
    expect(await problemsOf({ ...WITH_SEED, 'sealed-session-scope': 'repository' })).toBe(
      'sealed-session-scope is given, and no session is to be sealed or opened: set seal-session: true or pass sealed-session',
    );
  });

  test('does not matter where sealing is turned off', async () => {
    expect(await problemsOf({ ...WITH_SEED, 'seal-session': 'false', 'sealed-session-scope': 'repository' })).toBe('');
  });
});

describe('a contradiction is refused before anything is sent', () => {
  test.each([
    'aws-access-key-id',
    'aws-secret-access-key',
    'mfa-serial',
    'mfa-seed',
    'mfa-code',
    'mfa-devices',
    'mfa-slot',
    'session-duration-seconds',
  ] as const)('a sealed session and %s', async (input) => {
    expect(await problemsOf({ ...OPENING, [input]: '123456' })).toBe(`${input} ${NO_CODE}`);
  });

  test('a sealed session and all that a code needs, each told', async () => {
    expect(await problemsOf({ ...OPENING, ...WITH_SEED })).toBe(
      ['aws-access-key-id', 'aws-secret-access-key', 'mfa-serial', 'mfa-seed']
        .map((input) => `${input} ${NO_CODE}`)
        .join('\n'),
    );
  });

  test('a sealed session and mfa-session-first', async () => {
    expect(await problemsOf({ ...OPENING, 'role-to-assume': ROLE, 'mfa-session-first': 'true' })).toBe(
      `mfa-session-first ${NO_CODE}`,
    );
  });

  test('a sealed session and role-chaining', async () => {
    expect(await problemsOf({ ...OPENING, ...CHAINED })).toBe(
      'role-chaining is true together with sealed-session: the one uses the session in the environment, the other brings its own. Choose one',
    );
  });

  test('a sealed session and use-existing-credentials', async () => {
    expect(await problemsOf({ ...OPENING, 'use-existing-credentials': 'true' })).toBe(
      'use-existing-credentials is true together with sealed-session: the one asks STS for the session in the environment, the other needs no call. Choose one',
    );
  });

  test('a sealed session and what belongs to a role, where there is none', async () => {
    expect(await problemsOf({ ...OPENING, 'role-session-name': 'ci' })).toBe(
      'role-session-name is given without role-to-assume, and a session token takes no such thing. Give a role, or leave it out',
    );
  });

  test('a sealed session and a role of another account than is allowed', async () => {
    expect(await problemsOf({ ...OPENING, 'role-to-assume': ROLE, 'allowed-account-ids': '999999999999' })).toBe(
      'role-to-assume is in the account 123456789012, which allowed-account-ids does not allow',
    );
  });

  test('a sealed session and a role of another partition', async () => {
    expect(await problemsOf({ ...OPENING, 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy' })).toBe(
      'role-to-assume is in the partition aws-cn, and aws-region is in aws; no session of one reaches the other',
    );
  });

  test('a sealed session and special-characters-workaround, where there is no role', async () => {
    expect(await problemsOf({ ...OPENING, 'special-characters-workaround': 'true' })).toBe(
      'special-characters-workaround asks again until the secret key has no special characters, and each time would cost a code; it goes with mfa-session-first, role-chaining, sealed-session or roles only',
    );
  });

  test('but role-chaining goes with seal-session', async () => {
    const { seal, plan } = await requestOf({ ...CHAINED, 'seal-session': 'true', 'sealing-key': SEALING_KEY });
    expect([plan.kind, seal]).toEqual(['chained-role', SEAL]);
  });

  test('but use-existing-credentials goes with seal-session', async () => {
    expect(await problemsOf({ ...SEALING, 'use-existing-credentials': 'true' })).toBe('');
  });
});

describe('a place to which a session can be bound is needed', () => {
  const complete = { Repository: 'octo-org/hello', RunId: '42' };

  test.each([
    ['GITHUB_REPOSITORY is not set', { RunId: '42' }],
    ['GITHUB_REPOSITORY is empty', { ...complete, Repository: '' }],
    ['GITHUB_RUN_ID is not set', { Repository: 'octo-org/hello' }],
    ['GITHUB_RUN_ID is empty', { ...complete, RunId: '' }],
    ['neither is set', {}],
  ])('and where %s it is refused', async (_, workflow) => {
    const needs =
      'needs GITHUB_REPOSITORY and GITHUB_RUN_ID, to which a sealed session is bound, and one of them is not set. Run this as a step of a workflow';
    expect(await problemsOf(SEALING, workflow)).toBe(`seal-session ${needs}`);
    expect(await problemsOf(OPENING, workflow)).toBe(`sealed-session ${needs}`);
    expect(await problemsOf({ ...OPENING, 'seal-session': 'true' }, workflow)).toBe(`seal-session ${needs}`);
  });

  test('and is there where both are set', async () => {
    for (const given of [SEALING, OPENING]) expect(await problemsOf(given, complete)).toBe('');
  });
});

test('everything that is wrong with a sealed session is told at once', async () => {
  const given = {
    ...OPENING,
    'aws-region': 'nowhere',
    'sealing-key': 'short',
    'sealed-session-scope': 'everywhere',
    'minimum-remaining-seconds': 'some',
    'mfa-seed': 'x',
  };
  const parsed = await parse(given);
  expect(!parsed.ok && parsed.problems.map(({ input }) => input)).toEqual([
    'aws-region',
    'minimum-remaining-seconds',
    'sealing-key',
    'sealed-session-scope',
    'mfa-seed',
  ]);
});

test.each(['yes', 'TrUe', '1'])('seal-session is true or false, and not %s', async (text) => {
  expect(await problemsOf({ ...SEALING, 'seal-session': text })).toBe(`seal-session is "${text}"; write true or false`);
});

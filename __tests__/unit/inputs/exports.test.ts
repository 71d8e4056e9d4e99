import { describe, expect, test } from '@jest/globals';
import { readExports } from '../../../src/inputs/exports.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';

function read(given: Partial<RawInputs>) {
  const problems = problemList();
  return { exports: readExports(rawInputs(given), problems), problems };
}

describe('the credentials go', () => {
  test('into the environment alone where nothing is said', () => {
    expect(read({}).exports).toEqual({
      environment: true,
      outputs: false,
      profile: undefined,
      overwrite: 'refuse',
      profilesLocation: 'home',
      unsetCurrent: false,
      maskAccount: false,
      summary: false,
    });
  });

  test('into a profile instead where one is named', () => {
    expect(read({ 'aws-profile': 'ci' }).exports).toMatchObject({
      environment: false,
      profile: 'ci',
      overwrite: 'refuse',
    });
  });

  test('into the profiles of many roles instead where there are some', () => {
    expect(read({ roles: 'ci = deploy' }).exports).toMatchObject({ environment: false, profile: undefined });
    expect(read({ roles: 'ci = deploy', 'output-env-credentials': 'true' }).exports.environment).toBe(true);
  });

  test('into a profile and the environment where both are asked for', () => {
    expect(read({ 'aws-profile': 'ci', 'output-env-credentials': 'true' }).exports).toMatchObject({
      environment: true,
      profile: 'ci',
    });
  });

  test('into outputs alone where that is asked for', () => {
    const { exports, problems } = read({ 'output-env-credentials': 'false', 'output-credentials': 'true' });
    expect(problems.found).toEqual([]);
    expect(exports).toMatchObject({ environment: false, outputs: true });
  });

  test('over an old profile where that is allowed', () => {
    expect(read({ 'aws-profile': 'ci', 'overwrite-aws-profile': 'true' }).exports).toMatchObject({
      profile: 'ci',
      overwrite: 'replace',
    });
    expect(read({ roles: 'ci = deploy', 'overwrite-aws-profile': 'true' }).exports.overwrite).toBe('replace');
  });

  test('nowhere where that is asked for', () => {
    const { exports, problems } = read({ 'output-env-credentials': 'false' });
    expect(problems.found).toEqual([]);
    expect(exports).toMatchObject({ environment: false, outputs: false, profile: undefined });
  });
});

test('an overwriting without a profile means nothing, as in the official action', () => {
  const { exports, problems } = read({ 'overwrite-aws-profile': 'true' });
  expect(problems.found).toEqual([]);
  expect(exports.overwrite).toBe('refuse');
});

describe('profiles are written', () => {
  test.each(['home', 'temp'])('into files of the place that is asked for, %s', (place) => {
    for (const named of [{ 'aws-profile': 'ci' }, { roles: 'ci = deploy' }]) {
      const { exports, problems } = read({ ...named, 'profiles-location': place });
      expect(problems.found).toEqual([]);
      expect(exports.profilesLocation).toBe(place);
    }
  });

  test.each(['Home', 'TEMP', '/tmp', 'true'])('nowhere else: %s is refused', (text) => {
    expect(read({ 'aws-profile': 'ci', 'profiles-location': text }).problems.text).toBe(
      `profiles-location is "${text}"; write home or temp`,
    );
  });

  test('nowhere where none is named: a place for them is refused then, but for the usual one', () => {
    expect(read({ 'profiles-location': 'temp' }).problems.text).toBe(
      'profiles-location is given without aws-profile or roles; name a profile, or leave it out',
    );
    expect(read({ 'profiles-location': 'home' }).problems.found).toEqual([]);
  });
});

test('not to overwrite needs no profile', () => {
  expect(read({ 'overwrite-aws-profile': 'false' }).problems.found).toEqual([]);
});

test.each(['default', 'ci', 'a-b_c.d@e+f%g:h', 'x'.repeat(128)])('a profile may be called %s', (name) => {
  expect(read({ 'aws-profile': name }).exports.profile).toBe(name);
});

test.each([
  'DEFAULT',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'two words',
  'a]',
  '[a',
  'a\nb',
  'ü',
  'a/b',
  'x'.repeat(129),
])('a profile may not be called %j', (name) => {
  const { exports, problems } = read({ 'aws-profile': name });
  expect(exports.profile).toBeUndefined();
  expect(problems.inputs).toEqual(['aws-profile']);
});

test('a profile that may not be called so is told what names there are', () => {
  expect(read({ 'aws-profile': 'constructor' }).problems.text).toBe(
    'aws-profile is "constructor"; write up to 128 letters, digits and _@+.%:- (and no DEFAULT, __proto__ or constructor)',
  );
});

test('every boolean that is none is told at once', () => {
  const booleans = [
    'overwrite-aws-profile',
    'output-env-credentials',
    'output-credentials',
    'unset-current-credentials',
    'mask-aws-account-id',
    'summary',
  ] as const;
  const { problems } = read(Object.fromEntries(booleans.map((input) => [input, 'yes'])));
  expect(problems.inputs.toSorted()).toEqual([...booleans].sort());
});

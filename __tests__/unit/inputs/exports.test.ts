import { describe, expect, test } from '@jest/globals';
import { readExports } from '../../../src/inputs/exports.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';

function read(given: Partial<RawInputs>) {
  const problems = new ProblemList();
  return { exports: readExports(rawInputs(given), problems), problems: listed(problems.found) };
}

test('by default, the credentials go into the environment alone', () => {
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

describe('the credentials go', () => {
  const NOWHERE = { environment: false, outputs: false, profile: undefined };

  test.each<[string, Partial<RawInputs>, object]>([
    ['into a profile instead', { 'aws-profile': 'ci' }, { ...NOWHERE, profile: 'ci', overwrite: 'refuse' }],
    ['into the profiles of many roles instead', { roles: 'ci = deploy' }, NOWHERE],
    [
      'into the profiles of many roles and the environment',
      { roles: 'ci = deploy', 'output-env-credentials': 'true' },
      { ...NOWHERE, environment: true },
    ],
    [
      'into a profile and the environment',
      { 'aws-profile': 'ci', 'output-env-credentials': 'true' },
      { ...NOWHERE, environment: true, profile: 'ci' },
    ],
    [
      'into outputs alone',
      { 'output-env-credentials': 'false', 'output-credentials': 'true' },
      { ...NOWHERE, outputs: true },
    ],
    ['nowhere', { 'output-env-credentials': 'false' }, NOWHERE],
    [
      'over an old profile',
      { 'aws-profile': 'ci', 'overwrite-aws-profile': 'true' },
      { profile: 'ci', overwrite: 'replace' },
    ],
    ['over old profiles', { roles: 'ci = deploy', 'overwrite-aws-profile': 'true' }, { overwrite: 'replace' }],
    ['over nothing without a profile', { 'overwrite-aws-profile': 'true' }, { overwrite: 'refuse' }],
    ['over nothing', { 'overwrite-aws-profile': 'false' }, { overwrite: 'refuse' }],
    ['to the home folder without a profile', { 'profiles-location': 'home' }, { profilesLocation: 'home' }],
    [
      'to the home folder',
      { 'aws-profile': 'ci', 'profiles-location': 'home' },
      { profile: 'ci', profilesLocation: 'home' },
    ],
    ['to files of the job', { 'aws-profile': 'ci', 'profiles-location': 'temp' }, { profilesLocation: 'temp' }],
    [
      'to files of the job for many roles',
      { roles: 'ci = deploy', 'profiles-location': 'temp' },
      { profilesLocation: 'temp' },
    ],
  ])('%s', (_, given, expected) => {
    const { exports, problems } = read(given);
    expect(problems).toEqual([]);
    expect(exports).toMatchObject(expected);
  });
});

test('files of the job need a profile', () => {
  expect(read({ 'profiles-location': 'temp' }).problems).toEqual([
    ['profiles-location', 'only-with', { any: ['aws-profile', 'roles'] }],
  ]);
});

test.each(['default', 'ci', 'a-b_c.d@e+f%g:h', 'x'.repeat(128)])('%s may be the name of a profile', (name) => {
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
])('%j may not be the name of a profile', (value) => {
  const { exports, problems } = read({ 'aws-profile': value });
  expect(exports.profile).toBeUndefined();
  expect(problems).toEqual([['aws-profile', 'profile-name', { value }]]);
});

test('every boolean that is wrong is reported', () => {
  const booleans = [
    'overwrite-aws-profile',
    'output-env-credentials',
    'output-credentials',
    'unset-current-credentials',
    'mask-aws-account-id',
    'summary',
  ] as const;
  const { problems } = read(Object.fromEntries(booleans.map((input) => [input, 'yes'])));
  expect(problems).toEqual(booleans.map((input) => [input, 'not-boolean', { value: 'yes' }]));
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutOptionalTags } from '../../../src/core/session/role.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { type CiRun, readSessionTags } from '../../../src/inputs/tags.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';

/** A run with these tags and an optional one without a value. */
function runWith(tags: Readonly<Record<string, string>>): CiRun {
  const given = Object.entries(tags).map(([key, value]) => ({ key, value, optional: key === 'RunId' }));
  return {
    repository: '',
    runId: '',
    sessionName: 'CI',
    tags: [...given, { key: 'HeadRef', value: '', optional: true }],
  };
}

const OF_RUN = {
  GitHub: 'Actions',
  Repository: 'octo-org/hello',
  Branch: 'refs/heads/main',
  Actor: 'octocat',
  RunId: '42',
};

/** STS API reference, Tag. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function read(given: Partial<RawInputs>, runTags: Readonly<Record<string, string>> = {}) {
  const problems = new ProblemList();
  const tags = readSessionTags(rawInputs(given), runWith(runTags), problems);
  return { tags, problems: listed(problems.found), notices: problems.notices };
}

/** `count` custom tags, as JSON. */
function tagsNamed(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, 'x'])));
}

describe('the tags of a run', () => {
  test('say where the session comes from; those that are only context are optional', () => {
    expect(read({}, OF_RUN).tags).toEqual({
      tags: [
        { key: 'GitHub', value: 'Actions', optional: false },
        { key: 'Repository', value: 'octo-org/hello', optional: false },
        { key: 'Branch', value: 'refs/heads/main', optional: false },
        { key: 'Actor', value: 'octocat', optional: false },
        { key: 'RunId', value: '42', optional: true },
      ],
      transitiveKeys: [],
      requested: false,
    });
  });

  test('leave out what is empty, because trust policies test for presence', () => {
    expect(read({}, { Repository: 'a/b', BaseRef: '' }).tags?.tags.map(({ key }) => key)).toEqual(['Repository']);
  });

  test.each([
    ['brackets', 'dependabot[bot]', 'dependabot_bot_'],
    ['a hash and a quote', `fix#1 "it's"`, 'fix_1 _it_s_'],
    ['a line end', 'a\nb', 'a_b'],
    ['an emoji, which is one character', 'ship 🚢', 'ship _'],
    ['half of an emoji', 'a\ud83d', 'a_'],
    ['letters of any alphabet', 'Straße/日本語/д', 'Straße/日本語/д'],
    ['more than 256 characters', 'x'.repeat(300), 'x'.repeat(256)],
  ])('have a value that STS accepts if the name has %s', (_, name, value) => {
    expect(read({}, { Workflow: name }).tags?.tags).toContainEqual({ key: 'Workflow', value, optional: false });
  });

  test('are not cut in the middle of a character', () => {
    const { tags } = read({}, { Workflow: `${'x'.repeat(255)}𝐀` });
    expect(tags?.tags).toEqual([{ key: 'Workflow', value: 'x'.repeat(255), optional: false }]);
  });

  test('are what STS accepts, whatever the name of the workflow', () => {
    const names = fc
      .tuple(fc.integer({ min: 0, max: 260 }), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([length, text]) => 'x'.repeat(length) + text);
    fc.assert(
      fc.property(names, (name) => {
        for (const { value } of read({}, { Workflow: name, Branch: name }).tags?.tags ?? []) {
          expect(value).toMatch(TAG_TEXT);
          expect(value.length).toBeLessThanOrEqual(256);
          expect(value.isWellFormed()).toBe(true);
        }
      }),
      propertyRuns(100),
    );
  });

  test('are not sent if they are turned off', () => {
    const { tags, problems } = read({ 'role-skip-session-tagging': 'true' }, OF_RUN);
    expect(tags).toBeUndefined();
    expect(problems).toEqual([]);
  });

  test.each([
    [{ 'custom-tags': '{"Team":"blue"}' }, [{ kind: 'custom-tags-not-sent' }]],
    [{ 'transitive-tag-keys': 'Repository' }, []],
  ])('are turned off together with the custom ones, as in the official action: %j', (given, notices) => {
    const { tags, problems, notices: found } = read({ 'role-skip-session-tagging': 'true', ...given }, OF_RUN);
    expect(tags).toBeUndefined();
    expect(problems).toEqual([]);
    expect(found).toEqual(notices);
  });
});

describe('custom tags', () => {
  test('come after those of the run, and are never left out', () => {
    const text = '{"Team": "blue", "Cost Center": 42, "Canary": false, "Empty": ""}';
    expect(read({ 'custom-tags': text }, { GitHub: 'Actions' }).tags?.tags).toEqual([
      { key: 'GitHub', value: 'Actions', optional: false },
      { key: 'Team', value: 'blue', optional: false },
      { key: 'Cost Center', value: '42', optional: false },
      { key: 'Canary', value: 'false', optional: false },
      { key: 'Empty', value: '', optional: false },
    ]);
  });

  test.each([
    ['a key of one character', { k: 'x' }],
    ['a key of 128 characters', { ['k'.repeat(128)]: 'x' }],
    ['a value of 256 characters', { Team: 'x'.repeat(256) }],
    ['a key with every kind of character', { 'Ä 日1_.:/=+-@': 'x' }],
  ])('may have %s', (_, object) => {
    expect(read({ 'custom-tags': JSON.stringify(object) }).problems).toEqual([]);
  });

  test.each([
    ['an empty key', '{"": "x"}', { key: '', reason: 'key-length', length: 0, max: 128 }],
    [
      'a key of 129 characters',
      JSON.stringify({ ['k'.repeat(129)]: 'x' }),
      { key: 'k'.repeat(129), reason: 'key-length', length: 129, max: 128 },
    ],
    ['a key with a comma', '{"a,b": "x"}', { key: 'a,b', reason: 'key-characters' }],
    ['a key reserved for AWS', '{"aws:team": "x"}', { key: 'aws:team', reason: 'key-of-aws' }],
    ['a key reserved for AWS in upper case', '{"AWS:team": "x"}', { key: 'AWS:team', reason: 'key-of-aws' }],
    ['a list as a value', '{"Team": ["x"]}', { key: 'Team', reason: 'value-type' }],
    ['an object as a value', '{"Team": {}}', { key: 'Team', reason: 'value-type' }],
    ['null as a value', '{"Team": null}', { key: 'Team', reason: 'value-type' }],
    [
      'a value of 257 characters',
      JSON.stringify({ Team: 'x'.repeat(257) }),
      { key: 'Team', reason: 'value-length', length: 257, max: 256 },
    ],
    ['a value with a star', '{"Team": "*"}', { key: 'Team', reason: 'value-characters' }],
    ['a value with a line end', '{"Team": "a\\nb"}', { key: 'Team', reason: 'value-characters' }],
    ['a value with half of a character', '{"Team": "\\ud83d"}', { key: 'Team', reason: 'value-characters' }],
    ['a tag of the run', '{"GitHub": "x"}', { key: 'GitHub', reason: 'key-taken', by: 'GitHub' }],
    ['a tag of the run without a value', '{"HeadRef": "x"}', { key: 'HeadRef', reason: 'key-taken', by: 'HeadRef' }],
    [
      'a tag of the run in another case',
      '{"repository": "x"}',
      { key: 'repository', reason: 'key-taken', by: 'Repository' },
    ],
    ['a key twice in another case', '{"Team": "x", "TEAM": "y"}', { key: 'TEAM', reason: 'key-taken', by: 'Team' }],
  ])('may not have %s', (_, text, facts) => {
    expect(read({ 'custom-tags': text }, OF_RUN).problems).toEqual([['custom-tags', 'tag', facts]]);
  });

  test.each([
    ['JSON', '{Team: blue}', 'not-json'],
    ['an object', '["Team"]', 'not-object'],
  ])('are %s', (_, text, kind) => {
    expect(read({ 'custom-tags': text }).problems).toMatchObject([['custom-tags', kind, {}]]);
  });

  test('with several problems have all of them reported', () => {
    expect(read({ 'custom-tags': '{"aws:a": "x", "b": [], "c": "*"}' }).problems).toHaveLength(3);
  });

  test('are at most fifty together with those of the run', () => {
    expect(read({ 'custom-tags': tagsNamed(50) }).tags?.tags).toHaveLength(50);
    expect(read({ 'custom-tags': tagsNamed(51) }).problems).toEqual([
      ['custom-tags', 'tag-count', { count: 51, ofRun: 0, max: 50 }],
    ]);
    expect(read({ 'custom-tags': tagsNamed(45) }, OF_RUN).tags?.tags).toHaveLength(50);
    expect(read({ 'custom-tags': tagsNamed(46) }, OF_RUN).problems).toEqual([
      ['custom-tags', 'tag-count', { count: 51, ofRun: 5, max: 50 }],
    ]);
  });

  test('are what STS accepts, whatever is written', () => {
    const objects = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 140 }),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.double(), fc.boolean(), fc.constant(null)),
      { maxKeys: 6, noNullPrototype: true },
    );
    fc.assert(
      fc.property(objects, (object) => {
        const { tags, problems } = read({ 'custom-tags': JSON.stringify(object) }, OF_RUN);
        if (problems.length > 0) return;
        const keys = tags?.tags.map(({ key }) => key.toLowerCase()) ?? [];
        expect(new Set(keys).size).toBe(keys.length);
        for (const { key, value } of tags?.tags ?? []) {
          expect(key).toMatch(TAG_TEXT);
          expect(value).toMatch(TAG_TEXT);
          expect(key.length).toBeGreaterThanOrEqual(1);
          expect(key.length).toBeLessThanOrEqual(128);
          expect(value.length).toBeLessThanOrEqual(256);
        }
      }),
      propertyRuns(100),
    );
  });
});

describe('transitive keys', () => {
  test('name tags of the session, comma-separated or one per line, each once', () => {
    const { tags } = read(
      { 'custom-tags': '{"Team": "blue"}', 'transitive-tag-keys': 'Repository, Team\nTeam' },
      OF_RUN,
    );
    expect(tags?.transitiveKeys).toEqual(['Repository', 'Team']);
  });

  test('may name a tag that this run lacks, such as HeadRef outside pull requests', () => {
    const { tags, problems } = read({ 'transitive-tag-keys': 'HeadRef,Actor' }, OF_RUN);
    expect(problems).toEqual([]);
    expect(tags?.transitiveKeys).toEqual(['Actor']);
  });

  test('of no tag are left out with a warning, as in the official action', () => {
    const { tags, problems, notices } = read({ 'transitive-tag-keys': 'Team, actor, Actor' }, OF_RUN);
    expect(tags?.transitiveKeys).toEqual(['Actor']);
    expect(problems).toEqual([]);
    expect(notices).toEqual([{ kind: 'unknown-transitive-keys', keys: ['Team', 'actor'] }]);
  });
});

test('without the optional tags, the rest stays, and so do the transitive keys that name it', () => {
  const { tags } = read({ 'custom-tags': '{"Team": "blue"}', 'transitive-tag-keys': 'RunId,Team,Actor' }, OF_RUN);
  const smaller = withoutOptionalTags(tags ?? { tags: [], transitiveKeys: [], requested: false });
  expect(smaller.tags.map(({ key }) => key)).toEqual(['GitHub', 'Repository', 'Branch', 'Actor', 'Team']);
  expect(smaller.transitiveKeys).toEqual(['Team', 'Actor']);
});

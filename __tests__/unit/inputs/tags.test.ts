import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutOptionalTags } from '../../../src/core/session/role.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { readSessionTags, type WorkflowFacts } from '../../../src/inputs/tags.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';

const FACTS: WorkflowFacts = {
  Repository: 'octo-org/hello',
  Workflow: 'Deploy',
  Action: '__run',
  Actor: 'octocat',
  Commit: '0123456789abcdef0123456789abcdef01234567',
  Branch: 'refs/heads/main',
  EventName: 'push',
  RunId: '42',
  Job: 'deploy',
  TriggeringActor: 'octocat',
};

/** STS API reference, Tag. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function read(given: Partial<RawInputs>, facts: WorkflowFacts = {}) {
  const problems = problemList();
  const tags = readSessionTags(rawInputs(given), facts, problems);
  return { tags, problems };
}

/** `count` custom tags, as JSON. */
function tagsNamed(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, 'x'])));
}

describe('the tags of a workflow', () => {
  test('say where the session comes from; what is no more than context is optional', () => {
    expect(read({}, FACTS).tags).toEqual({
      tags: [
        { key: 'GitHub', value: 'Actions', optional: false },
        { key: 'Repository', value: 'octo-org/hello', optional: false },
        { key: 'Workflow', value: 'Deploy', optional: false },
        { key: 'Action', value: '__run', optional: false },
        { key: 'Actor', value: 'octocat', optional: false },
        { key: 'Commit', value: '0123456789abcdef0123456789abcdef01234567', optional: false },
        { key: 'Branch', value: 'refs/heads/main', optional: false },
        { key: 'EventName', value: 'push', optional: true },
        { key: 'RunId', value: '42', optional: true },
        { key: 'Job', value: 'deploy', optional: true },
        { key: 'TriggeringActor', value: 'octocat', optional: true },
      ],
      transitiveKeys: [],
      requested: false,
    });
  });

  test('leave out what is empty, since trust policies test for what is there', () => {
    expect(read({}, { Repository: 'a/b', HeadRef: '', BaseRef: '' }).tags?.tags.map(({ key }) => key)).toEqual([
      'GitHub',
      'Repository',
    ]);
  });

  test.each([
    ['brackets', 'dependabot[bot]', 'dependabot_bot_'],
    ['a hash and a quote', `fix#1 "it's"`, 'fix_1 _it_s_'],
    ['a line end', 'a\nb', 'a_b'],
    ['an emoji, which is one character', 'ship 🚢', 'ship _'],
    ['half of an emoji', 'a\ud83d', 'a_'],
    ['letters of any alphabet', 'Straße/日本語/д', 'Straße/日本語/д'],
    ['more than 256 characters', 'x'.repeat(300), 'x'.repeat(256)],
  ])('have a value that STS takes where the name has %s', (_, name, value) => {
    expect(read({}, { Workflow: name }).tags?.tags).toContainEqual({ key: 'Workflow', value, optional: false });
  });

  test('are not cut in the middle of a character', () => {
    const { tags } = read({}, { Workflow: `${'x'.repeat(255)}𝐀` });
    expect(tags?.tags[1]?.value).toBe('x'.repeat(255));
  });

  test('are what STS takes, whatever the workflow is called', () => {
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
      { numRuns: 1000 },
    );
  });

  test('are not sent where they are turned off', () => {
    const { tags, problems } = read({ 'role-skip-session-tagging': 'true' }, FACTS);
    expect(tags).toBeUndefined();
    expect(problems.found).toEqual([]);
  });

  test.each([
    [{ 'custom-tags': '{"Team":"blue"}' }, ['custom-tags is not sent, since role-skip-session-tagging is true.']],
    [{ 'transitive-tag-keys': 'Repository' }, []],
  ])('are turned off with what goes with them, as in the official action: %j', (given, notes) => {
    const { tags, problems } = read({ 'role-skip-session-tagging': 'true', ...given }, FACTS);
    expect(tags).toBeUndefined();
    expect(problems.found).toEqual([]);
    expect(problems.notes.map(({ text }) => text)).toEqual(notes);
  });
});

describe('custom tags', () => {
  test('come behind those of the workflow, and are never left out', () => {
    expect(
      read({ 'custom-tags': '{"Team": "blue", "Cost Center": 42, "Canary": false, "Empty": ""}' }).tags?.tags,
    ).toEqual([
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
    expect(read({ 'custom-tags': JSON.stringify(object) }).problems.found).toEqual([]);
  });

  test.each([
    ['no JSON', '{Team: blue}', 'is not valid JSON'],
    ['a list', '["Team"]', 'must be a JSON object'],
    ['an empty key', '{"": "x"}', 'has a key of 0 characters'],
    ['a key of 129 characters', JSON.stringify({ ['k'.repeat(129)]: 'x' }), 'has a key of 129 characters'],
    ['a key with a comma', '{"a,b": "x"}', 'has the key "a,b"; a key holds'],
    ['a key of AWS’s own', '{"aws:team": "x"}', 'keys that begin with aws: are AWS'],
    ['a key of AWS’s own in upper case', '{"AWS:team": "x"}', 'keys that begin with aws: are AWS'],
    ['a list as a value', '{"Team": ["x"]}', 'has a value for "Team" that is no text, number or boolean'],
    ['an object as a value', '{"Team": {}}', 'has a value for "Team" that is no text, number or boolean'],
    ['null as a value', '{"Team": null}', 'has a value for "Team" that is no text, number or boolean'],
    [
      'a value of 257 characters',
      JSON.stringify({ Team: 'x'.repeat(257) }),
      'has a value of 257 characters for "Team"',
    ],
    ['a value with a star', '{"Team": "*"}', 'has a value for "Team" with a character that STS refuses'],
    ['a value with a line end', '{"Team": "a\\nb"}', 'has a value for "Team" with a character that STS refuses'],
    [
      'a value with half of a character',
      '{"Team": "\\ud83d"}',
      'has a value for "Team" with a character that STS refuses',
    ],
    ['a tag of this action', '{"GitHub": "x"}', 'has the key "GitHub", which this action sets itself'],
    ['another tag of this action', '{"TriggeringActor": "x"}', 'which this action sets itself'],
    ['a tag of this action in another case', '{"repository": "x"}', 'which STS takes for the same as "Repository"'],
    [
      'a key twice but for its case',
      '{"Team": "x", "TEAM": "y"}',
      'has the key "TEAM", which STS takes for the same as "Team"',
    ],
  ])('may not have %s', (_, text, problem) => {
    const { problems } = read({ 'custom-tags': text });
    expect(problems.inputs).toEqual(['custom-tags']);
    expect(problems.text).toContain(problem);
  });

  test('that are wrong in several ways are told about all of them', () => {
    expect(read({ 'custom-tags': '{"aws:a": "x", "b": [], "c": "*"}' }).problems.found).toHaveLength(3);
  });

  test('may be fifty in all, with those of the workflow', () => {
    expect(read({ 'custom-tags': tagsNamed(49) }).tags?.tags).toHaveLength(50);
    expect(read({ 'custom-tags': tagsNamed(50) }).problems.text).toBe(
      'custom-tags makes 51 session tags with the 1 of the workflow; STS takes 50',
    );
    expect(read({ 'custom-tags': tagsNamed(40) }, FACTS).problems.text).toContain(
      'makes 51 session tags with the 11 of the workflow',
    );
  });

  test('are what STS takes, whatever is written', () => {
    const objects = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 140 }),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.double(), fc.boolean(), fc.constant(null)),
      { maxKeys: 6, noNullPrototype: true },
    );
    fc.assert(
      fc.property(objects, (object) => {
        const { tags, problems } = read({ 'custom-tags': JSON.stringify(object) }, FACTS);
        if (problems.found.length > 0) return;
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
      { numRuns: 1000 },
    );
  });
});

describe('transitive keys', () => {
  test('name tags of the session, in lines or with commas, each once', () => {
    const { tags } = read(
      { 'custom-tags': '{"Team": "blue"}', 'transitive-tag-keys': 'Repository, Team\nTeam' },
      FACTS,
    );
    expect(tags?.transitiveKeys).toEqual(['Repository', 'Team']);
  });

  test('may name a tag that this run does not have, such as HeadRef outside of pull requests', () => {
    const { tags, problems } = read({ 'transitive-tag-keys': 'HeadRef,Actor' }, FACTS);
    expect(problems.found).toEqual([]);
    expect(tags?.transitiveKeys).toEqual(['Actor']);
  });

  test('that no tag has are left out with a warning, as in the official action', () => {
    const { tags, problems } = read({ 'transitive-tag-keys': 'Team, actor, Actor' }, FACTS);
    expect(tags?.transitiveKeys).toEqual(['Actor']);
    expect(problems.found).toEqual([]);
    expect(problems.notes).toEqual([
      {
        level: 'warning',
        text: 'transitive-tag-keys names "Team", "actor", which this session doesn\'t have as a tag; left out. Add it to custom-tags if the next role needs it.',
      },
    ]);
  });
});

test('without the optional tags, the rest stays, and so do the transitive keys that name it', () => {
  const { tags } = read({ 'custom-tags': '{"Team": "blue"}', 'transitive-tag-keys': 'RunId,Team,Actor' }, FACTS);
  const smaller = withoutOptionalTags(tags ?? { tags: [], transitiveKeys: [], requested: false });
  expect(smaller.tags.map(({ key }) => key)).toEqual([
    'GitHub',
    'Repository',
    'Workflow',
    'Action',
    'Actor',
    'Commit',
    'Branch',
    'Team',
  ]);
  expect(smaller.transitiveKeys).toEqual(['Team', 'Actor']);
});

import type { SessionTags, Tag } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { nameOf, readBoolean, readJsonObject, readList } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';

/**
 * The tags that configure-aws-credentials sets, and so the ones that trust policies test. The first six are always sent; the
 * others are context, and left out first where the packed size is refused. `GitHub` = `Actions` comes before them.
 */
const FIXED_TAGS = ['Repository', 'Workflow', 'Action', 'Actor', 'Commit', 'Branch'] as const;
const OPTIONAL_TAGS = ['EventName', 'BaseRef', 'HeadRef', 'RunId', 'Job', 'TriggeringActor'] as const;

/** What the workflow run says of itself, by the key of the tag that carries it. Absent and empty values make no tag. */
export type WorkflowFacts = Readonly<
  Partial<Record<(typeof FIXED_TAGS)[number] | (typeof OPTIONAL_TAGS)[number], string>>
>;

/** STS API reference, Tag: letters, separators and digits of any script, and _.:/=+-@. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const MAX_TAGS = 50;

/** The session tags of a role: the workflow's own and the custom ones. Undefined where tagging is off or something is wrong. */
export function readSessionTags(raw: RawInputs, facts: WorkflowFacts, problems: Problems): SessionTags | undefined {
  if (readBoolean(raw, 'role-skip-session-tagging', problems) ?? false) {
    if (raw['custom-tags'] !== '')
      problems.note({ level: 'info', text: 'custom-tags is not sent, since role-skip-session-tagging is true.' });
    return undefined;
  }
  const custom = readCustomTags(raw, problems);
  if (custom === undefined) return undefined;
  const tags = [...workflowTags(facts), ...custom];
  if (tags.length > MAX_TAGS) {
    return problems.add(
      'custom-tags',
      `makes ${tags.length} session tags with the ${tags.length - custom.length} of the workflow; STS takes ${MAX_TAGS}`,
    );
  }
  const transitiveKeys = readTransitiveKeys(raw, tags, problems);
  const requested = transitiveKeys.length > 0 || custom.some(({ key }) => !isWorkflowTag(key));
  return { tags, transitiveKeys, requested };
}

function workflowTags(facts: WorkflowFacts): readonly Tag[] {
  const tags: Tag[] = [{ key: 'GitHub', value: 'Actions', optional: false }];
  for (const [keys, optional] of [
    [FIXED_TAGS, false],
    [OPTIONAL_TAGS, true],
  ] as const) {
    for (const key of keys) {
      const value = facts[key];
      if (value !== undefined && value !== '') tags.push({ key, value: sanitise(value), optional });
    }
  }
  return tags;
}

/** Names of branches and actors may hold what a tag may not: such characters become _, as in the official action. */
function sanitise(value: string): string {
  const cut = value.replace(NOT_ALLOWED, '_').slice(0, MAX_VALUE);
  // The cut may go through a character of two units, and half of one cannot be sent.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function readCustomTags(raw: RawInputs, problems: Problems): readonly Tag[] | undefined {
  if (raw['custom-tags'] === '') return [];
  const object = readJsonObject(raw['custom-tags'], 'custom-tags', problems);
  if (object === undefined) return undefined;
  const reserved = new Map(['GitHub', ...FIXED_TAGS, ...OPTIONAL_TAGS].map((key) => [key.toLowerCase(), key]));
  const tags: Tag[] = [];
  for (const [key, value] of Object.entries(object)) {
    const problem = tagProblem(key, value) ?? reservedProblem(key, reserved.get(key.toLowerCase()));
    if (problem === undefined) tags.push({ key, value: String(value), optional: false });
    else problems.add('custom-tags', problem);
    // STS compares keys without their case, so a second spelling is a duplicate there.
    reserved.set(key.toLowerCase(), key);
  }
  return tags;
}

function reservedProblem(key: string, taken: string | undefined): string | undefined {
  if (taken === undefined) return undefined;
  return `has the key ${quote(key)}, which ${taken === key ? 'this action sets itself' : `STS takes for the same as ${quote(taken)}`}; choose another`;
}

function tagProblem(key: string, value: unknown): string | undefined {
  if (key.length < 1 || key.length > MAX_KEY)
    return `has a key of ${key.length} characters, ${quote(key)}; STS takes 1 to ${MAX_KEY}`;
  if (!ALLOWED.test(key)) return `has the key ${quote(key)}; a key holds letters, digits, spaces and _.:/=+-@`;
  if (key.toLowerCase().startsWith('aws:')) return `has the key ${quote(key)}; keys that begin with aws: are AWS's own`;
  if (!['string', 'number', 'boolean'].includes(typeof value)) {
    return `has a value for ${quote(key)} that is no text, number or boolean`;
  }
  const text = String(value);
  if (text.length > MAX_VALUE)
    return `has a value of ${text.length} characters for ${quote(key)}; STS takes up to ${MAX_VALUE}`;
  if (!ALLOWED.test(text))
    return `has a value for ${quote(key)} with a character that STS refuses; allowed are letters, digits, spaces and _.:/=+-@`;
  return undefined;
}

function readTransitiveKeys(raw: RawInputs, tags: readonly Tag[], problems: Problems): readonly string[] {
  const keys = [...new Set(readList(raw, 'transitive-tag-keys'))];
  const sent = keys.filter((key) => tags.some((tag) => tag.key === key));
  // A workflow's own tag may be absent in this run (HeadRef outside pull requests); that is no mistake.
  const unknown = keys.filter((key) => !sent.includes(key) && !isWorkflowTag(key));
  if (unknown.length > 0) {
    problems.note({
      level: 'warning',
      text: `${nameOf(raw, 'transitive-tag-keys')} names ${unknown.map(quote).join(', ')}, which this session doesn't have as a tag; left out. Add it to custom-tags if the next role needs it.`,
    });
  }
  return sent;
}

function isWorkflowTag(key: string): boolean {
  return ['GitHub', ...FIXED_TAGS, ...OPTIONAL_TAGS].includes(key);
}

import type { SessionTags, Tag } from '../core/request.ts';
import { isTrue, readJsonObject, readList } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { ProblemFacts, Problems } from './problem.ts';

/**
 * The tags that configure-aws-credentials sets, and so the ones that trust policies test. The first six are always sent; the
 * others are context, and left out first if STS refuses the packed size. `GitHub` = `Actions` comes before them.
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

/** The session tags of a role: the workflow's own and the custom ones. Undefined if tagging is off or something is wrong. */
export function readSessionTags(raw: RawInputs, facts: WorkflowFacts, problems: Problems): SessionTags | undefined {
  if (isTrue(raw, 'role-skip-session-tagging', problems)) {
    if (raw['custom-tags'] !== '') problems.note({ kind: 'custom-tags-not-sent' });
    return undefined;
  }
  const custom = readCustomTags(raw, problems);
  if (custom === undefined) return undefined;
  const tags = [...workflowTags(facts), ...custom];
  if (tags.length > MAX_TAGS) {
    const count = { count: tags.length, ofRun: tags.length - custom.length, max: MAX_TAGS };
    return problems.add('custom-tags', 'tag-count', count);
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
  // The cut may split a character of two units, and half of one can't be sent.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function readCustomTags(raw: RawInputs, problems: Problems): readonly Tag[] | undefined {
  if (raw['custom-tags'] === '') return [];
  const object = readJsonObject(raw, 'custom-tags', problems);
  if (object === undefined) return undefined;
  const reserved = new Map(['GitHub', ...FIXED_TAGS, ...OPTIONAL_TAGS].map((key) => [key.toLowerCase(), key]));
  const tags: Tag[] = [];
  for (const [key, value] of Object.entries(object)) {
    const by = reserved.get(key.toLowerCase());
    const wrong = flawOf(key, value) ?? (by === undefined ? undefined : { reason: 'key-taken', by });
    if (wrong === undefined) tags.push({ key, value: String(value), optional: false });
    else problems.add('custom-tags', 'tag', { key, ...wrong });
    // STS ignores the case of keys, so another spelling is a duplicate.
    reserved.set(key.toLowerCase(), key);
  }
  return tags;
}

/** What is wrong with a tag. */
type Flaw = DistributiveOmit<ProblemFacts['tag'], 'key'>;
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

function flawOf(key: string, value: unknown): Flaw | undefined {
  if (key.length < 1 || key.length > MAX_KEY) return { reason: 'key-length', length: key.length, max: MAX_KEY };
  if (!ALLOWED.test(key)) return { reason: 'key-characters' };
  if (key.toLowerCase().startsWith('aws:')) return { reason: 'key-of-aws' };
  if (!['string', 'number', 'boolean'].includes(typeof value)) return { reason: 'value-type' };
  const text = String(value);
  if (text.length > MAX_VALUE) return { reason: 'value-length', length: text.length, max: MAX_VALUE };
  return ALLOWED.test(text) ? undefined : { reason: 'value-characters' };
}

function readTransitiveKeys(raw: RawInputs, tags: readonly Tag[], problems: Problems): readonly string[] {
  const keys = [...new Set(readList(raw, 'transitive-tag-keys'))];
  const sent = keys.filter((key) => tags.some((tag) => tag.key === key));
  // A workflow's own tag may be absent in this run (HeadRef outside pull requests); that is no mistake.
  const unknown = keys.filter((key) => !sent.includes(key) && !isWorkflowTag(key));
  if (unknown.length > 0) problems.note({ kind: 'unknown-transitive-keys', keys: unknown });
  return sent;
}

function isWorkflowTag(key: string): boolean {
  return ['GitHub', ...FIXED_TAGS, ...OPTIONAL_TAGS].includes(key);
}

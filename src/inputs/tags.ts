import type { SessionTags, Tag } from '../core/request.ts';
import { isTrue, readJsonObject, readList } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { ProblemFacts, Problems } from './problem.ts';

/** What a CI says of the run that a step belongs to. What is empty is unknown. */
export interface CiRun {
  /** `OWNER/NAME`. With the run's ID, this is what a sealed session is bound to. */
  readonly repository: string;
  readonly runId: string;
  /** How roles' sessions are called by default. */
  readonly sessionName: string;
  /**
   * The tags of roles' sessions. Those without a value make no tag, but a user's own tag can't have their key. The optional ones are
   * left out first if STS refuses the packed size.
   */
  readonly tags: readonly Tag[];
}

/** STS API reference, Tag: letters, separators and digits of any script, and _.:/=+-@. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const MAX_TAGS = 50;

/** The session tags of a role: the run's and the custom ones. Undefined if tagging is off or something is wrong. */
export function readSessionTags(raw: RawInputs, run: CiRun, problems: Problems): SessionTags | undefined {
  if (isTrue(raw, 'role-skip-session-tagging', problems)) {
    if (raw['custom-tags'] !== '') problems.note({ kind: 'custom-tags-not-sent' });
    return undefined;
  }
  const keysOfRun = run.tags.map(({ key }) => key);
  const custom = readCustomTags(raw, keysOfRun, problems);
  if (custom === undefined) return undefined;
  const ofRun = run.tags.filter(({ value }) => value !== '').map((tag) => ({ ...tag, value: sanitise(tag.value) }));
  const tags = [...ofRun, ...custom];
  if (tags.length > MAX_TAGS)
    return problems.add('custom-tags', 'tag-count', { count: tags.length, ofRun: ofRun.length, max: MAX_TAGS });
  const transitiveKeys = readTransitiveKeys(raw, tags, keysOfRun, problems);
  return { tags, transitiveKeys, requested: transitiveKeys.length > 0 || custom.length > 0 };
}

/** Names of branches and actors may hold what a tag may not: such characters become _, as in the official action. */
function sanitise(value: string): string {
  const cut = value.replace(NOT_ALLOWED, '_').slice(0, MAX_VALUE);
  // The cut may split a character of two units, and half of one can't be sent.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function readCustomTags(raw: RawInputs, taken: readonly string[], problems: Problems): readonly Tag[] | undefined {
  if (raw['custom-tags'] === '') return [];
  const object = readJsonObject(raw, 'custom-tags', problems);
  if (object === undefined) return undefined;
  // STS ignores the case of keys, so another spelling is a duplicate.
  const reserved = new Map(taken.map((key) => [key.toLowerCase(), key]));
  const tags: Tag[] = [];
  for (const [key, value] of Object.entries(object)) {
    const by = reserved.get(key.toLowerCase());
    const wrong = flawOf(key, value) ?? (by === undefined ? undefined : { reason: 'key-taken', by });
    if (wrong === undefined) tags.push({ key, value: String(value), optional: false });
    else problems.add('custom-tags', 'tag', { key, ...wrong });
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

function readTransitiveKeys(
  raw: RawInputs,
  tags: readonly Tag[],
  keysOfRun: readonly string[],
  problems: Problems,
): readonly string[] {
  const keys = [...new Set(readList(raw, 'transitive-tag-keys'))];
  const sent = keys.filter((key) => tags.some((tag) => tag.key === key));
  // A tag of the CI may have no value in this run (HeadRef outside pull requests); that isn't a mistake.
  const unknown = keys.filter((key) => !sent.includes(key) && !keysOfRun.includes(key));
  if (unknown.length > 0) problems.note({ kind: 'unknown-transitive-keys', keys: unknown });
  return sent;
}

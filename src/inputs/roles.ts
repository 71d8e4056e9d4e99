import { findRegion, type Partition, type Region } from '../core/region.ts';
import { CHAINING_CAP, type RoleProfile, type RoleReference, type RoleTerms } from '../core/request.ts';
import { isProfileName } from './exports.ts';
import { isTrue } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Complain, Problems } from './problem.ts';
import { checkCharacters, EXTERNAL_ID, readRoleReference, readRoleTerms, SESSION_NAME } from './role.ts';
import type { CiRun } from './tags.ts';

/** What fits into the state of the post step and into one output. */
const MAX_ROLES = 200;

/** Reads `roles`, one role per line; blank lines and those that begin with # are skipped. Undefined if something is wrong. */
export function readRoles(
  raw: RawInputs,
  context: RolesContext,
  problems: Problems,
): readonly [RoleProfile, ...RoleProfile[]] | undefined {
  const { region, run } = context;
  const plainSecretOnly = isTrue(raw, 'special-characters-workaround');
  const terms = readRoleTerms(raw, { partition: region?.partition.id, chained: true, run, plainSecretOnly }, problems);
  const lines = raw.roles.split('\n').map((text, index) => ({ text: text.trim(), number: index + 1 }));
  const meant = lines.filter(({ text }) => text !== '' && !text.startsWith('#'));
  if (meant.length === 0) return problems.add('roles', 'list-empty', {});
  if (meant.length > MAX_ROLES) return problems.add('roles', 'too-many', { count: meant.length, max: MAX_ROLES });
  const read = meant.map((line) => readLine(line, context, problems)).filter((line) => line !== undefined);
  const sound = [checkNames(raw, read, problems), checkSources(read, problems)].every(Boolean);
  const profiles = terms && read.map((line) => profileOf(line, terms, region));
  const [first, ...rest] = profiles?.filter((profile) => profile !== undefined) ?? [];
  if (!sound || first === undefined || rest.length + 1 < meant.length) return undefined;
  return [first, ...rest];
}

function profileOf(
  { name, role, settings, durationSeconds }: Line,
  terms: RoleTerms,
  region: Region | undefined,
): RoleProfile | undefined {
  if (role === undefined || region === undefined) return undefined;
  return {
    name,
    region: settings.region ?? region.name,
    source: settings.source_profile,
    role: {
      ...terms,
      role,
      durationSeconds: durationSeconds ?? terms.durationSeconds,
      sessionName: settings.role_session_name ?? terms.sessionName,
      externalId: settings.external_id ?? terms.externalId,
    },
  };
}

function checkNames(raw: RawInputs, lines: readonly Line[], problems: Problems): boolean {
  const names = lines.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const value of twice) problems.add('roles', 'profile-twice', { value });
  const own = names.includes(raw['aws-profile']);
  if (own) problems.add('aws-profile', 'profile-of-roles', {});
  return twice.size === 0 && !own;
}

/** Every source is a profile of the list, and following them ends at the session. */
function checkSources(lines: readonly Line[], problems: Problems): boolean {
  const sources = new Map(lines.map(({ name, settings }) => [name, settings.source_profile]));
  let sound = true;
  const reported = new Set<string>();
  for (const [profile, source] of sources) {
    if (source === undefined || reported.has(profile)) continue;
    if (!sources.has(source)) {
      problems.add('roles', 'source-unknown', { profile, source });
      sound = false;
    } else if (leadsTo(profile, source, sources)) {
      // A cycle is reported once, from the first of its profiles.
      const profiles = [profile];
      for (let next = source; next !== profile; next = sources.get(next) ?? profile) profiles.push(next);
      for (const each of profiles) reported.add(each);
      problems.add('roles', 'source-cycle', { profiles });
      sound = false;
    }
  }
  return sound;
}

/** Whether following the sources from one profile comes to another. */
function leadsTo(target: string, from: string, sources: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let next: string | undefined = from; next !== undefined && !seen.has(next); next = sources.get(next)) {
    if (next === target) return true;
    seen.add(next);
  }
  return false;
}

// One line of `roles`.

/** What `roles` is read against, besides the inputs. */
export interface RolesContext {
  readonly region: Region | undefined;
  readonly partitions: readonly Partition[];
  readonly run: CiRun;
}

/** The settings of a line, as they are called in `~/.aws/config`. Hyphens count as underscores. */
const SETTINGS = ['duration_seconds', 'role_session_name', 'external_id', 'source_profile', 'region'] as const;
type Setting = (typeof SETTINGS)[number];

const MIN_SECONDS = 900;

/** A line with a name. */
export interface Line {
  readonly name: string;
  /** Undefined if something is wrong with the line, which has been reported. */
  readonly role: RoleReference | undefined;
  readonly settings: Settings;
  readonly durationSeconds: number | undefined;
}

type Settings = Partial<Record<Setting, string>>;

/** Reads a line; undefined if it has no name. */
export function readLine(
  { text, number: line }: { readonly text: string; readonly number: number },
  context: RolesContext,
  problems: Problems,
): Line | undefined {
  let sound = true;
  /** For a part of the line, or all of it. */
  const complainOf =
    (part?: string): Complain =>
    (kind, facts) => {
      sound = false;
      return problems.add('roles', kind, facts, part === undefined ? { line } : { line, part });
    };
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  const [roleText = '', ...pairs] = text
    .slice(equals + 1)
    .trim()
    .split(/\s+/);
  // The end of a key in base64 isn't a role either, and no part of a key may be shown.
  if (equals < 0 || /^=*$/.test(roleText) || SETTINGS.some((key) => underscored(roleText).startsWith(`${key}=`)))
    return complainOf()('role-line', { value: text });
  if (!isProfileName(name)) return complainOf('profile')('profile-name', { value: name });
  const role = readRoleReference(roleText, context.region?.partition.id, complainOf('role'));
  const settings = readSettings(pairs, complainOf);
  const durationSeconds = checkSettings(settings, context, complainOf);
  return { name, role: sound ? role : undefined, settings, durationSeconds };
}

function underscored(text: string): string {
  return text.replaceAll('-', '_');
}

function readSettings(pairs: readonly string[], complainOf: (part?: string) => Complain): Settings {
  const settings: Settings = {};
  let strayFound = false;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = underscored(pair.slice(0, Math.max(0, equals)));
    const known = SETTINGS.find((setting) => setting === key);
    if (known === undefined || equals === pair.length - 1) {
      // One is enough: a comment would be reported word by word.
      if (!strayFound) complainOf()('role-setting', { value: pair, settings: SETTINGS });
      strayFound = true;
    } else if (settings[known] !== undefined) complainOf(known)('role-setting-twice', {});
    else settings[known] = pair.slice(equals + 1);
  }
  return settings;
}

/** Reports what is wrong with the settings; returns the duration if it is given and right. */
function checkSettings(
  { duration_seconds, role_session_name, external_id, region }: Settings,
  context: RolesContext,
  complainOf: (part: string) => Complain,
): number | undefined {
  if (role_session_name !== undefined)
    checkCharacters(role_session_name, SESSION_NAME, complainOf('role_session_name'));
  if (external_id !== undefined) checkCharacters(external_id, EXTERNAL_ID, complainOf('external_id'));
  const partition = context.region?.partition;
  // If aws-region itself is wrong, there is nothing to compare with.
  if (region !== undefined && partition && findRegion(region, context.partitions)?.partition !== partition)
    complainOf('region')('role-region', { value: region });
  if (duration_seconds === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(duration_seconds) ? Number(duration_seconds) : Number.NaN;
  if (seconds >= MIN_SECONDS && seconds <= CHAINING_CAP) return seconds;
  const range = { value: duration_seconds, min: MIN_SECONDS, max: CHAINING_CAP };
  return complainOf('duration_seconds')('role-duration', range);
}

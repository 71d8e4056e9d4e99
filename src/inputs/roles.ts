import { findRegion, type Partition, type Region } from '../core/region.ts';
import { CHAINING_CAP, type RoleProfile, type RoleReference, type RoleTerms } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { isTrue, nameOf } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';
import { profileNameProblem } from './profile-name.ts';
import { EXTERNAL_ID, readRoleReference, readRoleTerms, SESSION_NAME } from './role.ts';
import type { WorkflowFacts } from './tags.ts';

/** What `roles` is read against, beside the inputs. */
export interface RolesSetting {
  readonly region: Region | undefined;
  readonly partitions: readonly Partition[];
  readonly facts: WorkflowFacts;
}

/** The settings of a line, as they are called in `~/.aws/config`. A hyphen does for an underscore. */
const SETTINGS = ['duration_seconds', 'role_session_name', 'external_id', 'source_profile', 'region'] as const;
type Setting = (typeof SETTINGS)[number];

/** What the state of the post step and one output bear. */
const MAX_ROLES = 200;
const FORM = 'profile = role ARN or name [key=value …]';

/** Reads `roles`, one role a line; blank lines and those that begin with # are skipped. Undefined where something is wrong. */
export function readRoles(
  raw: RawInputs,
  setting: RolesSetting,
  problems: Problems,
): readonly [RoleProfile, ...RoleProfile[]] | undefined {
  const { region, facts } = setting;
  const plainSecretOnly = isTrue(raw, 'special-characters-workaround');
  const terms = readRoleTerms(
    raw,
    { partition: region?.partition.id, chained: true, facts, plainSecretOnly },
    problems,
  );
  const lines = raw.roles.split('\n').map((text, index) => ({ text: text.trim(), number: index + 1 }));
  const meant = lines.filter(({ text }) => text !== '' && !text.startsWith('#'));
  if (meant.length === 0) return problems.add('roles', `names no role; write ${FORM}, one a line`);
  if (meant.length > MAX_ROLES)
    return problems.add(
      'roles',
      `has ${meant.length} roles; write ${MAX_ROLES} at most, and the others in a second step`,
    );
  const read = meant.map((line) => readLine(raw, line, setting, problems)).filter((line) => line !== undefined);
  const sound = [checkNames(raw, read, problems), checkSources(read, problems)].every(Boolean);
  const profiles = terms && read.map((line) => profileOf(line, terms, region));
  const [first, ...rest] = profiles?.filter((profile) => profile !== undefined) ?? [];
  if (!sound || first === undefined || rest.length + 1 < meant.length) return undefined;
  return [first, ...rest];
}

/** A line with a name. */
interface Line {
  readonly name: string;
  /** Undefined where something of the line is wrong, and has been told. */
  readonly role: RoleReference | undefined;
  readonly settings: Partial<Record<Setting, string>>;
  readonly durationSeconds: number | undefined;
}

function readLine(
  raw: RawInputs,
  { text, number }: { readonly text: string; readonly number: number },
  setting: RolesSetting,
  problems: Problems,
): Line | undefined {
  let sound = true;
  const wrong = (message: string): undefined => {
    sound = false;
    return problems.add('roles', `has in line ${number} ${message}`);
  };
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  const [roleText = '', ...pairs] = text
    .slice(equals + 1)
    .trim()
    .split(/\s+/);
  // The end of a key in base64 is no role either, and a part of that must not be shown.
  if (
    equals < 0 ||
    /^=*$/.test(roleText) ||
    SETTINGS.some((key) => roleText.replaceAll('-', '_').startsWith(`${key}=`))
  )
    return wrong(`${quote(text)}; write ${FORM}`);
  const nameProblem = profileNameProblem(name);
  if (nameProblem !== undefined) return wrong(`the profile ${nameProblem}`);
  const role = readRoleReference(raw, roleText, setting.region?.partition.id);
  if ('problem' in role) wrong(`a role that ${role.problem}`);
  const settings = readSettings(pairs, wrong);
  const durationSeconds = checkSettings(raw, settings, setting, wrong);
  return { name, role: 'problem' in role || !sound ? undefined : role, settings, durationSeconds };
}

function readSettings(
  pairs: readonly string[],
  wrong: (message: string) => undefined,
): Partial<Record<Setting, string>> {
  const settings: Partial<Record<Setting, string>> = {};
  let strayTold = false;
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(0, equals)).replaceAll('-', '_');
    const known = SETTINGS.find((setting) => setting === key);
    if (known === undefined || equals === pair.length - 1) {
      // One is enough: the words of a comment would be told one by one.
      if (!strayTold)
        wrong(`${quote(pair)}; after the role go ${SETTINGS.join(', ')}, each as key=value without spaces`);
      strayTold = true;
    } else if (settings[known] !== undefined) wrong(`${known} twice; write it once`);
    else settings[known] = pair.slice(equals + 1);
  }
  return settings;
}

/** Tells what is wrong with the settings; returns the duration where one was given and is right. */
function checkSettings(
  raw: RawInputs,
  { duration_seconds, role_session_name, external_id, region }: Partial<Record<Setting, string>>,
  setting: RolesSetting,
  wrong: (message: string) => undefined,
): number | undefined {
  if (role_session_name !== undefined && !SESSION_NAME.pattern.test(role_session_name))
    wrong(`a role_session_name that STS refuses; write ${SESSION_NAME.wanted}`);
  if (external_id !== undefined && !EXTERNAL_ID.pattern.test(external_id))
    wrong(`an external_id that STS refuses; write ${EXTERNAL_ID.wanted}`);
  const partition = setting.region?.partition;
  // Where aws-region itself is wrong, there is nothing to compare with.
  if (region !== undefined && partition && findRegion(region, setting.partitions)?.partition !== partition)
    wrong(`region=${quote(region)}, which is no region of ${nameOf(raw, 'aws-region')}'s partition`);
  if (duration_seconds === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(duration_seconds) ? Number(duration_seconds) : Number.NaN;
  if (seconds >= 900 && seconds <= CHAINING_CAP) return seconds;
  return wrong(
    `duration_seconds=${quote(duration_seconds)}; write 900 to ${CHAINING_CAP}: a role assumed with a session lasts an hour at most`,
  );
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
  for (const name of twice) problems.add('roles', `names the profile ${quote(name)} twice; give each role its own`);
  const own = names.includes(raw['aws-profile']);
  if (own)
    problems.add('aws-profile', 'is a profile of roles too; give the session itself another name, or leave it out');
  return twice.size === 0 && !own;
}

/** Every source is a profile of the list, and following them ends at the session. */
function checkSources(lines: readonly Line[], problems: Problems): boolean {
  const sources = new Map(lines.map(({ name, settings }) => [name, settings.source_profile]));
  let sound = true;
  const told = new Set<string>();
  for (const [name, source] of sources) {
    if (source === undefined || told.has(name)) continue;
    if (!sources.has(source)) {
      problems.add('roles', `says that ${name} goes on from ${quote(source)}, which is no profile of roles`);
      sound = false;
    } else if (leadsTo(name, source, sources)) {
      // A circle is told once, of the first of its profiles.
      for (let next = source; !told.has(next); next = sources.get(next) ?? next) told.add(next);
      problems.add(
        'roles',
        `says that ${name} goes on from itself, by way of ${source}; one has to start at the session`,
      );
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

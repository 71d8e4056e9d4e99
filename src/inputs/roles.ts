import type { Region } from '../core/region.ts';
import type { RoleProfile, RoleTerms } from '../core/request.ts';
import { isTrue } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { readRoleTerms } from './role.ts';
import { type Line, type RolesContext, readLine } from './role-line.ts';

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

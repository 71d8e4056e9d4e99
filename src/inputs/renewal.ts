import type { Renewal, Request, RoleProfile } from '../core/request.ts';
import { isProfileName } from './exports.ts';
import { isTrue } from './fields.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { readRole } from './role.ts';
import { type RolesContext, readRoles } from './roles.ts';

// Roles that tools renew by themselves. Loaded only for `renew`.

/** What AssumeRole takes, but no setting of a profile expresses. */
const INEXPRESSIBLE = [
  'custom-tags',
  'transitive-tag-keys',
  'inline-session-policy',
  'managed-session-policies',
  'role-source-identity',
  'special-characters-workaround',
] as const satisfies readonly InputName[];

/** Credentials that nobody renews. */
const FIXED_CREDENTIALS = ['output-env-credentials', 'output-credentials'] as const;

/** Reads which roles become profiles that tools renew, and which profile they start from; undefined if something is wrong. */
export function readRenewal(
  raw: RawInputs,
  context: RolesContext,
  problems: Problems,
): Pick<Request, 'roles' | 'renewal'> | undefined {
  for (const input of INEXPRESSIBLE) if (asks(raw, input)) problems.add(input, 'not-in-profile', {});
  for (const input of FIXED_CREDENTIALS) if (isTrue(raw, input)) problems.add(input, 'conflict', { with: 'renew' });
  if (!isTrue(raw, 'role-skip-session-tagging')) problems.note({ kind: 'tags-not-renewed' });
  if (raw.roles !== '') return renewMany(raw, context, problems);
  if (raw['role-to-assume'] !== '') return renewOne(raw, context, problems);
  return problems.add('renew', 'only-with', { any: ['role-to-assume', 'roles'] });
}

/** A switch that is off asks for nothing. */
function asks(raw: RawInputs, input: InputName): boolean {
  return raw[input] !== '' && (input !== 'special-characters-workaround' || isTrue(raw, input));
}

function renewMany(
  raw: RawInputs,
  context: RolesContext,
  problems: Problems,
): Pick<Request, 'roles' | 'renewal'> | undefined {
  if (raw['role-to-assume'] !== '') problems.add('role-to-assume', 'conflict', { with: 'roles' });
  const roles = readRoles(raw, context, problems);
  if (roles === undefined) return undefined;
  const sessionProfile = raw['aws-profile'] || 'mfa-session';
  if (raw['aws-profile'] === '' && roles.some(({ name }) => name === sessionProfile))
    return problems.add('roles', 'profile-of-session', { value: sessionProfile });
  const [first, ...rest] = roles;
  return { roles: [untagged(first), ...rest.map(untagged)], renewal: { sessionProfile, selected: undefined } };
}

/** The profile is named after its role, unless it is given a name. */
function renewOne(
  raw: RawInputs,
  { region, run }: RolesContext,
  problems: Problems,
): Pick<Request, 'roles' | 'renewal'> | undefined {
  const role = readRole(raw, { partition: region?.partition.id, chained: true, run, plainSecretOnly: false }, problems);
  const name = raw['aws-profile'] || (raw['role-to-assume'].split('/').at(-1) ?? '');
  if (raw['aws-profile'] === '' && role !== undefined && !isProfileName(name))
    return problems.add('aws-profile', 'role-as-name', { value: name });
  if (role === undefined || region === undefined) return undefined;
  const renewal: Renewal = { sessionProfile: `${name}-mfa-session`, selected: name };
  return { roles: [untagged({ name, region: region.name, role, source: undefined })], renewal };
}

/** Tools assume the role again without tags, so the proof must do without them too. */
function untagged(profile: RoleProfile): RoleProfile {
  return { ...profile, role: { ...profile.role, sessionTags: undefined } };
}

import type { MintingPlan, Plan, RoleRequest, SealedSource } from '../core/request.ts';
import { isTrue } from './fields.ts';
import { MINTING_INPUTS, type MintingContext, readMinting, refuseMintingInputs } from './minting.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import type { RoleContext } from './role.ts';
import type { Sealing } from './sealing.ts';
import type { CiRun } from './tags.ts';

/** Only with one of these, asking AWS once more costs no code. */
const FREE_REPEATS = ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] as const;

/** Inputs that mean nothing without a role. To ignore them would widen what the user wants to restrict. */
const ROLE_INPUTS = [
  'role-duration-seconds',
  'role-session-name',
  'role-external-id',
  'role-source-identity',
  'inline-session-policy',
  'managed-session-policies',
  'custom-tags',
  'transitive-tag-keys',
] as const satisfies readonly InputName[];

/** What a plan is read against, besides the inputs. */
export interface PlanContext extends Omit<MintingContext, 'sessionFirst'> {
  readonly run: CiRun;
  readonly sealed: Sealing['source'];
}

/** What is known once the switches have been read. */
type KnownContext = PlanContext & MintingContext;

/** Reads how to obtain the credentials; undefined if something is wrong. */
export async function readPlan(raw: RawInputs, context: PlanContext, problems: Problems): Promise<Plan | undefined> {
  const { manyRoles, renews, sealed, partition, run } = context;
  const roleChaining = isTrue(raw, 'role-chaining', problems);
  const sessionFirst = isTrue(raw, 'mfa-session-first', problems);
  const plainSecretOnly = isTrue(raw, 'special-characters-workaround', problems);
  const roleGiven = raw['role-to-assume'] !== '' && !renews;
  const fromSession = roleChaining || sessionFirst || (sealed !== undefined && roleGiven);
  if (plainSecretOnly && !fromSession && !manyRoles)
    problems.add('special-characters-workaround', 'only-with', { any: FREE_REPEATS });
  if (roleGiven && manyRoles) problems.add('role-to-assume', 'conflict', { with: 'roles' });
  const role = manyRoles
    ? undefined
    : roleGiven
      ? await readRole(raw, { partition, chained: fromSession, run, plainSecretOnly }, problems)
      : refuseRoleInputs(raw, problems);
  if (roleChaining) return readEarlierSession(raw, role, { ...context, sessionFirst }, problems);
  if (sealed !== undefined) return readSealedSession(raw, role, { ...context, sealed, sessionFirst }, problems);
  return readMinting(raw, role, { ...context, sessionFirst }, problems);
}

/** The role is read by a part that is only loaded if there is one. */
async function readRole(raw: RawInputs, context: RoleContext, problems: Problems): Promise<RoleRequest | undefined> {
  const { readRole: read } = await import('./role.ts');
  return read(raw, context, problems);
}

function readEarlierSession(
  raw: RawInputs,
  role: RoleRequest | undefined,
  { manyRoles, sealed, sessionFirst }: KnownContext,
  problems: Problems,
): Plan | undefined {
  if (raw['role-to-assume'] === '' && !manyRoles)
    problems.add('role-chaining', 'only-with', { any: ['role-to-assume', 'roles'] });
  if (sessionFirst) problems.add('mfa-session-first', 'conflict', { with: 'role-chaining' });
  if (sealed !== undefined) problems.add('role-chaining', 'conflict', { with: 'sealed-session' });
  refuseMintingInputs(raw, 'role-chaining', problems);
  if (manyRoles) return { kind: 'environment' };
  return role && { kind: 'chained-role', role };
}

async function readSealedSession(
  raw: RawInputs,
  role: RoleRequest | undefined,
  context: KnownContext & { readonly sealed: SealedSource | 'wrong' },
  problems: Problems,
): Promise<Plan | undefined> {
  const source = context.sealed;
  const opening = (fallback: MintingPlan | undefined): Plan | undefined =>
    source === 'wrong' ? undefined : { kind: 'sealed-session', source, role, fallback };
  if (isTrue(raw, 'sealed-session-fallback', problems)) {
    const fallback = await readMinting(raw, role, context, problems);
    return fallback && opening(fallback);
  }
  if (source !== 'wrong' && source.text === '' && MINTING_INPUTS.some((input) => raw[input] !== ''))
    return problems.add('sealed-session', 'sealing-unclear', {});
  if (context.sessionFirst) problems.add('mfa-session-first', 'conflict', { with: 'sealed-session' });
  refuseMintingInputs(raw, 'sealed-session', problems);
  return opening(undefined);
}

/** Adds a problem for each input that restricts or names a role, if no role is to be assumed. */
function refuseRoleInputs(raw: RawInputs, problems: Problems): undefined {
  for (const input of ROLE_INPUTS) if (raw[input] !== '') problems.add(input, 'only-with', { any: ['role-to-assume'] });
}

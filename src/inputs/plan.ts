import {
  type MfaSource,
  type MintingPlan,
  type Plan,
  type RoleRequest,
  type SealedSource,
  serialsOf,
} from '../core/request.ts';
import { isTrue, readInteger } from './fields.ts';
import { readKeys } from './keys.ts';
import { readMfaSource } from './mfa.ts';
import { MINTING_INPUTS, refuseMintingInputs } from './minting-inputs.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { readRole, refuseRoleInputs } from './role.ts';
import type { Sealing } from './sealing.ts';
import type { WorkflowFacts } from './tags.ts';

/** Only with one of these, asking AWS once more costs no code. */
const FREE_REPEATS = ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] as const;

/** What a plan is read against, besides the inputs. */
export interface PlanContext {
  readonly partition: string | undefined;
  readonly facts: WorkflowFacts;
  /** Many roles follow from the session: then it isn't a role's itself. */
  readonly manyRoles: boolean;
  readonly sealed: Sealing['source'];
}

/** What is known once the switches have been read. */
interface KnownContext extends PlanContext {
  /** `mfa-session-first` */
  readonly sessionFirst: boolean;
}

/** Reads how to obtain the credentials; undefined if something is wrong. */
export async function readPlan(raw: RawInputs, context: PlanContext, problems: Problems): Promise<Plan | undefined> {
  const { manyRoles, sealed, partition, facts } = context;
  const roleChaining = isTrue(raw, 'role-chaining', problems);
  const sessionFirst = isTrue(raw, 'mfa-session-first', problems);
  const plainSecretOnly = isTrue(raw, 'special-characters-workaround', problems);
  const roleGiven = raw['role-to-assume'] !== '';
  const fromSession = roleChaining || sessionFirst || (sealed !== undefined && roleGiven);
  if (plainSecretOnly && !fromSession && !manyRoles)
    problems.add('special-characters-workaround', 'only-with', { any: FREE_REPEATS });
  if (roleGiven && manyRoles) problems.add('role-to-assume', 'conflict', { with: 'roles' });
  const role = manyRoles
    ? undefined
    : roleGiven
      ? readRole(raw, { partition, chained: fromSession, facts, plainSecretOnly }, problems)
      : refuseRoleInputs(raw, problems);
  if (roleChaining) return readEarlierSession(raw, role, { ...context, sessionFirst }, problems);
  if (sealed !== undefined) return readSealedSession(raw, role, { ...context, sealed, sessionFirst }, problems);
  return readMinting(raw, role, { ...context, sessionFirst }, problems);
}

async function readMinting(
  raw: RawInputs,
  role: RoleRequest | undefined,
  { partition, manyRoles, sessionFirst }: KnownContext,
  problems: Problems,
): Promise<MintingPlan | undefined> {
  const keys = readKeys(raw, problems);
  const mfa = await readMfaSource(raw, problems);
  if (mfa !== undefined && partition !== undefined) checkSerialPartition(raw, mfa, partition, problems);
  const roleGiven = raw['role-to-assume'] !== '';
  const sessionSeconds = readInteger(raw, 'session-duration-seconds', problems);
  if (sessionFirst && !roleGiven && !manyRoles)
    problems.add('mfa-session-first', 'only-with', { any: ['role-to-assume'] });
  if (roleGiven && !sessionFirst && raw['session-duration-seconds'] !== '')
    problems.add('session-duration-seconds', 'conflict', { with: 'role-to-assume' });
  if (keys === undefined || mfa === undefined || sessionSeconds === undefined) return undefined;
  if (!roleGiven) return { kind: 'session', keys, mfa, sessionSeconds };
  if (role === undefined) return undefined;
  // A secret without special characters may take many calls, and only those without a code are free.
  if (sessionFirst || role.plainSecretOnly) return { kind: 'role-after-session', keys, mfa, sessionSeconds, role };
  return { kind: 'role', keys, mfa, role };
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

function checkSerialPartition(raw: RawInputs, mfa: MfaSource, partition: string, problems: Problems): void {
  const input = raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices';
  for (const serial of serialsOf(mfa)) {
    if (serial.kind === 'virtual' && serial.partition !== partition)
      problems.add(input, 'partition', { partition: serial.partition, expected: partition });
  }
}

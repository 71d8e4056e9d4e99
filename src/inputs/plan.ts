import type { MfaSource, RoleRequest, SealedSource } from '../core/request.ts';
import { type MintingPlan, type Plan, serialsOf } from '../core/request.ts';
import { nameOf, readBoolean, readInteger } from './fields.ts';
import { readKeys } from './keys.ts';
import { readMfaSource } from './mfa.ts';
import { MINTING_INPUTS, refuseMintingInputs } from './minting-inputs.ts';
import type { Problems, RawInputs } from './names.ts';
import { readRole, refuseRoleInputs } from './role.ts';
import type { Sealing } from './sealing.ts';
import type { WorkflowFacts } from './tags.ts';

/** What a plan is read against, beside the inputs. */
export interface PlanSetting {
  readonly partition: string | undefined;
  readonly facts: WorkflowFacts;
  /** Many roles follow from the session: then it is no role's itself. */
  readonly manyRoles: boolean;
  readonly sealed: Sealing['source'];
}

/** What is known once the switches have been read. */
interface KnownSetting extends PlanSetting {
  /** `mfa-session-first` */
  readonly sessionFirst: boolean;
}

/** Reads how the credentials are to be got; undefined where something is wrong. */
export async function readPlan(raw: RawInputs, setting: PlanSetting, problems: Problems): Promise<Plan | undefined> {
  const { manyRoles, sealed, partition, facts } = setting;
  const roleChaining = readBoolean(raw, 'role-chaining', problems) ?? false;
  const sessionFirst = readBoolean(raw, 'mfa-session-first', problems) ?? false;
  const plainSecretOnly = readBoolean(raw, 'special-characters-workaround', problems) ?? false;
  const roleGiven = raw['role-to-assume'] !== '';
  const fromSession = roleChaining || sessionFirst || (sealed !== undefined && roleGiven);
  if (plainSecretOnly && !fromSession && !manyRoles) {
    problems.add(
      'special-characters-workaround',
      'asks again until the secret key has no special characters, and each time would cost a code; it goes with mfa-session-first, role-chaining, sealed-session or roles only',
    );
  }
  if (roleGiven && manyRoles) {
    problems.add(
      'role-to-assume',
      'is given together with roles; write it as a line of roles (other lines may go on from it with source_profile=…)',
    );
  }
  const role = manyRoles
    ? undefined
    : roleGiven
      ? readRole(raw, { partition, chained: fromSession, facts, plainSecretOnly }, problems)
      : refuseRoleInputs(raw, problems);
  if (roleChaining) return readEarlierSession(raw, role, { ...setting, sessionFirst }, problems);
  if (sealed !== undefined) return readSealedSession(raw, role, { ...setting, sealed, sessionFirst }, problems);
  return readMinting(raw, role, { ...setting, sessionFirst }, problems);
}

async function readMinting(
  raw: RawInputs,
  role: RoleRequest | undefined,
  { partition, manyRoles, sessionFirst }: KnownSetting,
  problems: Problems,
): Promise<MintingPlan | undefined> {
  const keys = readKeys(raw, problems);
  const mfa = await readMfaSource(raw, problems);
  if (mfa !== undefined && partition !== undefined) checkSerialPartition(raw, mfa, partition, problems);
  const roleGiven = raw['role-to-assume'] !== '';
  const seconds = { min: 900, max: 129_600, default: 3600, unit: 'seconds' };
  const sessionSeconds = readInteger(raw, 'session-duration-seconds', seconds, problems);
  if (sessionFirst && !roleGiven && !manyRoles)
    problems.add(
      'mfa-session-first',
      'is true without role-to-assume; without a role the step gets a session token anyway',
    );
  if (roleGiven && !sessionFirst && raw['session-duration-seconds'] !== '') {
    problems.add(
      'session-duration-seconds',
      'is for session tokens; a role takes role-duration-seconds (or set mfa-session-first: true)',
    );
  }
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
  { manyRoles, sealed, sessionFirst }: KnownSetting,
  problems: Problems,
): Plan | undefined {
  if (raw['role-to-assume'] === '' && !manyRoles)
    problems.add('role-chaining', 'is true without role-to-assume; name the role to go on to');
  if (sessionFirst)
    problems.add(
      'mfa-session-first',
      'is true together with role-chaining: the one spends a code, the other uses the session of an earlier step. Choose one',
    );
  if (sealed !== undefined)
    problems.add(
      'role-chaining',
      'is true together with sealed-session: the one uses the session in the environment, the other brings its own. Choose one',
    );
  refuseMintingInputs(
    raw,
    'is given together with role-chaining: true, which uses the session that an earlier step exported and sends no code. Leave one of them out',
    problems,
  );
  if (manyRoles) return { kind: 'environment' };
  return role && { kind: 'chained-role', role };
}

async function readSealedSession(
  raw: RawInputs,
  role: RoleRequest | undefined,
  setting: KnownSetting & { readonly sealed: SealedSource | 'wrong' },
  problems: Problems,
): Promise<Plan | undefined> {
  const source = setting.sealed;
  const opening = (fallback: MintingPlan | undefined): Plan | undefined =>
    source === 'wrong' ? undefined : { kind: 'sealed-session', source, role, fallback };
  if (readBoolean(raw, 'sealed-session-fallback', problems) ?? false) {
    const fallback = await readMinting(raw, role, setting, problems);
    return fallback && opening(fallback);
  }
  const message =
    'is given together with sealed-session, which needs no code. Leave it out, or set sealed-session-fallback: true to get a new session where the sealed one cannot be used';
  if (source !== 'wrong' && source.text === '' && MINTING_INPUTS.some((input) => raw[input] !== '')) {
    return problems.add(
      'sealed-session',
      'is empty though sealing-key is given, and so is what spends a code. To seal a session here, set seal-session: true; to open one, pass it and leave the others out; for either as it comes, set sealed-session-fallback: true',
    );
  }
  if (setting.sessionFirst) problems.add('mfa-session-first', message);
  refuseMintingInputs(raw, message, problems);
  return opening(undefined);
}

function checkSerialPartition(raw: RawInputs, mfa: MfaSource, partition: string, problems: Problems): void {
  const input = raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices';
  for (const serial of serialsOf(mfa)) {
    if (serial.kind === 'virtual' && serial.partition !== partition) {
      problems.add(
        input,
        `is in the partition ${serial.partition}, and ${nameOf(raw, 'aws-region')} is in ${partition}; write a region of the account's own partition`,
      );
    }
  }
}

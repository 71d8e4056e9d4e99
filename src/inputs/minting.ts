import { type KeySource, type MfaSource, type MintingPlan, type RoleRequest, serialsOf } from '../core/request.ts';
import { readInteger } from './fields.ts';
import { readMfaSource } from './mfa.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

// How a code becomes credentials.

/** Not a temporary one. */
const ID = /^(?!ASIA)\w{1,128}$/;
/** Not an ID. */
const SECRET = /^(?!A[KS]IA[A-Z0-9]{12,}$)[!-~]{1,256}$/;

/** What only makes sense if a code is used. */
export const MINTING_INPUTS = [
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-access-key',
  'mfa-serial',
  'mfa-seed',
  'mfa-code',
  'mfa-devices',
  'mfa-slot',
  'session-duration-seconds',
] as const satisfies readonly InputName[];

/** Adds a problem for each of them that is given, although the session comes from elsewhere: by way of `source`. */
export function refuseMintingInputs(raw: RawInputs, source: InputName, problems: Problems): void {
  for (const input of MINTING_INPUTS) if (raw[input] !== '') problems.add(input, 'conflict', { with: source });
}

/** GitHub Actions limits: a job on a GitHub-hosted runner ends after six hours. In seconds. */
const LONGEST_HOSTED_JOB = 21_600;

/** What a new session is read against, besides the inputs. */
export interface MintingContext {
  readonly partition: string | undefined;
  /** Many roles follow from the session: then it isn't a role's itself. */
  readonly manyRoles: boolean;
  /** Tools assume them, for as long as the session lasts. */
  readonly renews: boolean;
  /** `mfa-session-first` */
  readonly sessionFirst: boolean;
}

/** Reads how to get new credentials with a code; undefined if something is wrong. */
export async function readMinting(
  raw: RawInputs,
  role: RoleRequest | undefined,
  { partition, manyRoles, renews, sessionFirst }: MintingContext,
  problems: Problems,
): Promise<MintingPlan | undefined> {
  const keys = await readKeys(raw, problems);
  const mfa = await readMfaSource(raw, problems);
  if (mfa !== undefined && partition !== undefined) checkSerialPartition(raw, mfa, partition, problems);
  const roleGiven = raw['role-to-assume'] !== '' && !renews;
  const sessionSeconds =
    renews && raw['session-duration-seconds'] === ''
      ? LONGEST_HOSTED_JOB
      : readInteger(raw, 'session-duration-seconds', problems);
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

/** Reads the long-term keys; undefined if something is wrong with them. All but a sound ID and secret is read by a part
 * that is only loaded for it. */
export async function readKeys(raw: RawInputs, problems: Problems): Promise<KeySource | undefined> {
  const { 'aws-access-key-id': accessKeyId, 'aws-secret-access-key': secretAccessKey, 'aws-access-key': pair } = raw;
  if (accessKeyId + secretAccessKey + pair === '') return { kind: 'default-chain' };
  if (pair === '' && ID.test(accessKeyId) && SECRET.test(secretAccessKey))
    return { kind: 'given', accessKeyId, secretAccessKey };
  const { readUnusualKeys } = await import('./access-key.ts');
  return readUnusualKeys(raw, problems);
}

function checkSerialPartition(raw: RawInputs, mfa: MfaSource, partition: string, problems: Problems): void {
  const input = raw['mfa-devices'] === '' ? 'mfa-serial' : 'mfa-devices';
  for (const serial of serialsOf(mfa)) {
    if (serial.kind === 'virtual' && serial.partition !== partition)
      problems.add(input, 'partition', { partition: serial.partition, expected: partition });
  }
}

import { CHAINING_CAP, type RoleReference, type RoleRequest, type RoleTerms } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { nameOf, readInteger } from './fields.ts';
import type { InputName, Problems, RawInputs } from './names.ts';
import { readPolicy, readPolicyArns } from './session-policies.ts';
import { readSessionTags, type WorkflowFacts } from './tags.ts';

const ROLE_ARN = /^arn:(aws[a-z-]{0,20}):iam::(\d{12}):role\/[\w+=,.@/-]{1,576}$/;
const ROLE_NAME = /^[\w+=,.@-][\w+=,.@/-]{0,575}$/;

/** What STS takes for a text, and how that is told. */
interface TextRule {
  readonly pattern: RegExp;
  /** As the end of the sentence "write …". */
  readonly wanted: string;
}

/** RoleSessionName, and SourceIdentity too (STS API reference, AssumeRole). */
export const SESSION_NAME: TextRule = {
  pattern: /^[\w+=,.@-]{2,64}$/,
  wanted: '2 to 64 letters, digits and _+=,.@-',
};
/** ExternalId (STS API reference, AssumeRole). */
export const EXTERNAL_ID: TextRule = {
  pattern: /^[\w+=,.@:/-]{2,1224}$/,
  wanted: '2 to 1224 letters, digits and _+=,.@:/-',
};
/** Inputs that mean nothing without a role: to ignore them would widen what the user asked to narrow. */
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

/** Adds a problem for each input that narrows or names a role where no role is to be assumed. */
export function refuseRoleInputs(raw: RawInputs, problems: Problems): undefined {
  for (const input of ROLE_INPUTS) {
    if (raw[input] === '') continue;
    const instead = input === 'role-duration-seconds' ? '; a session token takes session-duration-seconds' : '';
    problems.add(
      input,
      `is given without role-to-assume, and a session token takes no such thing${instead}. Give a role, or leave it out`,
    );
  }
}

/** What a role's terms are read against, beside the inputs. */
export interface RoleSetting {
  readonly partition: string | undefined;
  /** Assumed with a session, not with a code. */
  readonly chained: boolean;
  readonly facts: WorkflowFacts;
  readonly plainSecretOnly: boolean;
}

/** Reads the role and all that goes with it; undefined where something is wrong. */
export function readRole(raw: RawInputs, setting: RoleSetting, problems: Problems): RoleRequest | undefined {
  const role = readRoleReference(raw, raw['role-to-assume'], setting.partition);
  if ('problem' in role) problems.add('role-to-assume', role.problem);
  const terms = readRoleTerms(raw, setting, problems);
  return 'problem' in role || terms === undefined ? undefined : { role, ...terms };
}

/** Reads on what terms the role, or each of the roles, is assumed; undefined where something is wrong. */
export function readRoleTerms(raw: RawInputs, setting: RoleSetting, problems: Problems): RoleTerms | undefined {
  const durationSeconds = readDuration(raw, setting.chained, problems);
  const sessionTags = readSessionTags(raw, setting.facts, problems);
  const policy = readPolicy(raw, problems);
  const policyArns = readPolicyArns(raw, setting.partition, problems);
  const sessionName = readPatterned(raw, 'role-session-name', SESSION_NAME, problems);
  const externalId = readPatterned(raw, 'role-external-id', EXTERNAL_ID, problems);
  const sourceIdentity = readPatterned(raw, 'role-source-identity', SESSION_NAME, problems);
  if (durationSeconds === undefined) return undefined;
  return {
    durationSeconds,
    sessionName: sessionName ?? 'GitHubActions',
    externalId,
    sourceIdentity,
    policy,
    policyArns,
    sessionTags,
    plainSecretOnly: setting.plainSecretOnly,
  };
}

/** A role's ARN or name, or what is wrong with it; `partition` is that of aws-region. */
export function readRoleReference(
  raw: RawInputs,
  text: string,
  partition: string | undefined,
): RoleReference | { readonly problem: string } {
  const arn = ROLE_ARN.exec(text);
  if (arn?.[1] !== undefined && arn[2] !== undefined) {
    if (partition !== undefined && arn[1] !== partition) {
      return {
        problem: `is in the partition ${arn[1]}, and ${nameOf(raw, 'aws-region')} is in ${partition}; no session of one reaches the other`,
      };
    }
    return { kind: 'arn', arn: text, partition: arn[1], account: arn[2] };
  }
  if (!text.startsWith('arn:') && ROLE_NAME.test(text)) return { kind: 'name', name: text };
  return { problem: `is ${quote(text)}; write arn:PARTITION:iam::ACCOUNT:role/NAME or the role's name alone` };
}

function readDuration(raw: RawInputs, chained: boolean, problems: Problems): number | undefined {
  const range = { min: 900, max: 43_200, default: 3600, unit: 'seconds' };
  const seconds = readInteger(raw, 'role-duration-seconds', range, problems);
  if (chained && seconds !== undefined && seconds > CHAINING_CAP) {
    return problems.add(
      'role-duration-seconds',
      `is ${seconds}; a role assumed with a session (mfa-session-first, role-chaining, sealed-session, roles) lasts ${CHAINING_CAP} seconds at most. For longer, assume it directly with the code`,
    );
  }
  return seconds;
}

function readPatterned(
  raw: RawInputs,
  input: InputName,
  { pattern, wanted }: TextRule,
  problems: Problems,
): string | undefined {
  const text = raw[input];
  if (text === '') return undefined;
  return pattern.test(text)
    ? text
    : problems.add(input, `has ${text.length} characters or one that STS refuses; write ${wanted}`);
}

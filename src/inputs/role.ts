import { CHAINING_CAP, type RoleReference, type RoleRequest, type RoleTerms } from '../core/request.ts';
import { readInteger, readJsonObject, readList } from './fields.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Complain, Problems } from './problem.ts';
import { type CiRun, readSessionTags } from './tags.ts';

const ROLE_ARN = /^arn:(aws[a-z-]{0,20}):iam::(\d{12}):role\/[\w+=,.@/-]{1,576}$/;
const ROLE_NAME = /^[\w+=,.@-][\w+=,.@/-]{0,575}$/;

/** Session policies (STS API reference, AssumeRole). */
const POLICY_ARN = /^arn:(aws[a-z-]{0,20}):iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,576}$/;
const MAX_POLICY = 2048;
const MAX_POLICY_ARNS = 10;

/** The letters, digits and punctuation that STS accepts, of which there are at least two. */
interface Characters {
  readonly pattern: RegExp;
  readonly max: number;
  readonly punctuation: string;
}

/** RoleSessionName, and SourceIdentity too (STS API reference, AssumeRole). */
export const SESSION_NAME: Characters = { pattern: /^[\w+=,.@-]{2,64}$/, max: 64, punctuation: '_+=,.@-' };
/** ExternalId (STS API reference, AssumeRole). */
export const EXTERNAL_ID: Characters = { pattern: /^[\w+=,.@:/-]{2,1224}$/, max: 1224, punctuation: '_+=,.@:/-' };
/** What a role's terms are read against, besides the inputs. */
export interface RoleContext {
  readonly partition: string | undefined;
  /** Assumed with a session, not with a code. */
  readonly chained: boolean;
  readonly run: CiRun;
  readonly plainSecretOnly: boolean;
}

/** Reads the role and its terms; undefined if something is wrong. */
export function readRole(raw: RawInputs, context: RoleContext, problems: Problems): RoleRequest | undefined {
  const role = readRoleReference(raw['role-to-assume'], context.partition, (kind, facts) =>
    problems.add('role-to-assume', kind, facts),
  );
  const terms = readRoleTerms(raw, context, problems);
  return role && terms && { role, ...terms };
}

/** Reads the terms on which the role, or each of the roles, is assumed; undefined if something is wrong. */
export function readRoleTerms(raw: RawInputs, context: RoleContext, problems: Problems): RoleTerms | undefined {
  const durationSeconds = readDuration(raw, context.chained, problems);
  const sessionTags = readSessionTags(raw, context.run, problems);
  const policy = readPolicy(raw, problems);
  const policyArns = readPolicyArns(raw, context.partition, problems);
  const sessionName = readCharacters(raw, 'role-session-name', SESSION_NAME, problems);
  const externalId = readCharacters(raw, 'role-external-id', EXTERNAL_ID, problems);
  const sourceIdentity = readCharacters(raw, 'role-source-identity', SESSION_NAME, problems);
  if (durationSeconds === undefined) return undefined;
  return {
    durationSeconds,
    sessionName: sessionName ?? context.run.sessionName,
    externalId,
    sourceIdentity,
    policy,
    policyArns,
    sessionTags,
    plainSecretOnly: context.plainSecretOnly,
  };
}

/** A role's ARN or name; undefined if it is wrong. `partition` is that of aws-region. */
export function readRoleReference(
  text: string,
  partition: string | undefined,
  complain: Complain,
): RoleReference | undefined {
  const arn = ROLE_ARN.exec(text);
  if (arn?.[1] !== undefined && arn[2] !== undefined) {
    if (partition !== undefined && arn[1] !== partition)
      return complain('partition', { partition: arn[1], expected: partition });
    return { kind: 'arn', arn: text, partition: arn[1], account: arn[2] };
  }
  if (!text.startsWith('arn:') && ROLE_NAME.test(text)) return { kind: 'name', name: text };
  return complain('role', { value: text });
}

function readDuration(raw: RawInputs, chained: boolean, problems: Problems): number | undefined {
  const seconds = readInteger(raw, 'role-duration-seconds', problems);
  if (chained && seconds !== undefined && seconds > CHAINING_CAP)
    return problems.add('role-duration-seconds', 'duration-over-cap', { seconds, cap: CHAINING_CAP });
  return seconds;
}

function readCharacters(
  raw: RawInputs,
  input: InputName,
  characters: Characters,
  problems: Problems,
): string | undefined {
  const text = raw[input];
  if (text !== '') checkCharacters(text, characters, (kind, facts) => problems.add(input, kind, facts));
  return text || undefined;
}

/** Adds a problem unless STS accepts the text. */
export function checkCharacters(text: string, { pattern, max, punctuation }: Characters, complain: Complain): void {
  if (!pattern.test(text)) complain('characters', { length: text.length, max, punctuation });
}

/** Reads `inline-session-policy`, without whitespace if it is too long with it. Undefined if none is given or it is wrong. */
function readPolicy(raw: RawInputs, problems: Problems): string | undefined {
  const text = raw['inline-session-policy'];
  if (text === '') return undefined;
  const policy = readJsonObject(raw, 'inline-session-policy', problems);
  if (policy === undefined) return undefined;
  if (policy['Statement'] === undefined) return problems.add('inline-session-policy', 'no-statement', {});
  if (text.length <= MAX_POLICY) return text;
  // STS counts the characters as they are sent, and the whitespace of a YAML block is the first thing that can go.
  const compact = JSON.stringify(policy);
  return compact.length <= MAX_POLICY
    ? compact
    : problems.add('inline-session-policy', 'policy-too-long', { length: compact.length, max: MAX_POLICY });
}

/** Reads `managed-session-policies`; each must be in the partition of aws-region. */
function readPolicyArns(raw: RawInputs, partition: string | undefined, problems: Problems): readonly string[] {
  const arns = readList(raw, 'managed-session-policies');
  if (arns.length === 0 && raw['managed-session-policies'] !== '')
    problems.add('managed-session-policies', 'list-empty', {});
  for (const arn of arns) {
    const own = POLICY_ARN.exec(arn)?.[1];
    if (own === undefined) problems.add('managed-session-policies', 'policy-arn', { value: arn });
    else if (partition !== undefined && own !== partition)
      problems.add('managed-session-policies', 'partition', { partition: own, expected: partition, arn });
  }
  if (arns.length > MAX_POLICY_ARNS)
    problems.add('managed-session-policies', 'too-many', { count: arns.length, max: MAX_POLICY_ARNS });
  return arns;
}

import { quote } from '../core/words.ts';
import { nameOf, readJsonObject, readList } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';

// What narrows a role's session (STS API reference, AssumeRole).

const POLICY_ARN = /^arn:(aws[a-z-]{0,20}):iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,576}$/;
const MAX_POLICY = 2048;
const MAX_POLICY_ARNS = 10;

/** Reads `inline-session-policy`: its text, without white space where it is too long with it. Undefined where none is given or it is wrong. */
export function readPolicy(raw: RawInputs, problems: Problems): string | undefined {
  const text = raw['inline-session-policy'];
  if (text === '') return undefined;
  const policy = readJsonObject(text, 'inline-session-policy', problems);
  if (policy === undefined) return undefined;
  if (policy['Statement'] === undefined)
    return problems.add('inline-session-policy', 'has no "Statement"; write an IAM policy document');
  if (text.length <= MAX_POLICY) return text;
  // STS counts the characters as they are sent, and the white space of a YAML block is the first thing that can go.
  const compact = JSON.stringify(policy);
  return compact.length <= MAX_POLICY
    ? compact
    : problems.add(
        'inline-session-policy',
        `has ${compact.length} characters without its white space; STS takes ${MAX_POLICY}. Use a managed policy instead`,
      );
}

/** Reads `managed-session-policies`; each has to be of the partition of aws-region. */
export function readPolicyArns(raw: RawInputs, partition: string | undefined, problems: Problems): readonly string[] {
  const arns = readList(raw, 'managed-session-policies');
  if (arns.length === 0 && raw['managed-session-policies'] !== '')
    problems.add(
      'managed-session-policies',
      'names no policy, so it would narrow nothing; write ARNs, or leave it out',
    );
  for (const arn of arns) {
    const match = POLICY_ARN.exec(arn);
    if (match === null)
      problems.add(
        'managed-session-policies',
        `has ${quote(arn)}; write ARNs, arn:PARTITION:iam::ACCOUNT:policy/NAME, one a line`,
      );
    else if (partition !== undefined && match[1] !== partition) {
      problems.add(
        'managed-session-policies',
        `has ${quote(arn)}, of another partition than ${nameOf(raw, 'aws-region')}'s ${partition}`,
      );
    }
  }
  if (arns.length > MAX_POLICY_ARNS)
    problems.add('managed-session-policies', `has ${arns.length} ARNs; STS takes ${MAX_POLICY_ARNS}`);
  return arns;
}

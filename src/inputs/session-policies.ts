import { readJsonObject, readList } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

// What restricts a role's session (STS API reference, AssumeRole).

const POLICY_ARN = /^arn:(aws[a-z-]{0,20}):iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,576}$/;
const MAX_POLICY = 2048;
const MAX_POLICY_ARNS = 10;

/** Reads `inline-session-policy`, without whitespace if it is too long with it. Undefined if none is given or it is wrong. */
export function readPolicy(raw: RawInputs, problems: Problems): string | undefined {
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
export function readPolicyArns(raw: RawInputs, partition: string | undefined, problems: Problems): readonly string[] {
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

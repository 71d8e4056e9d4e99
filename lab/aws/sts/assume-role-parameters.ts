import { Constraints, readInteger, readMembers } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { parsePolicy } from '../policy/statement.ts';
import { constrainMfa } from './mfa.ts';

/** The valid parameters of AssumeRole. */
export interface AssumeRoleParameters {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Seconds, or undefined if STS's default applies. */
  readonly duration: number | undefined;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly policyText: string | undefined;
  readonly policy: PolicyDocument | undefined;
  readonly policyArns: readonly string[];
}

// The service model of STS.
const NAME: readonly [RegExp, string] = [/^[\w+=,.@-]*$/, '[\\w+=,.@-]*'];
const TAG: readonly [RegExp, string] = [/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'];
const POLICY_TEXT: readonly [RegExp, string] = [
  /^[\t\n\r\x20-\x7e\x85\u00a0-\u{10ffff}]*$/u,
  '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
];

/** @throws AwsError ValidationError, MalformedPolicyDocument or InvalidParameterValue */
export function readAssumeRole(params: ReadonlyMap<string, string>): AssumeRoleParameters {
  const roleArn = params.get('RoleArn');
  const sessionName = params.get('RoleSessionName');
  const externalId = params.get('ExternalId');
  const sourceIdentity = params.get('SourceIdentity');
  const policyText = params.get('Policy');
  const duration = readInteger(params, 'DurationSeconds');
  const tags = readMembers(params, 'Tags').map((tag) => ({ key: tag.get('Key'), value: tag.get('Value') }));
  const transitiveTagKeys = readMembers(params, 'TransitiveTagKeys').map((member) => member.get('') ?? '');
  const policyArns = readMembers(params, 'PolicyArns').map((member) => member.get('arn') ?? '');

  const constraints = new Constraints();
  constraints.required('roleArn', roleArn);
  constraints.text('roleArn', roleArn, { min: 20, max: 2048, pattern: POLICY_TEXT });
  constraints.required('roleSessionName', sessionName);
  constraints.text('roleSessionName', sessionName, { min: 2, max: 64, pattern: NAME });
  constraints.number('durationSeconds', duration, 900, 43_200);
  constraints.text('externalId', externalId, {
    min: 2,
    max: 1224,
    pattern: [/^[\w+=,.@:/-]*$/, '[\\w+=,.@:\\/-]*'],
  });
  constraints.text('sourceIdentity', sourceIdentity, { min: 2, max: 64, pattern: NAME });
  constraints.text('policy', policyText, { min: 1, max: 2048, pattern: POLICY_TEXT });
  constraints.count('policyArns', policyArns, 10);
  policyArns.forEach((arn, i) => {
    constraints.text(`policyArns.${i + 1}.member.arn`, arn, { min: 20, max: 2048, pattern: POLICY_TEXT });
  });
  constraints.count(
    'tags',
    tags.map(({ key }) => key ?? ''),
    50,
  );
  tags.forEach(({ key, value }, i) => {
    constraints.required(`tags.${i + 1}.member.key`, key);
    constraints.text(`tags.${i + 1}.member.key`, key, { min: 1, max: 128, pattern: TAG });
    constraints.required(`tags.${i + 1}.member.value`, value);
    constraints.text(`tags.${i + 1}.member.value`, value, { max: 256, pattern: TAG });
  });
  constraints.count('transitiveTagKeys', transitiveTagKeys, 50);
  constrainMfa(constraints, params);
  constraints.check();

  const keys = tags.map(({ key }) => key ?? '');
  checkTagKeys(keys, transitiveTagKeys);
  return {
    roleArn: roleArn ?? '',
    sessionName: sessionName ?? '',
    duration,
    externalId,
    sourceIdentity,
    tags: new Map(tags.map(({ key, value }) => [key ?? '', value ?? ''])),
    transitiveTagKeys,
    policyText,
    policy: policyText === undefined ? undefined : parsePolicy(policyText, 'session'),
    policyArns,
  };
}

// Keys aren't case-sensitive, and `aws:` is reserved (IAM user guide, "Passing session tags in AWS STS").
function checkTagKeys(keys: readonly string[], transitive: readonly string[]): void {
  const lower = new Set(keys.map((key) => key.toLowerCase()));
  if (lower.size < keys.length) {
    throw invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidValue('Tag keys beginning with aws: are reserved for system use.');
  }
  if (!transitive.every((key) => lower.has(key.toLowerCase()))) {
    throw invalidValue('The specified transitive tag key must be included in the requested tags.');
  }
}

function invalidValue(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValue', message);
}

import { AwsError } from '../errors.ts';

// STS packs a session's policies and tags into a binary format, and only returns the percentage of a limit. AWS publishes neither
// format nor limit. The emulator counts UTF-8 bytes: the policy without white space, the ARNs, and each tag's key and value with
// two bytes of framing.

/** What STS packs. */
export interface Packed {
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * The percentage of the limit that policies and tags take, rounded up.
 * @param limit bytes
 * @throws AwsError PackedPolicyTooLarge above 100
 */
export function packedPercent({ policy, policyArns, tags }: Packed, limit: number): number {
  const policies = bytes(policy?.replaceAll(/\s/g, '') ?? '') + policyArns.reduce((sum, arn) => sum + bytes(arn), 0);
  let tagged = 0;
  for (const [key, value] of tags) tagged += bytes(key) + bytes(value) + 2;
  const percent = Math.ceil(((policies + tagged) * 100) / limit);
  if (percent <= 100) return percent;
  throw new AwsError(
    400,
    'PackedPolicyTooLarge',
    policies === 0
      ? `Packed size of session tags consumes ${percent}% of allotted space.`
      : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

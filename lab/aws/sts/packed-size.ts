import { AwsError } from '../errors.ts';

// STS packs policies and tags of a session into a binary form with a limit of its own and only tells the percentage. Form
// and limit are not published; this model is the emulator's own: the policy without white space, the ARNs, and each tag's
// key and value with two bytes of framing, in UTF-8 bytes.

/** What is packed. */
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

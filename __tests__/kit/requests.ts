import { PARTITIONS } from '../../src/aws/partitions.ts';
import type { Request } from '../../src/core/request.ts';
import { workflowRun } from '../../src/github/environment.ts';
import type { RawInputs } from '../../src/inputs/names.ts';
import { type ParsedRequest, parseRequest } from '../../src/inputs/request.ts';
import { listed, rawInputs } from './raw-inputs.ts';

export const SERIAL = 'arn:aws:iam::123456789012:mfa/ci';
/** "12345678901234567890", as in the test vectors of RFC 6238, in Base32. */
export const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const ROLE = 'arn:aws:iam::123456789012:role/deploy';

/** A workflow run of which little is known. */
export const RUN = workflowRun({ GITHUB_REPOSITORY: 'octo-org/hello', GITHUB_RUN_ID: '42' });

/** A step with keys and a seed, which gets a session token by default. */
export const WITH_SEED: Partial<RawInputs> = {
  'aws-region': 'eu-central-1',
  'aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE',
  'aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'mfa-serial': SERIAL,
  'mfa-seed': SEED,
};

/** A step that goes on from an earlier one's session. */
export const CHAINED: Partial<RawInputs> = {
  'aws-region': 'eu-central-1',
  'role-chaining': 'true',
  'role-to-assume': ROLE,
};

/** 32 random bytes in base64. */
export const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';

/** A step that opens what another job sealed. */
export const OPENING: Partial<RawInputs> = {
  'aws-region': 'eu-central-1',
  'sealing-key': SEALING_KEY,
  'sealed-session': 'aws-mfa-1.a.b.c.d.e.f.g',
};

/** Reads inputs in `RUN`. */
export function parse(given: Partial<RawInputs>): Promise<ParsedRequest> {
  return parseRequest(rawInputs(given), { partitions: PARTITIONS, run: RUN });
}

/** The request that these inputs make; they have to be right. */
export async function requestOf(given: Partial<RawInputs>): Promise<Request> {
  const parsed = await parse(given);
  if (parsed.ok) return parsed.request;
  throw new Error(JSON.stringify(listed(parsed.problems)));
}

/** What is wrong with these inputs, as `listed` writes it; nothing if they are right. */
export async function problemsOf(given: Partial<RawInputs>): Promise<readonly (readonly unknown[])[]> {
  const parsed = await parse(given);
  return parsed.ok ? [] : listed(parsed.problems);
}

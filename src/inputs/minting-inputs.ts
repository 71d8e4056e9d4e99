import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** What only makes sense if a code is used. */
export const MINTING_INPUTS = [
  'aws-access-key-id',
  'aws-secret-access-key',
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

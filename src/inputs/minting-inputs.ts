import type { InputName, Problems, RawInputs } from './names.ts';

/** What only makes sense where a code is to be spent. */
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

/** Adds a problem, in these words, for each input that would spend a code where the session comes from elsewhere. */
export function refuseMintingInputs(raw: RawInputs, message: string, problems: Problems): void {
  for (const input of MINTING_INPUTS) if (raw[input] !== '') problems.add(input, message);
}

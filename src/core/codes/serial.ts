/** The serial number of an MFA device: a virtual device's ARN, or the number on a hardware token. */
export type Serial =
  | { readonly kind: 'virtual'; readonly text: string; readonly partition: string; readonly account: string }
  | { readonly kind: 'hardware'; readonly text: string };

/**
 * STS API reference, GetSessionToken, SerialNumber: 9 to 256 of these. STS also accepts colons, slashes and commas, which no hardware
 * token has. They are an ARN or a list with a mistake in it, which STS answers like a device with no attempts left, minutes later.
 */
const SERIAL = /^[\w+=.@-]{9,256}$/;
const VIRTUAL = /^arn:(aws[a-z-]{0,20}):iam::(\d{12}):mfa\/[\w+=,.@/-]{0,200}[\w+=.@-]$/;
/** 16 Base32 characters or more: not a hardware token (GAHT12345678), but what a seed looks like. */
const LOOKS_LIKE_A_SEED = /^(?:[A-Z2-7]-?){16,256}=*$/i;

/** What a string is instead of a serial number. */
export type SerialProblem = 'user-arn' | 'security-key' | 'seed' | 'not-device-arn' | 'characters';

/**
 * Reads a serial number or ARN.
 *
 * ARNs of users and of FIDO keys are common mix-ups. AWS answers them with the same words as a device with no attempts left, so they
 * are recognized here, before a call is made.
 */
export function parseSerial(text: string): Serial | { readonly problem: SerialProblem } {
  const virtual = VIRTUAL.exec(text);
  if (virtual?.[1] !== undefined && virtual[2] !== undefined)
    return { kind: 'virtual', text, partition: virtual[1], account: virtual[2] };
  const problem = problemOf(text);
  return problem === undefined ? { kind: 'hardware', text } : { problem };
}

function problemOf(text: string): SerialProblem | undefined {
  if (/^arn:[^:]{1,30}:iam::\d{0,12}:user\//.test(text)) return 'user-arn';
  if (/^arn:[^:]{1,30}:iam::\d{0,12}:u2f\//.test(text)) return 'security-key';
  if (LOOKS_LIKE_A_SEED.test(text) || /^otpauth:|[?&#]secret=/i.test(text)) return 'seed';
  if (/[:/]/.test(text)) return 'not-device-arn';
  return SERIAL.test(text) ? undefined : 'characters';
}

/** The account of a user's devices, if one of them shows it. All devices of a pool belong to one user. */
export function accountOfDevices(serials: readonly Serial[]): string | undefined {
  return serials.find((serial) => serial.kind === 'virtual')?.account;
}

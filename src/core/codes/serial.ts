/** The serial number of an MFA device: a virtual device's ARN, or the number on a hardware token. */
export type Serial =
  | { readonly kind: 'virtual'; readonly text: string; readonly partition: string; readonly account: string }
  | { readonly kind: 'hardware'; readonly text: string };

/**
 * STS API reference, GetSessionToken, SerialNumber: 9 to 256 of these. It takes colons, slashes and commas as well, which no
 * hardware token has: they are an ARN or a list with a mistake in it, and STS answers those like a spent budget, minutes later.
 */
const SERIAL = /^[\w+=.@-]{9,256}$/;
const VIRTUAL = /^arn:(aws[a-z-]{0,20}):iam::(\d{12}):mfa\/[\w+=,.@/-]{0,200}[\w+=.@-]$/;
/** 16 Base32 characters and more: nobody's hardware token (GAHT12345678), but what a seed looks like. */
const LOOKS_LIKE_A_SEED = /^(?:[A-Z2-7]-?){16,256}=*$/i;

/** What is wrong with a serial number, as the end of the sentence "mfa-serial …". Quotes the value only where it cannot be a seed. */
export interface SerialProblem {
  readonly problem: string;
}

/**
 * Reads a serial number or ARN.
 *
 * ARNs of users and of FIDO keys are the common mix-ups: AWS answers them with the same words as a spent budget, so they are
 * told apart here, before a call is made.
 */
export function parseSerial(text: string): Serial | SerialProblem {
  const virtual = VIRTUAL.exec(text);
  if (virtual?.[1] !== undefined && virtual[2] !== undefined) {
    return { kind: 'virtual', text, partition: virtual[1], account: virtual[2] };
  }
  if (/^arn:[^:]{1,30}:iam::\d{0,12}:user\//.test(text)) {
    return {
      problem:
        "is the ARN of a user; write the ARN of the user's MFA device, arn:aws:iam::ACCOUNT:mfa/NAME (IAM → Users → Security credentials)",
    };
  }
  if (/^arn:[^:]{1,30}:iam::\d{0,12}:u2f\//.test(text)) {
    return {
      problem:
        'is a FIDO security key or passkey; AWS takes those in the console only. Register a virtual MFA device (an authenticator app) for this user beside it and write its ARN',
    };
  }
  if (LOOKS_LIKE_A_SEED.test(text) || /^otpauth:|[?&#]secret=/i.test(text)) {
    return {
      problem: 'looks like a seed; the seed belongs in mfa-seed, and here the ARN arn:aws:iam::ACCOUNT:mfa/NAME',
    };
  }
  if (/[:/]/.test(text)) {
    return {
      problem:
        'is not the ARN of an MFA device; write arn:PARTITION:iam::ACCOUNT:mfa/NAME, with a 12-digit account and nothing before or after it',
    };
  }
  if (!SERIAL.test(text)) {
    return {
      problem: 'is not a serial number: 9 to 256 letters, digits and _+=.@- (or the ARN arn:aws:iam::ACCOUNT:mfa/NAME)',
    };
  }
  return { kind: 'hardware', text };
}

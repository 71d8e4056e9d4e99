import { count, quote } from '../../core/words.ts';
import type { InputName } from '../names.ts';
import type { ProblemFacts } from '../problem.ts';
import type { Wording } from './wording.ts';

// Values of one kind that can be wrong in many ways. Each string is what follows the name of the input.

const PAIR_FORM = 'Write ID:SECRET.';

/** Access keys in one value. */
export function aboutKeyPair({ reason }: ProblemFacts['key-pair']): string {
  switch (reason) {
    case 'labels':
      return `contains the names of its parts, like the JSON of \`aws iam create-access-key\`. ${PAIR_FORM}`;
    case 'quotes':
      return `contains a quotation mark. ${PAIR_FORM}`;
    case 'whitespace':
      return `contains whitespace. ${PAIR_FORM}`;
    case 'no-colon':
      return `has no colon between the access key ID and the secret. ${PAIR_FORM}`;
    case 'more-colons':
      return `has more than one colon. ${PAIR_FORM} A session token doesn't belong in it.`;
    case 'no-secret':
      return `has an access key ID, but no secret. ${PAIR_FORM}`;
    case 'no-id':
      return `has nothing before the colon. ${PAIR_FORM}`;
    case 'swapped':
      return `has an access key ID after the colon. ${PAIR_FORM}`;
    case 'id':
      return "doesn't begin with an access key ID. Those have only letters and digits, like AKIAIOSFODNN7EXAMPLE.";
    case 'secret':
      return 'has a character after the colon that no secret access key has, or is too long.';
  }
}

const DEVICE_ARN = 'arn:PARTITION:iam::ACCOUNT:mfa/NAME';

/** Serial numbers of MFA devices. */
export function aboutSerial({ reason }: ProblemFacts['serial'], { input }: Wording): string {
  switch (reason) {
    case 'user-arn':
      return `is the ARN of a user. Use the ARN of the user's MFA device, ${DEVICE_ARN} (IAM → Users → Security credentials).`;
    case 'security-key':
      return 'is a FIDO security key or a passkey, which AWS only accepts in the console. Register a virtual MFA device (an authenticator app) for this user as well, and use its ARN.';
    case 'seed':
      return `looks like a seed, which belongs in ${input('mfa-seed')}. Use the ARN of the device, ${DEVICE_ARN}.`;
    case 'not-device-arn':
      return `isn't the ARN of an MFA device. Write ${DEVICE_ARN}, with a 12-digit account and nothing before or after it.`;
    case 'characters':
      return `isn't a serial number. Use 9 to 256 letters, digits and _+=.@-, or the ARN ${DEVICE_ARN}.`;
  }
}

const WHOLE_SEED = "AWS's seeds have 64 characters. Store all of them.";
const OTHER_DEVICE =
  'so it isn\'t the seed of an AWS device. Store the secret key that AWS shows under "Show secret key" when you register a virtual MFA device.';
const UNSUPPORTED = {
  algorithm: "algorithm AWS doesn't support (only HMAC-SHA-1)",
  digits: "number of digits AWS doesn't support (only six)",
  period: "period AWS doesn't support (only 30 seconds)",
};

/** Seeds. */
export function aboutSeed(facts: ProblemFacts['seed'], { input }: Wording): string {
  switch (facts.reason) {
    case 'code':
      return `is a six-digit code, not a seed. Pass a code as ${input('mfa-code')}.`;
    case 'migration':
      return 'is an export of Google Authenticator (otpauth-migration://), which can contain the seeds of many accounts. Store the secret key that AWS showed for this device, or register a second MFA device for this user and store its secret key.';
    case 'steam':
      return `is a Steam Guard seed, ${OTHER_DEVICE}`;
    case 'hotp':
      return `is counter-based (hotp), but AWS only supports time-based devices, ${OTHER_DEVICE}`;
    case 'not-base32':
      return `isn't Base32: character ${facts.position} isn't A–Z or 2–7 (spaces and hyphens are fine). Store the secret key that AWS shows under "Show secret key", or the otpauth:// URI in its QR code.`;
    case 'impossible-length':
      return `is incomplete: Base32 never has ${count(facts.length, 'character')}. ${WHOLE_SEED}`;
    case 'impossible-end':
      return `is incomplete: Base32 never ends with its last character. ${WHOLE_SEED}`;
    case 'size':
      return `has ${facts.bits} bits, but a seed has ${facts.min} to ${facts.max}. ${WHOLE_SEED}`;
    case 'not-totp-uri':
      return "isn't an otpauth://totp/ URI. Write otpauth://totp/NAME?secret=SEED.";
    case 'unsupported':
      return `is an otpauth URI whose ${UNSUPPORTED[facts.parameter]}, ${OTHER_DEVICE}`;
    case 'no-secret':
      return 'is an otpauth URI without secret=.';
    case 'several-secrets':
      return 'is an otpauth URI with more than one secret=.';
  }
}

const KEY_FORM = 'at least 32 random bytes in base64 or hex, such as the output of `openssl rand -base64 32`';

/** Keys that seal sessions. */
export function aboutSealingKey(facts: ProblemFacts['sealing-key'], { emptySecret = '' }: Wording): string {
  switch (facts.reason) {
    case 'empty':
      return `is empty. Store ${KEY_FORM}, as a secret. ${emptySecret}`.trim();
    case 'encoding':
      return `is neither base64 nor hex. Use ${KEY_FORM}.`;
    case 'short':
      return `has only ${count(facts.bytes, 'byte')}. Use ${KEY_FORM}.`;
    case 'not-random':
      return `isn't random. Use ${KEY_FORM}.`;
    case 'encoded-twice':
      return `is ${facts.inner} that was encoded again in ${facts.outer}. Pass the ${facts.inner} as \`openssl rand -${facts.inner} 32\` prints it.`;
  }
}

const TAG_CHARACTERS = 'Only letters, digits, spaces and _.:/=+-@ are allowed.';

/** Session tags. */
export function aboutTag(facts: ProblemFacts['tag'], { terms }: Wording): string {
  const key = quote(facts.key);
  switch (facts.reason) {
    case 'key-length':
      return `has a key of ${count(facts.length, 'character')}, ${key}, but STS accepts 1 to ${facts.max}.`;
    case 'key-characters':
      return `has key ${key}. ${TAG_CHARACTERS}`;
    case 'key-of-aws':
      return `has key ${key}, but keys that begin with aws: are reserved for AWS.`;
    case 'key-taken':
      return facts.by === facts.key
        ? `has key ${key}, which this ${terms.tool} sets itself. Choose another key.`
        : `has key ${key}, which STS considers the same as ${quote(facts.by)}. Choose another key.`;
    case 'value-type':
      return `has a value for ${key} that isn't a string, a number or a boolean.`;
    case 'value-length':
      return `has a value of ${facts.length} characters for ${key}, but STS accepts at most ${facts.max}.`;
    case 'value-characters':
      return `has an invalid character in the value for ${key}. ${TAG_CHARACTERS}`;
  }
}

// Inputs that go together or don't. Each string is what follows the name of the input.

/** An input that only applies with another one. */
export function onlyWith({ any }: ProblemFacts['only-with'], words: Wording, input: InputName): string {
  return `only applies with ${list(any.filter(words.has), 'or', words.input)}.${ONLY_WITH[input]?.(words) ?? ''}`;
}

/** What else there is to say about an input that only applies with another one. */
const ONLY_WITH: Partial<Record<InputName, (words: Wording) => string>> = {
  'role-duration-seconds': ({ input }) => ` For a session token, use ${input('session-duration-seconds')}.`,
  'mfa-session-first': ({ terms }) => ` Without a role, the ${terms.use} gets a session token anyway.`,
  'special-characters-workaround': () => ' Otherwise, every attempt would use up a code.',
};

/** Two inputs that contradict each other. */
export function conflict({ with: other }: ProblemFacts['conflict'], words: Wording, input: InputName): string {
  const isSwitch = other === 'role-chaining' || other === 'renew';
  const start = `can't be combined with ${isSwitch ? words.setting(other, 'true') : words.input(other)}`;
  switch (other) {
    case 'roles':
      return input === 'role-to-assume'
        ? `${start}. Make it a line of ${words.input(other)}; other lines can start from it with source_profile=….`
        : `${start}: it isn't clear which of the roles should reach the buckets. Check them in a later step with aws --profile.`;
    case 'role-chaining':
      return `${start}, which uses the session in the environment and sends no code. Remove one of them.`;
    case 'sealed-session':
      return input === 'role-chaining' || input === 'use-existing-credentials'
        ? `${start}: one uses the session in the environment, the other brings its own. Remove one of them.`
        : `${start}, which needs no code. Remove it, or set ${words.setting('sealed-session-fallback', 'true')} to get a new session if the sealed one can't be used.`;
    case 'role-to-assume':
      return `only applies to session tokens. For a role, use ${words.input('role-duration-seconds')}, or set ${words.setting('mfa-session-first', 'true')}.`;
    case 'renew':
      return `${start}: nothing renews credentials that were handed out, and tools would use them instead of the profiles. Remove one of them.`;
    case 'mfa-code':
      return `${start}: it divides the codes of a seed among jobs, and there is only one code.`;
    case 'mfa-devices':
      return `${start}, which has its own serials. Remove it.`;
    case 'aws-access-key':
      return `${start}, which has both the ID and the secret. Remove it.`;
    default:
      return `${start}. Remove one of them.`;
  }
}

/** "a", "a and b", "a, b and c". */
export function list<Item extends string>(
  items: readonly Item[],
  conjunction: 'and' | 'or',
  named: (item: Item) => string = (item) => item,
): string {
  const last = items.slice(-1).map(named).join('');
  return items.length < 2 ? last : `${items.slice(0, -1).map(named).join(', ')} ${conjunction} ${last}`;
}

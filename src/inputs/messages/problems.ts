import { count, quote } from '../../core/words.ts';
import type { InputName } from '../names.ts';
import type { Place, Problem, ProblemFacts, ProblemKind } from '../problem.ts';
import {
  aboutKeyPair,
  aboutSealingKey,
  aboutSeed,
  aboutSerial,
  aboutTag,
  conflict,
  list,
  onlyWith,
} from './problem-values.ts';
import type { Wording } from './wording.ts';

/** The rest of a sentence (or more than one) that begins with the name of the input. */
type Predicates = {
  readonly [Kind in ProblemKind]: (facts: ProblemFacts[Kind], words: Wording, input: InputName) => string;
};

/** A problem as a sentence that begins with its input. */
export function explainProblem<Kind extends ProblemKind>(
  { input, kind, facts, place }: Problem<Kind>,
  words: Wording,
): string {
  const predicate: Predicates[Kind] = PREDICATES[kind];
  return `${words.input(input)}${place === undefined ? '' : inWords(place)} ${predicate(facts, words, input)}`;
}

function inWords({ line, part }: Place): string {
  const subject = part === undefined ? '' : ` ${PARTS[part] ?? part}`;
  return `, line ${line}:${subject}`;
}

/** Parts of lines that have no name of their own. */
const PARTS: Readonly<Record<string, string>> = {
  serial: 'the serial',
  seed: 'the seed',
  role: 'the role',
  profile: 'the profile name',
};

const DEVICE_FORM = '"SERIAL SEED"';
const ROLE_FORM = '"PROFILE = ROLE [key=value …]", with the ARN or the name of the role';
const ENDPOINT_FORM = 'Write https://HOST or https://HOST:PORT.';
const PROXY_FORM =
  'Write http://HOST:PORT or https://HOST:PORT. Percent-encode special characters in the password: # is %23, / is %2F, ? is %3F, @ is %40.';

/** What makes a role one that is assumed with a session. */
const FROM_A_SESSION = ['mfa-session-first', 'role-chaining', 'sealed-session', 'roles'] as const;

const PREDICATES: Predicates = {
  'not-boolean': ({ value }) => `must be true or false, not ${quote(value)}.`,
  'not-integer': ({ value, min, max, unit }) =>
    `must be a whole number of ${unit} from ${min} to ${max}, not ${quote(value)}.`,
  'not-choice': ({ value, choices }) => `must be ${choices.join(' or ')}, not ${quote(value)}.`,
  'not-json': ({ position }) => `isn't valid JSON${position === undefined ? '' : `: the error is ${position}`}.`,
  'not-object': () => 'must be a JSON object: { … }.',
  'list-empty': (_, words, input) => EMPTY_LISTS[input]?.(words) ?? 'is empty.',
  'too-many': ({ count: number, max }, _, input) =>
    TOO_MANY[input]?.(number, max) ?? `has ${number} items, not ${max}.`,

  conflict,
  'one-of': ({ others, all }, { input }) =>
    `can't be combined with ${list(others.map(input), 'and')}. Set only one of ${list(all.map(input), 'and')}.`,
  'only-with': onlyWith,
  'empty-secret': ({ given }, { input, emptySecret }) =>
    sentences(`is empty, but ${input(given)} is set.`, emptySecret),
  'no-code': (_, { input, example, emptySecret }) =>
    sentences(
      `is empty, and so are ${input('mfa-code')} and ${input('mfa-devices')}, so there is no code. Store the device's seed as a secret and pass it: ${example('mfa-seed')}.`,
      emptySecret,
    ),
  partition: ({ partition, expected, arn }, { input }) =>
    `${arn === undefined ? 'is' : `has ${arn}, which is`} in partition ${partition}, but ${input('aws-region')} is in ${expected}. Both must be in the same partition.`,

  region: (facts, { example }) =>
    facts.reason === 'missing'
      ? `is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set. Example: ${example('aws-region')}.`
      : `is ${quote(facts.value)}, which isn't a region of any AWS partition. Examples: eu-central-1, us-gov-west-1, cn-north-1.`,
  key: ({ reason }, { setting }, input) => {
    switch (reason) {
      case 'swapped':
        return 'is an access key ID. The two inputs are swapped, or have the same value.';
      case 'temporary':
        return `is a temporary key (ASIA…), but MFA needs the long-term key of an IAM user (AKIA…). To assume a role with the session in the environment, set ${setting('role-chaining', 'true')} and remove the keys.`;
      case 'malformed':
        return input === 'aws-access-key-id'
          ? "isn't an access key ID. Those have only letters and digits, like AKIAIOSFODNN7EXAMPLE."
          : "isn't a secret access key: it contains whitespace or a character that no key has.";
    }
  },
  'key-pair': aboutKeyPair,
  serial: aboutSerial,
  seed: aboutSeed,
  code: () => 'must be six digits: one code, as the device shows it.',
  slot: ({ value, max }, { example }) =>
    `must be I/N, with I from 0 to N−1 and N up to ${max}, not ${quote(value)}. Example: ${example('mfa-slot')}.`,
  device: ({ reason }) => {
    switch (reason) {
      case 'no-seed':
        return `must be ${DEVICE_FORM}, but has no seed.`;
      case 'seed-first':
        return `must be ${DEVICE_FORM}, but has the seed first.`;
      case 'twice':
        return 'repeats a device. List each device once.';
    }
  },

  role: ({ value }) => `must be arn:PARTITION:iam::ACCOUNT:role/NAME or the name of a role, not ${quote(value)}.`,
  characters: ({ length, max, punctuation }) =>
    `must be 2 to ${max} letters, digits and ${punctuation}. It ${length < 2 || length > max ? `has ${count(length, 'character')}` : 'contains a character that is not allowed'}.`,
  'duration-over-cap': ({ seconds, cap }, { input, has }) =>
    `is ${seconds}, but a role assumed with a session (${list(FROM_A_SESSION.filter(has), 'or', input)}) lasts at most ${cap} seconds. For longer, assume it directly with the code.`,
  'no-statement': () => 'has no "Statement". Write an IAM policy document.',
  'policy-too-long': ({ length, max }) =>
    `has ${length} characters without whitespace, but STS accepts at most ${max}. Use a managed policy instead.`,
  'policy-arn': ({ value }) =>
    `has ${quote(value)}, which isn't the ARN of a policy. Write arn:PARTITION:iam::ACCOUNT:policy/NAME, one per line.`,
  tag: aboutTag,
  'tag-count': ({ count: number, ofRun, max }) =>
    `makes ${number} session tags together with the ${ofRun} of this run, but STS accepts at most ${max}.`,

  'role-line': ({ value }) => `must be ${ROLE_FORM}, not ${quote(value)}.`,
  'role-setting': ({ value, settings }) =>
    `has ${quote(value)} after the role. Allowed are ${list(settings, 'and')}, each as key=value without spaces.`,
  'role-setting-twice': () => 'is set twice.',
  'role-region': ({ value }, { input }) => `must be in the partition of ${input('aws-region')}, not ${quote(value)}.`,
  'role-duration': ({ value, min, max }) =>
    `must be ${min} to ${max}, not ${quote(value)}. A role assumed with a session lasts at most an hour.`,
  'profile-name': ({ value }) =>
    `can't be ${quote(value)}. Use up to 128 letters, digits and _@+.%:-, but not DEFAULT, __proto__ or constructor.`,
  'profile-twice': ({ value }) => `has profile ${quote(value)} twice. Give each role its own profile.`,
  'profile-of-roles': (_, { input }) =>
    `is also a profile in ${input('roles')}. Give the session another profile, or none.`,
  'profile-of-session': ({ value }, { input }) =>
    `has profile ${quote(value)}, which is the name of the session's own profile. Rename it, or name the session's profile with ${input('aws-profile')}.`,
  'role-as-name': ({ value }) =>
    `is empty, and the role's name ${quote(value)} can't be the name of a profile. Choose one.`,
  'not-in-profile': (_, { setting }) =>
    `can't be combined with ${setting('renew', 'true')}: a profile can't express it, so tools would renew the role without it.`,
  'source-unknown': ({ profile, source }) =>
    `gives profile ${profile} source_profile=${source}, but no profile ${quote(source)} is defined.`,
  'source-cycle': ({ profiles: [first = '', ...others] }) =>
    `has a source_profile cycle: ${first} → ${others
      .map((name) => `${name} → `)
      .slice(0, 8)
      .join('')}${others.length > 8 ? '… → ' : ''}${first}. One of these profiles must start from the session.`,

  'sealing-key': aboutSealingKey,
  'sealing-unclear': (_, { input, setting }) =>
    `is empty, but ${input('sealing-key')} is set, and so are inputs for a new session. To seal the new session, set ${setting('seal-session', 'true')}. To open a sealed one, pass it and remove the other inputs. To open it if possible, set ${setting('sealed-session-fallback', 'true')}.`,
  'run-unknown': () =>
    'needs a repository and a run to bind the session to, but GITHUB_REPOSITORY or GITHUB_RUN_ID is not set. Run this as a step of a workflow.',

  'account-id': ({ value }) =>
    `has ${quote(value)}, but an account ID has 12 digits. Quote it in YAML to keep a leading 0.`,
  'account-not-allowed': ({ account, role, because }, { input }) =>
    `${role === undefined ? 'is' : `has role ${role}, which is`} in account ${account}${because === 'role-name' ? ' (the account of the device)' : ''}, but ${input('allowed-account-ids')} doesn't allow that account.${because === 'fallback' ? ` ${input('sealed-session-fallback')} would use it.` : ''}`,
  bucket: ({ value }) => `has ${quote(value)}. Write BUCKET or BUCKET/PREFIX, one per line.`,
  'prefix-too-long': ({ bucket, length, max }) =>
    `has a prefix of ${length} characters for bucket ${quote(bucket)}, but an S3 key has at most ${max}.`,

  endpoint: (facts) => {
    switch (facts.reason) {
      case 'credentials':
        return 'contains a user name or a password. An endpoint has neither: every request is signed.';
      case 'not-url':
        return `isn't a URL. ${ENDPOINT_FORM}`;
      case 'query':
        return `contains a ? or #. ${ENDPOINT_FORM}`;
      case 'plain-http':
        return `is ${quote(facts.origin)}, but plain http is only allowed to this machine (localhost, 127.0.0.1, [::1]): anyone on the network could read the credentials. Use https://.`;
    }
  },
  'endpoint-missing': ({ region }) =>
    `is missing: ${quote(region)} isn't an AWS region, so every service needs an endpoint.`,
  proxy: ({ reason }) =>
    `${reason === 'socks' ? 'is a SOCKS proxy, which is not supported' : "isn't the URL of an http or https proxy"}. ${PROXY_FORM}`,

  unreadable: () => "can't be used together with the other inputs.",
};

/** What becomes of a list that is given and has nothing in it. */
const EMPTY_LISTS: Partial<Record<InputName, (words: Wording) => string>> = {
  'allowed-account-ids': () => 'has no account ID, so it would allow every account. Add one, or remove the input.',
  'managed-session-policies': () => 'has no ARN, so it would restrict nothing. Add one, or remove the input.',
  'mfa-devices': () => `has no device. Write ${DEVICE_FORM}, one device per line.`,
  roles: () => `has no role. Write ${ROLE_FORM}, one per line.`,
};

const TOO_MANY: Partial<Record<InputName, (number: number, max: number) => string>> = {
  'managed-session-policies': (number, max) => `has ${number} ARNs, but STS accepts at most ${max}.`,
  'mfa-devices': (number, max) => `has ${number} devices, but a user can have at most ${max}.`,
  roles: (number, max) =>
    `has ${number} roles, but one step can assume at most ${max}. Move the others to a second step.`,
};

function sentences(...all: readonly (string | undefined)[]): string {
  return all.filter((sentence) => sentence !== undefined).join(' ');
}

/** What a flag of the command means: the description in action.yml, in the words of a command line. */
import { INPUT_NAMES, type InputName } from '../src/inputs/names.ts';
import { FLAGS } from '../src/shell/flags.ts';
import { WORDING } from '../src/shell/wording.ts';

/** The part of action.yml that describes the inputs. */
export interface DescribedInputs {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>;
}

/** What means something else outside of a workflow, or mentions inputs that have no flag. */
const OTHERS: Partial<Readonly<Record<InputName, string>>> = {
  'aws-access-key-id':
    "The access key ID of an IAM user (AKIA…). Never passed on. Defaults to what the SDK's default credential chain finds.",
  'aws-secret-access-key': 'The secret access key for `aws-access-key-id`. Never passed on.',
  'aws-access-key':
    'The access key ID and the secret access key in one value, ID:SECRET, instead of the two above. Never passed on. The variable is ignored if it has only an ID, as older tools set it.',
  'mfa-slot':
    "This job's share of the codes, `I/N` with I from 0 to N-1, so that parallel jobs on several machines never use the same code.",
  'session-duration-seconds':
    'How long the session token is valid, in seconds, from 900 to 129600. Default: 3600. Without `role-to-assume`, or with `mfa-session-first`.',
  'role-to-assume':
    'The role to assume: an ARN, or a name in the account of the device or the caller. Without it, you get a session token.',
  'role-duration-seconds':
    "How long the role session is valid, in seconds: from 900 to the role's own maximum, which is at most 43200. With `mfa-session-first` or `role-chaining`, at most 3600. Default: 3600.",
  'role-session-name':
    'The name of the role session. Defaults to the name of the CI and the ID of the run, or to your user name.',
  'role-skip-session-tagging':
    "Don't tag the role session: neither with what the CI says about the run, nor with `custom-tags`. Default: false.",
  'role-chaining':
    'Assume the role with the session in the environment. Needs no code; lasts at most an hour. Default: false.',
  'sealed-session':
    '`open`: the session that `seal` printed. It replaces key, device and code. `role-to-assume` is assumed with it.',
  'sealed-session-fallback': "`open`: get a new session with the seed if the sealed one can't be used. Default: false.",
  'sealing-key':
    '`seal` and `open`: the secret that seals and opens sessions, at least 32 random bytes in base64 or hex, such as the output of `openssl rand -base64 32`.',
  'allowed-account-ids': 'Account IDs, comma-separated. Credentials of any other account are refused.',
  'minimum-remaining-seconds': 'How long an existing session must still be valid to be used, in seconds. Default: 300.',
  'action-timeout-s': 'A time limit for getting the credentials, in seconds. Default: 0, no limit.',
  'special-characters-workaround':
    'Repeat the request until the secret access key has no special characters. Only works if a repeat costs no code: with `mfa-session-first` or `role-chaining`. Default: false.',
};

/** The meaning of a flag as Markdown. Throws if it mentions an input that has no flag. */
export function flagDescription(name: InputName, { inputs }: DescribedInputs): string {
  const description = OTHERS[name] ?? inputs[name]?.description ?? '';
  return description.replace(/`([^`]*)`/g, (quoted, code: string) => {
    const input = INPUT_NAMES.find((each) => each === code);
    if (input === undefined) return quoted;
    if (FLAGS.includes(name) && !FLAGS.includes(input))
      throw new Error(
        `--${name} is described with ${input}, which has no flag: describe it in ${import.meta.filename}`,
      );
    return `\`${WORDING.input(input)}\``;
  });
}

const HEADER = `// Made from action.yml by \`npm run docs\`.
import type { InputName } from '../inputs/names.ts';

/** What --help says of each input. */
export const DESCRIPTIONS: Readonly<Record<InputName, string>> = {
`;

/** The text of src/shell/descriptions.ts, as the formatter would write it. Backticks mean nothing in a terminal. */
export function flagDescriptions(described: DescribedInputs): string {
  const lines = INPUT_NAMES.map((name) => entry(name, flagDescription(name, described).replaceAll('`', '')));
  return `${HEADER}${lines.join('')}};\n`;
}

const WIDTH = 120;

function entry(name: InputName, text: string): string {
  const key = /^\w+$/.test(name) ? name : `'${name}'`;
  const value = text.includes("'") ? JSON.stringify(text) : `'${text}'`;
  const line = `  ${key}: ${value},`;
  return line.length <= WIDTH ? `${line}\n` : `  ${key}:\n    ${value},\n`;
}

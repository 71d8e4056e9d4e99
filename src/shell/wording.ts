import type { Wording } from '../inputs/messages/wording.ts';
import type { InputName } from '../inputs/names.ts';
import { FLAGS, isInFile } from './flags.ts';

const EXAMPLES: Readonly<Record<Parameters<Wording['example']>[0], string>> = {
  'aws-region': '--aws-region eu-central-1',
  'mfa-seed': '--mfa-seed-file FILE, or MFA_SEED',
  'mfa-slot': '--mfa-slot 1/4',
};

/** What the command has instead of some inputs. */
const COMMANDS: Partial<Readonly<Record<InputName, string>>> = {
  'seal-session': '`aws-mfa-credentials seal`',
  'sealed-session-scope': '--scope',
};

/** How the messages speak of inputs on a command line. A secret is never a flag, but the name of a file that holds it. */
export const WORDING: Wording = {
  input: (name) => COMMANDS[name] ?? (isInFile(name) ? `--${name}-file` : `--${name}`),
  has: (name) => FLAGS.includes(name),
  setting: (name, value) => (value === 'true' ? `--${name}` : `--${name} ${value}`),
  example: (name) => EXAMPLES[name],
  emptySecret: undefined,
  terms: {
    tool: 'command',
    use: 'command',
    job: 'command',
    sender: 'machine',
    host: 'machine',
    run: 'run',
    place: 'scope',
  },
  remedies: {
    'session-not-found':
      'Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE to a profile with a session. What exec runs has them.',
    'sealed-session-empty': 'Pass what `aws-mfa-credentials seal` printed.',
    'sealed-session-elsewhere':
      'Pass the same --scope to seal and to open. Without it, a session only opens in the run of the repository that sealed it, and in its own AWS partition.',
    'timed-out': 'Raise --action-timeout-s.',
    cancelled: 'Nothing to do: nothing was passed on.',
    unexpected: 'This is a bug. Please open an issue, without secrets, and say what you ran.',
  },
};

import type { Wording } from '../inputs/messages/wording.ts';
import { isInFile } from './flags.ts';

const EXAMPLES: Readonly<Record<Parameters<Wording['example']>[0], string>> = {
  'aws-region': '--aws-region eu-central-1',
  'mfa-seed': '--mfa-seed-file FILE, or MFA_SEED',
  'mfa-slot': '--mfa-slot 1/4',
};

/** How the messages speak of inputs on a command line. A secret is never a flag, but the name of a file that holds it. */
export const WORDING: Wording = {
  input: (name) => (isInFile(name) ? `--${name}-file` : `--${name}`),
  setting: (name, value) => (value === 'true' ? `--${name}` : `--${name} ${value}`),
  example: (name) => EXAMPLES[name],
  emptySecret: undefined,
  remedies: {
    unexpected: 'This is a bug. Please open an issue, without secrets, and say what you ran.',
  },
};

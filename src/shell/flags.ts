import { type Command, type CommanderError, Option } from 'commander';
import { variablesFor } from '../inputs/fallbacks.ts';
import { INPUT_NAMES, INPUTS, type InputName } from '../inputs/names.ts';
import { DESCRIPTIONS } from './descriptions.ts';

// The command line: a flag for each input that makes sense outside of a workflow.

/** Inputs that only mean something to the steps of a workflow. */
const OF_WORKFLOWS: readonly InputName[] = [
  'roles',
  'renew',
  'output-env-credentials',
  'output-credentials',
  'aws-profile',
  'overwrite-aws-profile',
  'profiles-location',
  'unset-current-credentials',
  'mask-aws-account-id',
  // seal, open and --scope say it.
  'seal-session',
  'sealed-session-scope',
  'summary',
];

/** Inputs that only some commands have flags for. */
const OF_SEALING = {
  seal: ['sealing-key'],
  open: ['sealing-key', 'sealed-session', 'sealed-session-fallback'],
} as const satisfies Readonly<Record<string, readonly InputName[]>>;

/** Those of commands that change IAM: how AWS is reached, and a code of one's own device. */
const OF_SETUP: readonly InputName[] = [
  'aws-region',
  'mfa-serial',
  'mfa-code',
  'retry-max-attempts',
  'disable-retry',
  'action-timeout-s',
  'http-proxy',
  'no-proxy',
  'sts-endpoint',
  'iam-endpoint',
];

/** Those of a rotation: the same, with what is rotated. The four separate values are read so that they can be refused. */
const OF_ROTATION: readonly InputName[] = [
  ...OF_SETUP.filter((name) => name !== 'mfa-code'),
  'aws-access-key',
  'mfa-devices',
  'mfa-seed',
];

/** What a command is for: which flags it has. */
export type Purpose = 'obtain' | 'setup' | 'rotate' | keyof typeof OF_SEALING;

/** The inputs that any command has flags for. */
export const FLAGS: readonly InputName[] = INPUT_NAMES.filter((name) => !OF_WORKFLOWS.includes(name));

/** The inputs that a command has flags for, and whose variables it reads. */
export function flagsFor(purpose: Purpose): readonly InputName[] {
  if (purpose === 'setup') return OF_SETUP;
  if (purpose === 'rotate') return OF_ROTATION;
  const own: readonly InputName[] = purpose === 'obtain' ? [] : OF_SEALING[purpose];
  const others = Object.values(OF_SEALING).flat();
  return FLAGS.filter((name) => own.includes(name) || !others.some((other) => other === name));
}

/** Whether an input comes from a file, because other users of the machine see arguments in the list of processes. */
export function isInFile(name: InputName): boolean {
  return INPUTS[name].kind === 'secret' || name === 'sealed-session';
}

/** The variables that are read, in this order, if a flag isn't given. Of these, only a command reads AWS_ACCESS_KEY. */
export function flagVariables(name: InputName): readonly string[] {
  return name === 'aws-access-key' ? ['AWS_ACCESS_KEY'] : variablesFor(name);
}

/** What was given on the command line: values by input, files by input. Secrets are never among the values. */
export interface GivenFlags {
  readonly values: Partial<Readonly<Record<InputName, string>>>;
  readonly files: Partial<Readonly<Record<InputName, string>>>;
  /** Secrets that were given as a flag, which isn't accepted. */
  readonly exposed: readonly InputName[];
}

/** What flags mean to those who set up themselves. */
const SETUP_DESCRIPTIONS: Partial<Readonly<Record<InputName, string>>> = {
  'mfa-serial':
    'With --self: your own device. Defaults to your only usable device, which takes iam:ListMFADevices to find.',
  'mfa-code': 'With --self: a code of your own device, instead of asking for it.',
};

/** Adds a flag for each input. */
export function addInputs(command: Command, purpose: Purpose = 'obtain'): Command {
  for (const name of flagsFor(purpose)) {
    const { kind } = INPUTS[name];
    const description = (purpose === 'setup' && SETUP_DESCRIPTIONS[name]) || DESCRIPTIONS[name];
    if (isInFile(name)) {
      // It is known so that it can be refused without being repeated.
      command.addOption(new Option(`--${name} [value]`).hideHelp());
      command.option(`--${name}-file <path>`, `${description} The file that contains it, or - for standard input.`);
    } else {
      const value = kind === 'boolean' ? '[true|false]' : kind === 'integer' ? '<number>' : '<value>';
      command.option(`--${name} ${value}`, description);
    }
  }
  return command;
}

/** What was given of these flags, from what commander made of it. A command may have options of its own with the name of another flag. */
export function givenFlags(
  options: Readonly<Record<string, unknown>>,
  names: readonly InputName[] = FLAGS,
): GivenFlags {
  const values: Partial<Record<InputName, string>> = {};
  const files: Partial<Record<InputName, string>> = {};
  const exposed: InputName[] = [];
  for (const name of names) {
    const value = options[attributeOf(name)];
    const file = options[attributeOf(`${name}-file`)];
    if (typeof file === 'string') files[name] = file;
    if (value === undefined) continue;
    if (isInFile(name)) exposed.push(name);
    else values[name] = String(value);
  }
  return { values, files, exposed };
}

function attributeOf(flag: string): string {
  return flag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A flag as somebody may have misspelt it. A longer word may be a secret that is glued to a flag. */
const PLAIN_FLAG = /^--[a-z]{1,12}(?:-[a-z]{1,12})*(?==|$)/;

/** What is wrong with a command line, without anything from it that may be a secret. */
export function complaintOf({ code, message }: CommanderError): string {
  const [, text = '', given = '', hint = ''] = /^error: (.*?)(?: '(.*)')?(?:\n(\(.*\)))?$/s.exec(message) ?? [];
  switch (code) {
    case 'commander.help':
      return 'no command was given, or none of that name exists';
    case 'commander.missingArgument':
    case 'commander.optionMissingArgument':
      return message.replace(/^error: /, '');
    case 'commander.unknownOption':
      return [text, ...(PLAIN_FLAG.exec(given) ?? []), hint].filter((part) => part !== '').join(' ');
    case 'commander.unknownCommand':
      return [text, hint].filter((part) => part !== '').join(' ');
    case 'commander.excessArguments':
      return 'too many arguments';
    default:
      return 'the command line is invalid';
  }
}

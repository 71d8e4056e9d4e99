import { type Command, type CommanderError, Option } from 'commander';
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
  'seal-session',
  'sealed-session',
  'sealed-session-scope',
  'sealed-session-fallback',
  'sealing-key',
  'summary',
];

/** The inputs that the command has flags for. */
export const FLAGS: readonly InputName[] = INPUT_NAMES.filter((name) => !OF_WORKFLOWS.includes(name));

/** Whether an input may hold a secret, which other users of the machine would see in the list of processes. */
export function isSecret(name: InputName): boolean {
  return INPUTS[name].kind === 'secret';
}

/** What was given on the command line: values by input, files by input. Secrets are never among the values. */
export interface GivenFlags {
  readonly values: Partial<Readonly<Record<InputName, string>>>;
  readonly files: Partial<Readonly<Record<InputName, string>>>;
  /** Secrets that were given as a flag, which isn't accepted. */
  readonly exposed: readonly InputName[];
}

/** Adds a flag for each input. */
export function addInputs(command: Command): Command {
  for (const name of FLAGS) {
    const { kind } = INPUTS[name];
    if (kind === 'secret') {
      // It is known so that it can be refused without being repeated.
      command.addOption(new Option(`--${name} [value]`).hideHelp());
      command.option(
        `--${name}-file <path>`,
        `${DESCRIPTIONS[name]} The file that contains it, or - for standard input.`,
      );
    } else {
      const value = kind === 'boolean' ? '[true|false]' : kind === 'integer' ? '<number>' : '<value>';
      command.option(`--${name} ${value}`, DESCRIPTIONS[name]);
    }
  }
  return command;
}

/** What was given, from what commander made of it. */
export function givenFlags(options: Readonly<Record<string, unknown>>): GivenFlags {
  const values: Partial<Record<InputName, string>> = {};
  const files: Partial<Record<InputName, string>> = {};
  const exposed: InputName[] = [];
  for (const name of FLAGS) {
    const value = options[attributeOf(name)];
    const file = options[attributeOf(`${name}-file`)];
    if (typeof file === 'string') files[name] = file;
    if (value === undefined) continue;
    if (isSecret(name)) exposed.push(name);
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

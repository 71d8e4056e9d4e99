import { Command, CommanderError, Help, type HelpConfiguration } from 'commander';
import { addInputs as addFlags, complaintOf, type Purpose } from './flags.ts';
import { namesOfFormats } from './formats.ts';
import {
  addEnrollOptions,
  addRevokeOptions,
  addRotationOptions,
  addStores,
  addUnenrollOptions,
  SETUP_HELP_AFTER,
} from './setup/command-line.ts';
import { UsageError } from './values.ts';

// The commands and their own options.

/** What the command line asks for. */
export type Asked =
  | {
      readonly kind: 'exec';
      readonly from: 'a code' | 'a sealed session';
      readonly command: readonly [string, ...string[]];
      readonly options: Options;
    }
  | { readonly kind: 'seal' | 'enroll' | 'unenroll' | 'revoke' | 'rotate'; readonly options: Options }
  | { readonly kind: 'credential-process'; readonly options: Options }
  | { readonly kind: 'env'; readonly options: Options }
  | { readonly kind: 'whoami' | 'check'; readonly options: Options }
  | { readonly kind: 'cache-clear' }
  /** Help or the version, which have been printed. */
  | { readonly kind: 'nothing' };

/** Options as commander read them. */
export type Options = Readonly<Record<string, unknown>>;

const SCOPE =
  'What the sealed session is bound to: it only opens with the same text. Defaults to this run of this repository, if the CI is known.';

const HELP_AFTER = `
Every flag can also be set as a variable of the same name: MFA_SERIAL for
--mfa-serial. Secrets are never flags: use their variable, or a file.

Exit codes of exec: that of the command; 128 + n after signal n; 127 if the
command doesn't exist, 126 if it can't be run, 125 if there are no credentials.`;

const ENROLL = 'Make a user, an MFA device and a key for a pipeline, try them, and store them as its secrets.';

/** The width of the terms next to which descriptions have room. */
const NARROW = 30;

/** Help for 80 columns: if the flags are long, their descriptions are below them. */
const HELP: HelpConfiguration = {
  helpWidth: 80,
  formatItem: (term, width, description, helper) =>
    width <= NARROW
      ? Help.prototype.formatItem.call(helper, term, width, description, helper)
      : `  ${term}\n${helper.boxWrap(description, 74).replace(/^/gm, '      ')}`,
};

/** Reads the command line. Throws a \`UsageError\` that repeats no value. */
export function readCommandLine(argv: readonly string[], version: string): Asked {
  const asked: { value: Asked } = { value: { kind: 'nothing' } };
  const program = new Command('aws-mfa-credentials')
    .description('Temporary AWS credentials with MFA, from a stored TOTP seed.')
    .version(version)
    .configureHelp(HELP)
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    // What follows the command of exec belongs to that command.
    .enablePositionalOptions();
  const add = (name: string, description: string, after = HELP_AFTER): Command =>
    program.command(name).description(description).addHelpText('after', after);
  // Adding forty flags takes a while, and only the command that is named needs them.
  const ifNamed = (command: Command, addTo: (command: Command) => Command): Command =>
    argv.includes(command.name()) ? addTo(command) : command;
  const addInputs = (command: Command, purpose?: Purpose): Command =>
    ifNamed(command, (named) => addFlags(named, purpose));
  addInputs(add('exec', 'Run a command with the credentials in its environment.'))
    .option('--serve', 'Serve the credentials on 127.0.0.1 and renew them as long as the command runs.')
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action((command: readonly string[], options: Options) => {
      const [first, ...rest] = command;
      if (first !== undefined) asked.value = { kind: 'exec', from: 'a code', command: [first, ...rest], options };
    });
  addInputs(
    add('credential-process', 'Print credentials for credential_process in ~/.aws/config, from a cache of sessions.'),
  ).action((options: Options) => {
    asked.value = { kind: 'credential-process', options };
  });
  addInputs(add('env', 'Print the credentials for a shell, or write them to a file.'))
    .option('--format <name>', `${namesOfFormats().join(', ')} (default: sh)`)
    .option('--output <file>', 'Write to a new file that only you can read.')
    .option('--insecure-print', 'Print although nothing hides the credentials in a log.')
    .action((options: Options) => {
      asked.value = { kind: 'env', options };
    });
  addInputs(add('whoami', 'Get credentials, and say whose they are, with which device and for how long.')).action(
    (options: Options) => {
      asked.value = { kind: 'whoami', options };
    },
  );
  addInputs(
    add('check', 'Get credentials, and check what they can access (--list-buckets, --expected-buckets).'),
  ).action((options: Options) => {
    asked.value = { kind: 'check', options };
  });
  addInputs(add('seal', 'Get credentials, and print them as a sealed session for other jobs.'), 'seal')
    .option('--scope <text>', SCOPE)
    .option('--output <file>', 'Write to a new file that only you can read.')
    .action((options: Options) => {
      asked.value = { kind: 'seal', options };
    });
  addInputs(add('open', 'Run a command with the credentials from a sealed session.'), 'open')
    .option('--scope <text>', SCOPE)
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action((command: readonly string[], options: Options) => {
      const [first, ...rest] = command;
      if (first !== undefined)
        asked.value = { kind: 'exec', from: 'a sealed session', command: [first, ...rest], options };
    });
  addInputs(ifNamed(add('enroll', ENROLL, SETUP_HELP_AFTER), addEnrollOptions), 'setup').action((options: Options) => {
    asked.value = { kind: 'enroll', options };
  });
  const unenroll = add('unenroll', 'Remove what enroll has made and stored.', SETUP_HELP_AFTER);
  addInputs(ifNamed(unenroll, addUnenrollOptions), 'setup').action((options: Options) => {
    asked.value = { kind: 'unenroll', options };
  });
  const revoke = add('revoke', 'After a leak: deactivate keys and devices, and end all sessions.', SETUP_HELP_AFTER);
  addInputs(ifNamed(revoke, addRevokeOptions), 'setup').action((options: Options) => {
    asked.value = { kind: 'revoke', options };
  });
  const rotate = add('rotate', 'Replace an old key, one safe step at each run. Run it daily.');
  ifNamed(addInputs(rotate, 'rotate'), (named) => addRotationOptions(addStores(named))).action((options: Options) => {
    asked.value = { kind: 'rotate', options };
  });
  program
    .command('cache')
    .description('The cache of sessions.')
    .command('clear')
    .description('Remove all cached sessions.')
    .action(() => {
      asked.value = { kind: 'cache-clear' };
    });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'nothing' };
    throw new UsageError(complaintOf(error));
  }
  return asked.value;
}

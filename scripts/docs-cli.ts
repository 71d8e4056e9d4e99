import { Command } from 'commander';
import { SAYINGS, type Sayings } from '../lab/interop/serving/sayings.ts';
import { namesOfCis, surroundings } from '../src/shell/ci.ts';
import { CIS, type Ci, type CiName, type Source } from '../src/shell/ci-table.ts';
import { FLAGS, flagVariables } from '../src/shell/flags.ts';
import { FORMATS, type Format, namesOfFormats } from '../src/shell/formats.ts';
import {
  addEnrollOptions,
  addRevokeOptions,
  addRotationOptions,
  addStores,
  addUnenrollOptions,
} from '../src/shell/setup/command-line.ts';
import { WORDING } from '../src/shell/wording.ts';
import type { Block } from './docs-blocks.ts';
import { type DescribedInputs, flagDescription } from './flag-descriptions.ts';

/** The tables of docs/cli.md. */
export function commandTables(action: DescribedInputs): readonly Block[] {
  return [
    { name: 'enroll', source: SETUP, content: options(addEnrollOptions) },
    { name: 'unenroll', source: SETUP, content: options(addUnenrollOptions) },
    { name: 'revoke', source: SETUP, content: options(addRevokeOptions) },
    { name: 'rotate', source: SETUP, content: options((command) => addRotationOptions(addStores(command))) },
    { name: 'flags', source: 'action.yml and src/shell/flags.ts', content: flags(action) },
    { name: 'formats', source: 'src/shell/formats.ts', content: formats() },
    { name: 'CIs', source: 'src/shell/ci-table.ts', content: cis() },
    { name: 'sayings', source: 'lab/interop/serving/sayings.ts', content: sayings() },
  ];
}

const SETUP = 'src/shell/setup/command-line.ts';

/** The options of a command, without those that all have. The first of each group has the group's name before it. */
function options(add: (command: Command) => Command): string {
  const all = add(new Command()).options;
  const rows = all.map(({ flags: option, description, helpGroupHeading: group = '' }, index) => [
    group === all[index - 1]?.helpGroupHeading ? '' : group.replace(/:$/, ''),
    code(option),
    description.replaceAll(/--[a-z][a-z-]+/g, code),
  ]);
  return table(['', 'option', 'meaning'], rows);
}

function flags(action: DescribedInputs): string {
  const rows = FLAGS.map((name) => [
    code(WORDING.input(name)),
    anyOf(flagVariables(name), ', '),
    flagDescription(name, action),
  ]);
  return table(['flag', 'variable', 'meaning'], rows);
}

function formats(): string {
  const rows = namesOfFormats().map((name) => {
    const { aliases, reader }: Format = FORMATS[name];
    return [code(name), anyOf(aliases, ', '), reader];
  });
  return table(['format', 'also called', 'for'], rows);
}

function cis(): string {
  const rows = namesOfCis().map((name) => {
    const ci: Ci = CIS[name];
    return [
      `[${ci.title}](${ci.documentation})`,
      anyOf(ci.recognisedBy),
      code(sessionNameIn(name)),
      `${anyOf(ci.repository)}; ${anyOf(ci.runId)}`,
      hiding(ci),
    ];
  });
  return table(['CI', 'recognized by', 'session name', 'a sealed session belongs to', 'values are hidden by'], rows);
}

/** Clients with the same code say the same. */
function sayings(): string {
  const clients: readonly (readonly [string, Sayings])[] = [
    ['AWS CLI v1 and v2, boto3', SAYINGS.boto3],
    ['Go v2, aws-sdk-go-base (Terraform)', SAYINGS['go-v2']],
    ['JavaScript v3', SAYINGS['javascript-v3']],
    ['Java v2', SAYINGS['java-v2']],
  ];
  const rows = clients.map(([name, { refused, gone, silent, process }]) => [
    name,
    code(refused),
    gone === refused ? 'the same' : code(gone),
    silent === undefined ? 'nothing: it waits forever' : silent === refused ? 'the same' : code(silent),
    process === refused ? 'the same' : code(process),
  ]);
  const troubles = ["it can't renew (503)", 'it was killed', 'it never answers', '`credential-process` fails'];
  return table(['', ...troubles], rows);
}

/** The name that the code itself gives a session in a run with the ID `RUN`. */
function sessionNameIn(name: CiName): string {
  const { recognisedBy, runId }: Ci = CIS[name];
  const variables = runId.flatMap((pattern) => [...pattern.matchAll(/\$(\w+)/g)].map(([, variable = '']) => variable));
  const env = { [recognisedBy[0] ?? '']: 'true', ...Object.fromEntries(variables.map((each) => [each, 'RUN'])) };
  return surroundings(env).run.sessionName;
}

function hiding({ masks, prints }: Ci): string {
  switch (masks.kind) {
    case 'none':
      return '–';
    case 'lines':
      return `${code(masks.line('VALUE'))}${prints === 'once masked' ? '' : ", on which `env` doesn't rely"}`;
    case 'program':
      return code(masks.command.join(' '));
  }
}

function anyOf(names: Source, or = ' or '): string {
  return names.length === 0 ? '–' : names.map(code).join(or);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

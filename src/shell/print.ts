import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { secretsOf } from '../core/credentials.ts';
import { recognise } from './ci.ts';
import type { Masks } from './ci-table.ts';
import { EXIT } from './exit.ts';
import { FORMATS, type Format, findFormat, namesOfFormats } from './formats.ts';
import { intoNewFile } from './new-file.ts';
import { permit, type Refusal } from './printing.ts';
import type { Options } from './program.ts';
import { type CommandContext, getSession, readRequest } from './request.ts';
import { UsageError } from './values.ts';

/** Prints the credentials in a format, or writes them to a file. Decides whether it may before a code is spent. */
export async function printAs(options: Options, context: CommandContext): Promise<number> {
  const { env } = context;
  const asked = String(options['format'] ?? 'sh');
  const name = findFormat(asked);
  if (name === undefined) throw new UsageError(`--format must be one of ${namesOfFormats().join(', ')}.`);
  const file = typeof options['output'] === 'string' ? options['output'] : undefined;
  const permission = permit({
    format: name,
    ci: recognise(env),
    output: file === undefined ? 'default' : 'file',
    printing: options['insecurePrint'] === true ? 'insisted' : 'careful',
  });
  if (!permission.permitted) throw new UsageError(inWords(permission.refusal));
  const commandFile = env['GITHUB_ENV'] ?? '';
  if (permission.to === 'GITHUB_ENV' && commandFile === '')
    throw new UsageError('--format github writes to the file in GITHUB_ENV, which is not set.');
  const request = await readRequest(options, context);
  if (request === undefined) return EXIT.ownFailure;
  const print = async (write: (text: string) => void): Promise<void> => {
    const { credentials } = (await getSession(request, context)).session;
    sendMasks(permission.masks, secretsOf(credentials));
    const format: Format = FORMATS[name];
    write(format.write({ credentials, region: request.region.name, delimiter: `delimiter_${randomUUID()}` }));
  };
  if (file !== undefined) await intoNewFile(file, print);
  else if (permission.to === 'GITHUB_ENV') await print((text) => appendFileSync(commandFile, text));
  else await print((text) => process.stdout.write(text));
  return 0;
}

/** On standard error: standard output may go to `eval`. Throws if a program that should hide them fails. */
function sendMasks(masks: Masks, secrets: readonly string[]): void {
  if (masks.kind === 'lines') for (const secret of secrets) process.stderr.write(`${masks.line(secret)}\n`);
  if (masks.kind !== 'program') return;
  const [command = '', ...args] = masks.command;
  execFileSync(command, args, { input: masks.input(secrets), stdio: ['pipe', 'ignore', 'inherit'] });
}

function inWords(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'not-masked':
      return 'This would print the credentials, and nothing would hide them in a log. Use exec, or --output FILE; or add --insecure-print if nobody else reads the output.';
    case 'no-command-file':
      return `--format github needs a runner that reads GITHUB_ENV (${refusal.known.join(', ')}).`;
  }
}

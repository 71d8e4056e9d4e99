import { Failure } from '../core/failure.ts';
import { sealSession } from '../core/sealing/seal.ts';
import type { CiRun } from '../inputs/tags.ts';
import { EXIT } from './exit.ts';
import { intoNewFile } from './new-file.ts';
import type { Options } from './program.ts';
import { type CommandContext, getSession, type Reading, readRequest } from './request.ts';
import { UsageError } from './values.ts';

// Sealed sessions: encrypted, so that other jobs can use a session although everybody can read how it gets there.

/** Gets a session, and prints it sealed. Decides whether it can before a code is spent. */
export async function seal(options: Options, context: CommandContext): Promise<number> {
  const imply = (): ReturnType<Reading['imply']> => ({ 'seal-session': 'true' });
  const request = await readRequest(options, context, { purpose: 'seal', imply, bind: bindingOf(options) });
  if (request?.seal === undefined) return EXIT.ownFailure;
  const binding = request.seal;
  const print = async (write: (text: string) => void): Promise<void> => {
    const { credentials, identity, serial } = (await getSession(request, context)).session;
    const { expiration } = credentials;
    if (expiration === undefined) throw new Failure('session-expiry-unknown', {});
    const session = { credentials: { ...credentials, expiration }, identity, serial };
    // Only a workflow's outputs must not contain what is masked.
    write(`${await sealSession(session, binding, () => false)}\n`);
  };
  const { output: file } = options;
  if (typeof file === 'string') await intoNewFile(file, print);
  else await print((text) => process.stdout.write(text));
  return 0;
}

/** How the inputs are read if a sealed session is to be opened. */
export function opening(options: Options): Reading {
  return {
    purpose: 'open',
    imply(inputs) {
      const { 'sealed-session': text, 'sealed-session-fallback': fallback } = inputs;
      if (text === '' && fallback === '')
        throw new UsageError('No sealed session was given. Use --sealed-session-file FILE (- for standard input).');
      return {};
    },
    bind: bindingOf(options),
  };
}

/** What a sealed session is bound to: `--scope`, or this run of this repository. Throws a `UsageError` if neither is known. */
function bindingOf({ scope }: Options): (run: CiRun) => CiRun {
  return (run) => {
    if (typeof scope !== 'string') {
      if (run.repository !== '' && run.runId !== '') return run;
      throw new UsageError(
        'This CI is unknown, so --scope must say what the sealed session is bound to, such as the ID of this pipeline.',
      );
    }
    if (scope.trim() === '')
      throw new UsageError('--scope is empty, so it would bind the sealed session to nothing. Is its variable set?');
    return { ...run, repository: scope, runId: scope };
  };
}

import { pathOf } from '../core/request.ts';
import { durationInWords, momentInWords } from '../core/words.ts';
import { EXIT } from './exit.ts';
import { processForm } from './formats.ts';
import type { Got } from './obtain.ts';
import type { Asked } from './program.ts';
import { type CommandContext, getCached, getSession, readRequest } from './request.ts';
import { clearCache } from './session-cache.ts';
import { openUserFolder } from './user-folder.ts';
import { UsageError } from './values.ts';

/** Does what was asked, with what only some commands need loaded then; resolves to the exit code. Rejects with the `Failure` that says why it couldn't. */
export async function runCommand(asked: Asked, context: CommandContext): Promise<number> {
  switch (asked.kind) {
    case 'nothing':
      return 0;
    case 'cache-clear':
      clearCache(openUserFolder(context.env));
      return 0;
    case 'exec':
      return (await import('./exec.ts')).execute(asked, context);
    case 'seal':
      return (await import('./sealing.ts')).seal(asked.options, context);
    case 'enroll':
      return (await import('./setup/enroll.ts')).enroll(asked.options, context);
    case 'unenroll':
      return (await import('./setup/unenroll.ts')).unenroll(asked.options, context);
    case 'revoke':
      return (await import('./setup/revoke.ts')).revoke(asked.options, context);
    case 'rotate':
      return (await import('./setup/rotate.ts')).rotate(asked.options, context);
    case 'env':
      return (await import('./print.ts')).printAs(asked.options, context);
    case 'credential-process':
      return printProcessForm(asked, context);
    case 'whoami':
    case 'check':
      return describe(asked, context);
  }
}

async function describe(
  { kind, options }: Extract<Asked, { kind: 'whoami' | 'check' }>,
  context: CommandContext,
): Promise<number> {
  const request = await readRequest(options, context);
  if (request === undefined) return EXIT.ownFailure;
  // Otherwise a misspelt variable would pass for a check.
  if (kind === 'check' && request.bucketCheck === undefined)
    throw new UsageError('check needs --list-buckets or --expected-buckets.');
  const { session, report } = await getSession(request, context);
  const { identity, serial, credentials } = session;
  const lines = [identity.arn];
  if (serial !== undefined) lines.push(`MFA device: ${serial}`);
  if (credentials.expiration !== undefined) {
    const left = durationInWords(credentials.expiration.getTime() - context.lifetime.clock.now());
    lines.push(`Valid until: ${momentInWords(credentials.expiration)} (for ${left})`);
  }
  if (kind === 'check') lines.push(...checked(report));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function checked(report: Got['report']): readonly string[] {
  const listed = report?.listed?.map((name) => `Bucket: ${name}`) ?? [];
  return [...listed, ...(report?.reached ?? []).map((expected) => `Can access: ${pathOf(expected)}`)];
}

async function printProcessForm(
  { options }: Extract<Asked, { kind: 'credential-process' }>,
  context: CommandContext,
): Promise<number> {
  const request = await readRequest(options, context);
  if (request === undefined) return EXIT.ownFailure;
  process.stdout.write(processForm((await getCached(request, context)).credentials));
  return 0;
}

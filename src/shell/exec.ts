import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from '../core/request.ts';
import { momentInWords } from '../core/words.ts';
import { explain } from '../inputs/messages/catalogue.ts';
import { EXIT, runChild } from './child.ts';
import { cleanEnvironment, environmentWith, NESTED } from './child-environment.ts';
import { type CredentialAnswer, startCredentialServer } from './credential-server.ts';
import { type FreshnessEvent, type FreshSession, keepFresh } from './keep-fresh.ts';
import type { Asked } from './program.ts';
import { SERVING, sessionsOf } from './renewing.ts';
import type { Screen } from './report.ts';
import { type CommandContext, getSession, PLAIN, readRequest } from './request.ts';
import { opening } from './sealing.ts';
import { servingEnvironment } from './serving-environment.ts';
import { servingFiles } from './serving-files.ts';
import { UsageError } from './values.ts';
import { WORDING } from './wording.ts';

type AskedExec = Extract<Asked, { kind: 'exec' }>;

/** Runs a command with the credentials, and resolves to its exit code. */
export async function execute({ command, options, from }: AskedExec, context: CommandContext): Promise<number> {
  const reading = from === 'a sealed session' ? opening(options) : PLAIN;
  const { env, screen, lifetime } = context;
  if (env[NESTED])
    screen.say(
      'This runs within another exec, which took the seed and the long-term keys out of the environment. Its credentials are replaced.',
    );
  const isServing = options['serve'] === true;
  const request = await readRequest(options, context, isServing ? SERVING : reading);
  if (request === undefined) return EXIT.ownFailure;
  if (isServing && endsWithItsCode(request))
    throw new UsageError(
      "--serve needs a seed: without a role, credentials from a single code (MFA_CODE) can't be renewed.",
    );
  const run = async (childEnv: Readonly<Record<string, string>>): Promise<number> => {
    lifetime.succeed();
    const isTerminal = process.stdin.isTTY || process.stderr.isTTY;
    const { exitCode, problem } = await runChild(command, childEnv, { isTerminal });
    if (problem !== undefined) screen.say(problem);
    return exitCode;
  };
  if (isServing) return serve(request, context, run);
  const { session } = await getSession(request, context);
  return run(environmentWith(env, session.credentials, request.region.name));
}

/** Whether another session would take another code, and there is only one. */
function endsWithItsCode({ plan }: Request): boolean {
  return 'mfa' in plan && plan.mfa.kind === 'code' && plan.kind !== 'role-after-session';
}

/** Runs the command with the address of a server that has the credentials, and renews them for as long as it runs. */
async function serve(
  request: Request,
  context: CommandContext,
  run: (env: Readonly<Record<string, string>>) => Promise<number>,
): Promise<number> {
  const { env, screen, secrets, clockUntil } = context;
  const obtain = sessionsOf(request, context);
  const first = await obtain();
  const stopped = new AbortController();
  const fresh = keepFresh(first, {
    obtain,
    // The process's own clock ends with a signal that belongs to the command now.
    clock: clockUntil(stopped.signal),
    random: Math.random,
    report: (event) => sayFreshness(event, screen),
    signal: stopped.signal,
  });
  const server = await startCredentialServer({ answer: () => answerOf(fresh) });
  secrets.mask(server.token);
  const folder = mkdtempSync(join(tmpdir(), 'aws-mfa-credentials-'));
  try {
    const files = servingFiles(env, folder);
    for (const file of ['config', 'credentials'] as const)
      if (files !== undefined) writeFileSync(files.paths[file], files.texts[file], { encoding: 'latin1', mode: 0o600 });
    if (files !== undefined && files.replaced.length > 0)
      screen.say(`The command sees copies of ${files.replaced.join(' and ')} without credentials, which would win.`);
    const region = { AWS_REGION: request.region.name, AWS_DEFAULT_REGION: request.region.name };
    return await run({ ...servingEnvironment(cleanEnvironment(env), server, files?.paths), ...region });
  } finally {
    stopped.abort();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function answerOf(fresh: FreshSession): CredentialAnswer {
  const held = fresh.current();
  switch (held.kind) {
    case 'session':
      return { ok: true, credentials: held.session.credentials };
    case 'renewing':
      return { ok: false, code: 'renewing', message: 'The session has ended, and a new one is on its way.' };
    case 'failed':
      return { ok: false, code: held.failure.code, message: explain(held.failure, WORDING).message };
  }
}

function sayFreshness(event: FreshnessEvent, screen: Screen): void {
  if (event.kind === 'renewed') return;
  const until = momentInWords(event.expiration);
  screen.say(`The credentials couldn't be renewed, and end at ${until}. ${explain(event.failure, WORDING).message}`);
}

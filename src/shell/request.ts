import { isFailure } from '../core/failure.ts';
import type { Clock, Memory, Session } from '../core/ports.ts';
import type { Partition } from '../core/region.ts';
import { devicesOf, type Plan, type Request, roleOf } from '../core/request.ts';
import { obtainSession } from '../core/session/session.ts';
import type { RawInputs } from '../inputs/names.ts';
import { parseRequest } from '../inputs/request.ts';
import { unusualSecrets } from '../inputs/secrets.ts';
import type { CiRun } from '../inputs/tags.ts';
import { surroundings } from './ci.ts';
import { openCodeMemory } from './code-memory.ts';
import { givenFlags, type Purpose } from './flags.ts';
import { type Got, type ObtainContext, obtain, type Way } from './obtain.ts';
import type { Options } from './program.ts';
import { reporterOn, type Screen, sayFailure, sayInputNotices, sayProblems } from './report.ts';
import { type Terms, withCache } from './session-cache.ts';
import type { SetupContext, SetupWiring } from './setup/acting.ts';
import type { Waiting } from './shared-lock.ts';
import { openUserFolder } from './user-folder.ts';
import { readValues } from './values.ts';

// From a command's options to a session.

/** What a command needs from the process. */
export interface CommandContext extends Pick<ObtainContext, 'env' | 'secrets' | 'connect'> {
  readonly lifetime: {
    readonly signal: AbortSignal;
    readonly clock: Clock;
    limit(seconds: number | undefined): void;
    succeed(): void;
  };
  /** A clock whose sleep ends with a signal. */
  readonly clockUntil: (signal: AbortSignal) => Clock;
  readonly screen: Screen;
  /** For commands that change IAM. */
  readonly setUp: (request: Request, context: SetupContext) => Promise<SetupWiring>;
  readonly partitions: readonly Partition[];
}

/** How a command differs from those that just get a session. */
export interface Reading {
  readonly purpose: Purpose;
  /** Inputs that the command itself implies. */
  readonly imply: (inputs: RawInputs) => Partial<RawInputs>;
  /** What a sealed session is bound to, given what the CI says of the run. */
  readonly bind: (run: CiRun) => CiRun;
}

/** Nothing special. */
export const PLAIN: Reading = { purpose: 'obtain', imply: () => ({}), bind: (run) => run };

/** The request, or undefined after everything that is wrong with it was said. Throws a `UsageError` for a wrong command line. */
export async function readRequest(
  options: Options,
  context: CommandContext,
  { purpose, imply, bind }: Reading = PLAIN,
): Promise<Request | undefined> {
  const { env, screen, lifetime } = context;
  const given = await readValues(givenFlags(options), purpose, { env, signal: lifetime.signal, screen });
  return requestOf({ ...given, ...imply(given) }, context, bind);
}

/** The request of these inputs, whose secrets are masked first; undefined after everything that is wrong with them was said. */
export async function requestOf(
  inputs: RawInputs,
  { env, secrets, screen, partitions }: Pick<CommandContext, 'env' | 'secrets' | 'screen' | 'partitions'>,
  bind: Reading['bind'] = PLAIN.bind,
): Promise<Request | undefined> {
  const plain = [inputs['aws-secret-access-key'], inputs['mfa-code'], env['AWS_SECRET_ACCESS_KEY'] ?? ''];
  for (const secret of [...plain, ...unusualSecrets(inputs)]) secrets.mask(secret);
  const parsed = await parseRequest(inputs, { partitions, run: bind(surroundings(env).run) });
  sayInputNotices(parsed.notices, inputs, screen);
  if (parsed.ok) return parsed.request;
  sayProblems(parsed.problems, inputs, screen);
  return undefined;
}

/** Gets a new session. One process of this user at a time sends codes, and none sends one that another has sent. */
export function getSession(request: Request, context: CommandContext, way: Way = obtainSession): Promise<Got> {
  const { lifetime, screen } = context;
  lifetime.limit(request.timeoutSeconds);
  const { signal, clock } = lifetime;
  const get = (memory: Memory): Promise<Got> =>
    obtain(request, { ...context, signal, clock, memory, reporter: reporterOn(screen) }, way);
  const folder = sendsCode(request.plan) ? userFolder(context) : undefined;
  if (folder === undefined) return get(ownMemory());
  return openCodeMemory(folder, clock.now, waiting(request, context)).underLock(get);
}

function sendsCode(plan: Plan): boolean {
  return 'mfa' in plan || (plan.kind === 'sealed-session' && plan.fallback !== undefined);
}

/** A session from the cache, or a new one that is kept there. */
export async function getCached(request: Request, context: CommandContext): Promise<Session> {
  const folder = userFolder(context);
  const get = async (): Promise<Session> => (await getSession(request, context)).session;
  if (folder === undefined) return get();
  const { clock } = context.lifetime;
  return withCache(termsOf(request, context), get, {
    folder,
    now: clock.now,
    waiting: waiting(request, context),
    onUncached: (failure) => sayFailure(failure, context.screen),
  });
}

/** The cache folder; undefined after saying why there is none: a container may have no home that can be written to. */
export function userFolder({ env, screen }: CommandContext): string | undefined {
  try {
    return openUserFolder(env);
  } catch (error) {
    if (!isFailure(error, 'cache-unusable')) throw error;
    sayFailure(error, screen);
    return undefined;
  }
}

/** The memory of this process alone. */
function ownMemory(): Memory {
  let kept: ReturnType<Memory['recall']> = { clockOffset: 0, attempts: [] };
  return {
    recall: () => kept,
    keep: (recollection) => {
      kept = recollection;
    },
  };
}

/** Someone who waits for a code may wait for as long as codes may take. */
function waiting({ plan }: Request, { lifetime, screen }: CommandContext): Waiting {
  const mfa = 'mfa' in plan ? plan.mfa : undefined;
  return {
    sleep: lifetime.clock.sleep,
    patienceSeconds: 60 + (mfa !== undefined && 'maxWaitSeconds' in mfa ? mfa.maxWaitSeconds : 0),
    onWait: () => screen.say('Waiting for another process of this user that is getting a session.'),
  };
}

/** Everything that decides which session it is, and nothing secret. */
function termsOf({ region, plan, connection, allowedAccounts }: Request, { env }: CommandContext): Terms {
  const role = roleOf(plan);
  const keys = 'keys' in plan && plan.keys.kind === 'given' ? plan.keys.accessKeyId : (env['AWS_ACCESS_KEY_ID'] ?? '');
  return {
    region: region.name,
    endpoint: connection.stsEndpoint,
    plan: plan.kind,
    keys,
    profile: env['AWS_PROFILE'],
    files: [env['AWS_CONFIG_FILE'], env['AWS_SHARED_CREDENTIALS_FILE']],
    devices: devicesOf(plan).map(({ text }) => text),
    sessionSeconds: 'sessionSeconds' in plan ? plan.sessionSeconds : undefined,
    allowedAccounts,
    role: role && {
      role: role.role.kind === 'arn' ? role.role.arn : role.role.name,
      durationSeconds: role.durationSeconds,
      sessionName: role.sessionName,
      externalId: role.externalId,
      sourceIdentity: role.sourceIdentity,
      policy: role.policy,
      policyArns: role.policyArns,
      tags: role.sessionTags?.tags.map(({ key, value }) => [key, value]),
      transitiveKeys: role.sessionTags?.transitiveKeys,
    },
  };
}

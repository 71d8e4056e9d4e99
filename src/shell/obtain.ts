import { secretsOf } from '../core/credentials.ts';
import type { Clock, Environment, Memory, Ports, Session } from '../core/ports.ts';
import type { Request, SealedSource } from '../core/request.ts';
import { type BucketReport, checkBuckets } from '../core/session/buckets.ts';
import { cleanEnvironment } from './child-environment.ts';
import type { KnownSecrets } from './secrets.ts';

/** AWS, as the entry provides it. */
export interface Services extends Pick<Ports, 'sts' | 'iam' | 'keys'> {
  buckets(keys: Session['credentials']): Promise<Parameters<typeof checkBuckets>[2]>;
  close(): void;
}

/** What obtaining a session needs from the command. */
export interface ObtainContext {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly secrets: KnownSecrets;
  readonly reporter: Ports['reporter'];
  readonly memory: Memory;
  readonly connect: (request: Request, context: ServicesContext) => Services;
}

/** What the services need. */
export interface ServicesContext extends Pick<ObtainContext, 'env' | 'signal' | 'secrets'> {
  readonly retry: { readonly clock: Clock; readonly reporter: Ports['reporter']; readonly random: () => number };
  readonly childEnvironment: () => Readonly<Record<string, string>>;
  readonly clockOffset: number;
}

/** A session, and what the bucket check found if there was one. */
export interface Got {
  readonly session: Session;
  readonly report: BucketReport | undefined;
}

/** Gets a session in some way. */
export type Way = (request: Request, ports: Ports) => Promise<Session>;

/** Gets the session that was requested, and checks it. Throws the `Failure` that says why it couldn't. */
export async function obtain(request: Request, context: ObtainContext, way: Way): Promise<Got> {
  const { env, signal, clock, secrets, reporter, memory, connect } = context;
  const { clockOffset } = memory.recall();
  const services = connect(request, {
    env,
    signal,
    secrets,
    retry: { clock, reporter, random: Math.random },
    childEnvironment: () => ({ ...cleanEnvironment(env), ...keysIn(env) }),
    clockOffset,
  });
  try {
    const session = await way(request, {
      ...services,
      sealed: { open: (source) => open(source, clock.now() + clockOffset, secrets) },
      clock,
      reporter,
      memory,
      random: Math.random,
    });
    const { bucketCheck } = request;
    if (bucketCheck === undefined) return { session, report: undefined };
    return {
      session,
      report: await checkBuckets(bucketCheck, session, await services.buckets(session.credentials)),
    };
  } finally {
    services.close();
  }
}

async function open(source: SealedSource, now: number, { mask }: Pick<KnownSecrets, 'mask'>): Promise<Session> {
  const { openSealed } = await import('../core/sealing/open.ts');
  const { credentials, identity, serial } = await openSealed(source, now);
  for (const secret of secretsOf(credentials)) mask(secret);
  return { credentials, identity, serial, by: 'a sealed session' };
}

/** The default chain searches what the user's own shell has, but nothing else of what this program was given. */
function keysIn(env: Environment): Readonly<Record<string, string>> {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

import type { Keys } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Buckets, Iam, KeyRing, Sts } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { RetryContext } from '../core/retry.ts';
import type { ClientContext, Secrets } from './client-context.ts';
import { createKeyRing } from './keys.ts';
import { type EndpointVariants, openTransport, type Transport } from './transport.ts';

/** What the services need from the step. */
export interface ServiceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly retry: Omit<RetryContext, 'maxAttempts'>;
  /** The environment for a program that this step starts. */
  readonly childEnvironment: () => Readonly<Record<string, string>>;
  /** What an earlier step learned about AWS's clock: the milliseconds it is ahead of the local one. */
  readonly clockOffset: number;
}

/** AWS, as this step sees it. */
export interface Services {
  readonly sts: Sts;
  readonly iam: Iam;
  readonly keys: KeyRing;
  /** S3 with the given credentials, and with no others. */
  buckets(keys: Keys): Promise<Buckets>;
  /** What clients of further services need besides an endpoint. */
  client(): Promise<Omit<ClientContext, 'endpoint'>>;
  /** Closes all connections. */
  close(): void;
}

/** What all clients share, and STS. */
interface Connected {
  readonly client: Omit<ClientContext, 'endpoint'>;
  readonly sts: Sts;
}

/**
 * AWS's services, each loaded when it is first called. STS is connected to right away, before the SDK is loaded; but a sealed session
 * needs none of it, so then nothing is loaded before the first call.
 */
export function createServices(request: Request, context: ServiceContext): Services {
  const { connection, plan } = request;
  const { env, secrets, retry, childEnvironment } = context;
  let opening: Promise<Transport> | undefined;
  let connecting: Promise<Connected> | undefined;

  async function connect(): Promise<Connected> {
    const variants = endpointVariants(env);
    opening = openTransport(connection, request.region, variants, plan.kind === 'session' ? 2 : 1);
    const transport = await opening;
    await eventLoopTurn();
    const [{ createSts }, { userAgentOf }] = await Promise.all([import('./sts.ts'), import('./user-agent.ts')]);
    await eventLoopTurn();
    await eventLoopTurn();
    const client = {
      transport,
      region: request.region.name,
      variants,
      signal: context.signal,
      secrets,
      retry: { ...retry, maxAttempts: request.maxAttempts },
      correction: { milliseconds: context.clockOffset },
      newKeys: new Set<string>(),
      userAgent: userAgentOf(env),
    };
    return { client, sts: createSts({ ...client, endpoint: connection.stsEndpoint }) };
  }
  const connected = (): Promise<Connected> => (connecting ??= connect());
  // If this fails, the first call fails.
  if (plan.kind !== 'sealed-session') connected().catch(() => undefined);

  return {
    sts: {
      getSessionToken: async (...call) => (await connected()).sts.getSessionToken(...call),
      assumeRole: async (...call) => (await connected()).sts.assumeRole(...call),
      callerIdentity: async (...call) => (await connected()).sts.callerIdentity(...call),
    },
    iam: {
      async listDevices(...question) {
        if (connection.iam === undefined) return { ok: false, failure: notAsked(), serverTime: undefined };
        const { client } = await connected();
        const { createIam } = await import('./iam.ts');
        return createIam({ ...client, ...connection.iam }).listDevices(...question);
      },
    },
    keys: createKeyRing({
      env,
      ...(usesExistingSession(plan) && connection.stsEndpoint !== undefined && { leftoverTokens: 'kept' }),
      mask: secrets.mask,
      reporter: retry.reporter,
      async search() {
        const { client, sts } = await connected();
        const { keysFromDefaultChain } = await import('./default-chain.ts');
        return keysFromDefaultChain({
          env: childEnvironment(),
          assumeRole: sts.assumeRole,
          client: { ...client, endpoint: connection.stsEndpoint },
        });
      },
    }),
    client: async () => (await connected()).client,
    async buckets(keys) {
      const { client } = await connected();
      const { createBuckets } = await import('./s3.ts');
      return createBuckets({ ...client, endpoint: connection.s3Endpoint }, keys);
    },
    close() {
      opening?.then(
        (transport) => transport.close(),
        () => undefined,
      );
    },
  };
}

/** IAM could only have explained a refusal; without it, the refusal stays as it is. */
function notAsked(): Failure {
  return new Failure('unreachable', { call: 'ListMFADevices', reason: 'unusable-endpoint' });
}

/** Whether a plan starts from a session that exists already. */
function usesExistingSession({ kind }: Request['plan']): boolean {
  return kind === 'chained-role' || kind === 'environment';
}

/** Lets the early connections take their next step (name resolved, connected, TLS begun) before this thread is busy again. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function endpointVariants(env: ServiceContext['env']): EndpointVariants {
  const isOn = (name: string): boolean => env[name]?.toLowerCase() === 'true';
  return { fips: isOn('AWS_USE_FIPS_ENDPOINT'), dualstack: isOn('AWS_USE_DUALSTACK_ENDPOINT') };
}

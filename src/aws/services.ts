import type { Keys } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Buckets, Iam, KeyRing, Sts } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { RetryContext } from '../core/retry.ts';
import type { ClientContext, Secrets } from './client-options.ts';
import { createKeyRing } from './keys.ts';
import { type EndpointVariants, openTransport } from './transport.ts';
import { userAgentOf } from './user-agent.ts';

/** What the services need from the step. */
export interface ServiceSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly retry: Omit<RetryContext, 'maxAttempts'>;
  /** The environment for a program that this step starts. */
  readonly childEnvironment: () => Readonly<Record<string, string>>;
  /** What an earlier step learned of AWS's clock, in milliseconds ahead of the local one. */
  readonly clockOffset: number;
}

/** AWS, as this step sees it. */
export interface Services {
  readonly sts: Sts;
  readonly iam: Iam;
  readonly keys: KeyRing;
  /** S3 with the given credentials, and with no others. */
  buckets(keys: Keys): Promise<Buckets>;
  /** Lets go of all connections. */
  close(): void;
}

/**
 * Connects to AWS. The connection is opened before the SDK is loaded, and S3 and IAM are loaded where they are first asked for.
 */
export async function connectServices(
  request: Request,
  { env, signal, secrets, retry, childEnvironment, clockOffset }: ServiceSetting,
): Promise<Services> {
  const { region, connection, maxAttempts, plan } = request;
  const variants = endpointVariants(env);
  const transport = await openTransport(connection, region, variants, plan.kind === 'session' ? 2 : 1);
  const correction = { milliseconds: clockOffset };
  const shared: Omit<ClientContext, 'endpoint'> = {
    transport,
    region: region.name,
    variants,
    signal,
    secrets,
    retry: { ...retry, maxAttempts },
    correction,
    newKeys: new Set(),
    userAgent: userAgentOf(env),
  };
  await eventLoopTurn();
  const { createSts } = await import('./sts.ts');
  await eventLoopTurn();
  await eventLoopTurn();
  const sts = createSts({ ...shared, endpoint: connection.stsEndpoint });
  return {
    sts,
    iam: {
      async listDevices(...question) {
        if (connection.iam === undefined) return { ok: false, failure: notAsked(), serverTime: undefined };
        const { createIam } = await import('./iam.ts');
        return createIam({ ...shared, ...connection.iam }).listDevices(...question);
      },
    },
    keys: createKeyRing({
      env,
      ...(goesOn(plan) && connection.stsEndpoint !== undefined && { leftoverTokens: 'kept' }),
      mask: secrets.mask,
      reporter: retry.reporter,
      async search() {
        const { keysFromDefaultChain } = await import('./default-chain.ts');
        const client = { ...shared, endpoint: connection.stsEndpoint };
        return keysFromDefaultChain({ env: childEnvironment(), assumeRole: sts.assumeRole, client });
      },
    }),
    async buckets(keys) {
      const { createBuckets } = await import('./s3.ts');
      return createBuckets({ ...shared, endpoint: connection.s3Endpoint }, keys);
    },
    close: () => transport.close(),
  };
}

/** IAM could only have explained a refusal; without it, the refusal stands as it is. */
function notAsked(): Failure {
  return new Failure('unreachable', { call: 'ListMFADevices', reason: 'unusable-endpoint' });
}

/** Whether a plan goes on from a session that is there. */
function goesOn({ kind }: Request['plan']): boolean {
  return kind === 'chained-role' || kind === 'environment';
}

/** Lets the early connections take their next step (name found, connected, greeted) before this thread is busy again. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function endpointVariants(env: ServiceSetting['env']): EndpointVariants {
  const isOn = (name: string): boolean => env[name]?.toLowerCase() === 'true';
  return { fips: isOn('AWS_USE_FIPS_ENDPOINT'), dualstack: isOn('AWS_USE_DUALSTACK_ENDPOINT') };
}

import { fromInstanceMetadata } from '@smithy/credential-provider-imds';
import { Failure } from '../core/failure.ts';
import type { FoundKeys } from '../core/ports.ts';
import { quote } from '../core/words.ts';
import type { ClientContext } from './client-context.ts';
import { containerKeys } from './container-keys.ts';
import { type SourceKeys, sourceKeys, Unusable, within } from './key-source.ts';
import { keysOfProfile, namesKeys, type ProfileContext, readToken, SESSION_NAME } from './profile-keys.ts';
import { readSharedFiles } from './shared-files.ts';

/** What the chain needs from the step. */
export interface ChainContext extends Pick<ProfileContext, 'env' | 'assumeRole'> {
  /** How STS is called. */
  readonly client: ClientContext;
}

/** A configured source of keys. `name` fits "the keys from …". */
interface Source {
  readonly name: string;
  readonly keys: () => Promise<SourceKeys>;
}

const INSTANCE = 'the metadata service of an instance';
const INSTANCE_LIMIT_S = 10;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The runner's own keys, found as by the SDK's default chain: environment, shared files, web identity, container, instance. Loaded
 * only if no keys are given. Throws a `Failure` that says where it looked, and what is wrong there.
 *
 * This chain replaces the SDK's, which waits forever if a source is silent, runs a `credential_process` twice and lets it read
 * standard input, calls STS at another endpoint and without the proxy, and quotes what it can't parse. Only the first configured
 * source is used: if it fails, the next one would be somebody else.
 */
export async function keysFromDefaultChain(context: ChainContext): Promise<FoundKeys> {
  const { env } = process;
  const missing: string[] = [];
  try {
    const source = await chooseSource(env, context, missing);
    if (source !== undefined) return { ...(await namely(source)), source: source.name };
    throw new Unusable(`no AWS credentials were found (${missing.join('; ')})`);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const { message, because } = error;
    // A named profile was meant to be used, so a missing secret isn't the most likely cause.
    const advice = error.advice ?? (env['AWS_PROFILE'] ? ({ kind: 'correct-profile' } as const) : undefined);
    throw new Failure(
      'keys-not-found',
      { reason: 'none', missing: message, advice },
      { cause: error, ...(because && { context: { kind: 'key-source', source: message, failure: because } }) },
    );
  }
}

/** The first configured source. `missing` collects why the ones before it don't count. */
async function chooseSource(
  env: NodeJS.ProcessEnv,
  context: ChainContext,
  missing: string[],
): Promise<Source | undefined> {
  const named = env['AWS_PROFILE'];
  const { signal, secrets } = context.client;
  const webIdentity: ProfileContext['webIdentity'] = async (identity) =>
    (await import('./web-identity.ts')).keysForWebIdentity(identity, context.client);
  // The SDK prefers a named profile to keys in the environment.
  if (!named) {
    if (env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY'])
      return { name: 'the environment (AWS_ACCESS_KEY_ID)', keys: async () => environmentKeys(env) };
    missing.push(`the environment has no ${env['AWS_ACCESS_KEY_ID'] ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'}`);
  }
  const { profiles, places } = await readSharedFiles(env, missing);
  const name = named || 'default';
  const profile = profiles[name];
  const title = `the profile ${quote(name)}${named ? ' (AWS_PROFILE)' : ''}`;
  if (profile !== undefined && namesKeys(profile)) {
    const sources = {
      Environment: async () => environmentKeys(env),
      EcsContainer: async () => containerKeys(env, signal),
      Ec2InstanceMetadata: () => instanceKeys(name, signal),
    };
    return {
      name: title,
      keys: () => keysOfProfile(name, profiles, { ...context, signal, redact: secrets.redact, webIdentity, sources }),
    };
  }
  if (profile === undefined && named)
    throw new Unusable(`${title} is not in ${places.join(' or ')}`, { advice: { kind: 'correct-profile-name' } });
  missing.push(profile === undefined ? `${places.join(' and ')} have no ${title.slice(4)}` : `${title} has no keys`);
  if (!named && env['AWS_DEFAULT_PROFILE'])
    missing.push(`AWS_DEFAULT_PROFILE is ${quote(env['AWS_DEFAULT_PROFILE'])}, but only AWS_PROFILE is read`);
  const { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: roleArn } = env;
  if (tokenFile && roleArn) {
    const sessionName = env['AWS_ROLE_SESSION_NAME'] || SESSION_NAME;
    const what = 'the file in AWS_WEB_IDENTITY_TOKEN_FILE';
    return {
      name: 'the web identity in AWS_WEB_IDENTITY_TOKEN_FILE',
      keys: async () => webIdentity({ roleArn, sessionName, token: readToken(tokenFile, what) }),
    };
  }
  if (env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || env['AWS_CONTAINER_CREDENTIALS_FULL_URI'])
    return { name: 'the container', keys: async () => containerKeys(env, signal) };
  if (/^(?!false$)./.test(env['AWS_EC2_METADATA_DISABLED'] ?? '')) {
    missing.push('AWS_EC2_METADATA_DISABLED is set');
    return undefined;
  }
  // Nothing says whether this is an instance, so try it.
  try {
    const keys = await instanceKeys(name, signal);
    return { name: INSTANCE, keys: async () => keys };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    missing.push(error.message);
    return undefined;
  }
}

async function namely({ name, keys }: Source): Promise<SourceKeys> {
  try {
    return await keys();
  } catch (error) {
    throw error instanceof Unusable ? error.within(`${name} gives no keys`) : error;
  }
}

function environmentKeys(env: NodeJS.ProcessEnv): SourceKeys {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  return sourceKeys(
    {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
      expiration: undefined,
    },
    'the environment',
  );
}

/**
 * Replaces Node's global agent by one without a proxy: with NODE_USE_ENV_PROXY, the proxy in HTTP_PROXY would decide which keys an
 * instance has. All other calls have separate agents.
 */
function askWithoutProxy(): void {
  const http = process.getBuiltinModule('node:http');
  http.globalAgent = new http.Agent();
}

function instanceKeys(profile: string, signal: AbortSignal): Promise<SourceKeys> {
  return within(INSTANCE_LIMIT_S, INSTANCE, signal, async () => {
    try {
      askWithoutProxy();
      const provider = fromInstanceMetadata({ profile, timeout: 1000, maxRetries: 1, logger: SILENT });
      const { expiration, ...keys } = await provider();
      return sourceKeys({ ...keys, sessionToken: keys.sessionToken, expiration }, INSTANCE);
    } catch (error) {
      if (error instanceof Unusable) throw error;
      // The response may be a secret, and a parser's error quotes it.
      const known = error instanceof Error && /^(?:Credentials)?ProviderError$|FallbackError$/.test(error.name);
      throw new Unusable(known ? error.message.replace(/\.$/, '') : `${INSTANCE} gave an answer that cannot be used`);
    }
  });
}

import { createDefaultUserAgentProvider } from '@aws-sdk/core/client';

/** What the SDK puts into the user agent, and so into CloudTrail. */
export interface UserAgent {
  readonly userAgentAppId: string;
  readonly customUserAgent: [string, string][];
}

const NAME = 'aws-mfa-credentials';

/** Names this action and the run that it belongs to. */
export function userAgentOf(env: Readonly<Record<string, string | undefined>>): UserAgent {
  const { AWS_SDK_UA_APP_ID: appId, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } = env;
  const pairs: [string, string | undefined][] = [
    ['md/action', NAME],
    ['md/run_id', run],
    ['md/attempt', attempt],
  ];
  return {
    // The SDK would warn about a longer one, without using our log.
    userAgentAppId: appId?.slice(0, 50) || NAME,
    customUserAgent: pairs.flatMap(([name, value]) => (value ? [[name, value.slice(0, 50)]] : [])),
  };
}

/**
 * The two headers as the SDK's own client writes them. Its features (`m/`): N for an endpoint that was given, E for the retry mode,
 * e for keys that were given.
 */
export async function userAgentHeaders(
  { id, version }: { readonly id: string; readonly version: string },
  { userAgent, endpoint }: { readonly userAgent: UserAgent; readonly endpoint: string | undefined },
  signed: boolean,
): Promise<Readonly<Record<string, string>>> {
  const sdk = await createDefaultUserAgentProvider({ serviceId: id, clientVersion: version })();
  const features = ['m', [endpoint && 'N', 'E', signed && 'e'].filter(Boolean).join(',')] as const;
  const custom = userAgent.customUserAgent.map(section);
  return {
    'x-amz-user-agent': [`aws-sdk-js/${version}`, ...custom].join(' '),
    'user-agent': [...sdk.map(section), features.join('/'), section(['app', userAgent.userAgentAppId]), ...custom].join(
      ' ',
    ),
  };
}

/** `prefix/name#value`, and only characters that a header can hold. */
function section([name, value]: readonly [name: string, value?: string]): string {
  const [prefix = '', ...rest] = name.split('/').map((part) => part.replaceAll(/[^!$%&'*+\-.^_`|~\w]/g, '-'));
  const own = prefix === 'api' ? rest.join('/').toLowerCase() : rest.join('/');
  const parts = [prefix, own, value?.replaceAll(/[^!$%&'*+\-.^_`|~\w#]/g, '-')].filter(Boolean);
  return parts.length < 3 ? parts.join('/') : `${prefix}/${parts.slice(1).join('#')}`;
}

/** What the SDK puts into the user agent, and so into CloudTrail. */
export interface UserAgent {
  readonly userAgentAppId: string;
  readonly customUserAgent: [string, string][];
}

const NAME = 'aws-mfa-credentials';

/** Names this action and the run that it is part of. The SDK replaces what a user agent cannot hold. */
export function userAgentOf(env: Readonly<Record<string, string | undefined>>): UserAgent {
  const { AWS_SDK_UA_APP_ID: appId, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } = env;
  const pairs: [string, string | undefined][] = [
    ['md/action', NAME],
    ['md/run_id', run],
    ['md/attempt', attempt],
  ];
  return {
    // The SDK warns of a longer one, past our log.
    userAgentAppId: appId?.slice(0, 50) || NAME,
    customUserAgent: pairs.flatMap(([name, value]) => (value ? [[name, value.slice(0, 50)]] : [])),
  };
}

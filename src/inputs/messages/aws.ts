import type { Entries } from './wording.ts';

// What AWS refuses, and what keeps it from being reached.

export const AWS: Entries<
  | 'assume-role-denied'
  | 'tag-session-denied'
  | 'source-identity-denied'
  | 'explicit-deny'
  | 'access-denied'
  | 'chained-duration-too-long'
  | 'role-duration-too-long'
  | 'packed-policy-too-large'
  | 'malformed-policy'
  | 'invalid-parameter'
  | 'access-key-unknown'
  | 'secret-key-wrong'
  | 'session-expired'
  | 'region-disabled'
  | 'throttled'
  | 'service-unavailable'
  | 'network'
  | 'unreachable'
  | 'proxy-refused'
  | 'tls-untrusted'
  | 'incomplete-answer'
> = {
  'assume-role-denied': {
    message: (facts) => facts,
    remedy: () =>
      "Check three things: the role's trust policy names this user or account; its conditions (MFA, external ID) are met; the user's own policy allows sts:AssumeRole on this role.",
  },
  'tag-session-denied': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Allow sts:TagSession along with sts:AssumeRole, both in the role's trust policy and in the user's policy, or set ${setting('role-skip-session-tagging', 'true')}.`,
  },
  'source-identity-denied': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Allow sts:SetSourceIdentity along with sts:AssumeRole, both in the role's trust policy and in the user's policy, or remove ${input('role-source-identity')}.`,
  },
  'explicit-deny': {
    message: (facts) => facts,
    remedy: () =>
      'A policy explicitly denies this call, and no permission overrides that. Change the policy named above.',
  },
  'access-denied': {
    message: (facts) => facts,
    remedy: () => 'Allow the action named above for the principal named above.',
  },
  'chained-duration-too-long': {
    message: (facts) => facts,
    remedy: ({ input, setting }) =>
      `Set ${setting('role-duration-seconds', '3600')} or less. For longer sessions, assume the role directly with the code, without ${input('mfa-session-first')} or ${input('role-chaining')}.`,
  },
  'role-duration-too-long': {
    message: (facts) => facts,
    remedy: ({ input }) => `Lower ${input('role-duration-seconds')}, or raise the role's maximum session duration.`,
  },
  'packed-policy-too-large': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Shorten the session policy, pass fewer managed policies or tags, or set ${setting('role-skip-session-tagging', 'true')}.`,
  },
  'malformed-policy': {
    message: (facts) => facts,
    remedy: () => "Correct the session policy. AWS's message above says what it couldn't read.",
  },
  'invalid-parameter': {
    message: (facts) => facts,
    remedy: () => 'Correct the value named above.',
  },
  'access-key-unknown': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Check that the access key exists and is active, that ${input('aws-region')} is in the partition of its account, and, for an opt-in region, that the region is enabled.`,
  },
  'secret-key-wrong': {
    message: (facts) => facts,
    remedy: () =>
      "Store the secret access key again: it doesn't belong to this access key ID. AWS shows it only once; if in doubt, create a new key.",
  },
  'session-expired': {
    message: (facts) => facts,
    remedy: () => 'Get a new session: run the step that created this one again.',
  },
  'region-disabled': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Enable STS for this region in the account's settings, or use another ${input('aws-region')}.`,
  },
  throttled: {
    message: (facts) => facts,
    remedy: () => 'Run the job again later, or spread out the jobs that call AWS at the same time.',
  },
  'service-unavailable': {
    message: (facts) => facts,
    remedy: () => 'Run the job again later. The AWS Health Dashboard shows whether the service has problems.',
  },
  network: {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Check that the runner can reach the endpoint: DNS, firewall, proxy (${input('http-proxy')}, ${input('no-proxy')}), ${input('sts-endpoint')}.`,
  },
  unreachable: {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Check that the runner can reach the endpoint: DNS, firewall, proxy (${input('http-proxy')}, ${input('no-proxy')}), ${input('sts-endpoint')}. No code was spent.`,
  },
  'proxy-refused': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Configure the proxy to allow CONNECT to this host and port, or set ${input('http-proxy')} to another one. List hosts that don't need the proxy in ${input('no-proxy')}. No code was spent.`,
  },
  'tls-untrusted': {
    message: (facts) => facts,
    remedy: () =>
      "If a proxy or your own endpoint uses a private CA, set NODE_EXTRA_CA_CERTS to its certificate file. A clock that is days off causes this too: check the runner's date.",
  },
  'incomplete-answer': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Check what is between the runner and AWS: a proxy, firewall or captive portal may have answered instead, or the endpoint (${input('sts-endpoint')}, ${input('s3-endpoint')}, ${input('iam-endpoint')}) may not be one of AWS's.`,
  },
};

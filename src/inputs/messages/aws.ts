import type { FailureFacts } from '../../core/failure.ts';
import type { Answered, Refused } from '../../core/failure-facts.ts';
import { momentInWords } from '../../core/words.ts';
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
    message: (facts) => refused(facts, "the role can't be assumed."),
    remedy: () =>
      "Check three things: the role's trust policy names this user or account; its conditions (MFA, external ID) are met; the user's own policy allows sts:AssumeRole on this role.",
  },
  'tag-session-denied': {
    message: (facts) => refused(facts, 'passing session tags is not allowed.'),
    remedy: ({ setting }) =>
      `Allow sts:TagSession along with sts:AssumeRole, both in the role's trust policy and in the user's policy, or set ${setting('role-skip-session-tagging', 'true')}.`,
  },
  'source-identity-denied': {
    message: (facts) => refused(facts, 'setting a source identity is not allowed.'),
    remedy: ({ input }) =>
      `Allow sts:SetSourceIdentity along with sts:AssumeRole, both in the role's trust policy and in the user's policy, or remove ${input('role-source-identity')}.`,
  },
  'explicit-deny': {
    message: (facts) => refused(facts, 'a policy explicitly denies this call.'),
    remedy: () =>
      'A policy explicitly denies this call, and no permission overrides that. Change the policy named above.',
  },
  'access-denied': {
    message: (facts) => ('status' in facts ? answered(facts) : refused(facts, 'AWS denies this call.')),
    remedy: () => 'Allow the action named above for the principal named above.',
  },
  'chained-duration-too-long': {
    message: (facts) => refused(facts, 'a role assumed with a session lasts at most one hour.'),
    remedy: ({ input, setting }) =>
      `Set ${setting('role-duration-seconds', '3600')} or less. For longer sessions, assume the role directly with the code, without ${input('mfa-session-first')} or ${input('role-chaining')}.`,
  },
  'role-duration-too-long': {
    message: (facts) => refused(facts, "the requested duration exceeds the role's maximum."),
    remedy: ({ input }) => `Lower ${input('role-duration-seconds')}, or raise the role's maximum session duration.`,
  },
  'packed-policy-too-large': {
    message: (facts) => refused(facts, 'the session policies and tags together are too large.'),
    remedy: ({ setting }) =>
      `Shorten the session policy, pass fewer managed policies or tags, or set ${setting('role-skip-session-tagging', 'true')}.`,
  },
  'malformed-policy': {
    message: (facts) => refused(facts, "AWS can't read the session policy."),
    remedy: () => "Correct the session policy. AWS's message above says what it couldn't read.",
  },
  'invalid-parameter': {
    message: (facts, { input }) =>
      refused(
        facts,
        facts.about === 'signing-region'
          ? `this endpoint doesn't serve the region in ${input('aws-region')}.`
          : 'AWS rejected a value of the request.',
      ),
    remedy: () => 'Correct the value named above.',
  },
  'access-key-unknown': {
    message: (facts) =>
      refused(
        facts,
        facts.about === 'new-keys'
          ? "AWS doesn't recognize these new credentials everywhere yet."
          : `AWS doesn't recognize this ${facts.about === 'session-token' ? 'session token' : 'access key'} in this region or partition.`,
      ),
    remedy: ({ input }) =>
      `Check that the access key exists and is active, that ${input('aws-region')} is in the partition of its account, and, for an opt-in region, that the region is enabled.`,
  },
  'secret-key-wrong': {
    message: (facts) => refused(facts, 'the signature is wrong.'),
    remedy: () =>
      "Store the secret access key again: it doesn't belong to this access key ID. AWS shows it only once; if in doubt, create a new key.",
  },
  'session-expired': {
    message: (facts) => refused(facts, 'the session has expired.'),
    remedy: ({ terms }) => `Get a new session: run the ${terms.use} that created this one again.`,
  },
  'region-disabled': {
    message: (facts) => refused(facts, 'STS is disabled for this region in this account.'),
    remedy: ({ input }) =>
      `Enable STS for this region in the account's settings, or use another ${input('aws-region')}.`,
  },
  throttled: {
    message: (facts) =>
      'status' in facts
        ? `${facts.call}: AWS is throttling requests (HTTP ${facts.status}).`
        : refused(facts, 'AWS is throttling requests.'),
    remedy: ({ terms }) => `Run the ${terms.job} again later, or spread out the jobs that call AWS at the same time.`,
  },
  'service-unavailable': {
    message: (facts) => answered(facts),
    remedy: ({ input, terms: { job, host } }, facts) =>
      facts === undefined || facts.aws !== undefined
        ? `Run the ${job} again later. The AWS Health Dashboard shows whether the service has problems.`
        : `Run the ${job} again later. If it keeps happening, check what is between the ${host} and the endpoint (proxy, load balancer, ${input('sts-endpoint')}).`,
  },
  network: {
    message: (facts) => `${facts.call}: ${silence(facts)}`,
    remedy: ({ input, terms }) =>
      `Check that the ${terms.host} can reach the endpoint: DNS, firewall, proxy (${input('http-proxy')}, ${input('no-proxy')}), ${input('sts-endpoint')}.`,
  },
  unreachable: {
    message: (facts, { input }) => `${facts.call}: ${unreachable(facts, input('aws-region'), input('iam-endpoint'))}`,
    remedy: ({ input, terms }, facts) =>
      facts?.reason === 'name'
        ? `Check the spelling of ${input('aws-region')} first. If it is right, check that the ${terms.host} can resolve AWS host names (DNS), or set the proxy it needs (${input('http-proxy')}). No code was spent.`
        : `Check that the ${terms.host} can reach the endpoint: DNS, firewall, proxy (${input('http-proxy')}, ${input('no-proxy')}), ${input('sts-endpoint')}. No code was spent.`,
  },
  'proxy-refused': {
    message: (facts) => `${facts.call}: ${proxyRefused(facts)}`,
    remedy: ({ input }, facts) => {
      if (facts !== undefined && 'notA' in facts)
        return `Check the host and port in ${input('http-proxy')}, and use ${facts.notA === 'https' ? 'http' : 'https'}:// if that is what the proxy speaks.`;
      if (facts?.status === 407)
        return "Put the user name and password in the proxy's URL, http://USER:PASSWORD@HOST:PORT, from a secret.";
      return `Configure the proxy to allow CONNECT to this host and port, or set ${input('http-proxy')} to another one. List hosts that don't need the proxy in ${input('no-proxy')}. No code was spent.`;
    },
  },
  'tls-untrusted': {
    message: ({ call, target, error }) => `${call}: the certificate of ${target} is not trusted (${error}).`,
    remedy: ({ terms }) =>
      `If a proxy or your own endpoint uses a private CA, set NODE_EXTRA_CA_CERTS to its certificate file. A clock that is days off causes this too: check the ${terms.host}'s date.`,
  },
  'incomplete-answer': {
    message: (facts) => `${facts.call}: ${oddAnswer(facts)}`,
    remedy: ({ input, terms }, facts) =>
      facts?.reason === 'special-characters'
        ? `Remove ${input('special-characters-workaround')}, or run the ${terms.use} again.`
        : `Check what is between the ${terms.host} and AWS: a proxy, firewall or captive portal may have answered instead, or the endpoint (${input('sts-endpoint')}, ${input('s3-endpoint')}, ${input('iam-endpoint')}) may not be one of AWS's.`,
  },
};

/** What happened in our words, and what AWS said. */
export function refused({ call, aws }: Refused, what: string): string {
  return `${call}: ${what} (AWS: ${aws})`;
}

function answered({ call, status, aws }: Answered): string {
  return aws === undefined
    ? `${call}: the endpoint answered HTTP ${status} with no content.`
    : `${call}: AWS answered HTTP ${status} (${aws}).`;
}

function silence(facts: FailureFacts['network']): string {
  switch (facts.reason) {
    case 'no-answer-in-time':
      return `no answer within ${facts.seconds} s.`;
    case 'closed':
      return `the connection was closed before the answer arrived (${facts.error}).`;
    case 'silent':
      return `no answer (${facts.error}).`;
  }
}

function unreachable(facts: FailureFacts['unreachable'], region: string, iamEndpoint: string): string {
  switch (facts.reason) {
    case 'name':
      return `the host name ${facts.host} doesn't resolve (${facts.error}); ${region} is ${facts.region}.`;
    case 'unusable-endpoint':
      return `${iamEndpoint} is unusable, so IAM was not asked.`;
    case 'tunnel':
      return `the proxy ${facts.proxy} did not open a tunnel to ${facts.target} (${facts.error}).`;
    case 'proxy':
      return `can't connect to the proxy ${facts.proxy} (${facts.error}).`;
    case 'tls':
      return `can't establish a secure connection to ${facts.target} (${facts.error}).`;
    case 'connection':
      return `can't connect${facts.target === undefined ? '' : ` to ${facts.target}`} (${facts.error}).`;
  }
}

function proxyRefused(facts: FailureFacts['proxy-refused']): string {
  if ('notA' in facts) return `${facts.proxy} doesn't answer like an ${facts.notA} proxy (${facts.error}).`;
  const wants = facts.status === 407 ? ': it requires a user name and password' : '';
  return `the proxy refused to connect to ${facts.target} (HTTP ${facts.status})${wants}.`;
}

function oddAnswer(facts: FailureFacts['incomplete-answer']): string {
  switch (facts.reason) {
    case 'not-aws':
      return `this answer is not from AWS (HTTP ${facts.status}, ${facts.contentType ?? 'no content type'}).`;
    case 'unreadable':
      return `AWS's answer can't be read (HTTP ${facts.status}).`;
    case 'no-credentials':
      return 'the answer has no complete credentials.';
    case 'no-arn':
      return 'the answer has no valid ARN.';
    case 'endless-list':
      return 'the list never ends.';
    case 'expired':
      return `the answer's credentials expired at ${momentInWords(facts.expiration)}.`;
    case 'valid-too-long':
      return `the answer's credentials expire at ${momentInWords(facts.expiration)}, but the request allows ${momentInWords(facts.latest)} at the latest.`;
    case 'special-characters':
      return `each of ${facts.attempts} secret keys contained special characters.`;
  }
}

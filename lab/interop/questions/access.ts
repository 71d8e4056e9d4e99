import { ACCEPTED, accepted, DENIED, listPages, mfaSession, type Question, whoIs } from './question.ts';

const TWENTY_MINUTES_MS = 20 * 60_000;

/** Signatures, permissions and pages. */
export const ACCESS_QUESTIONS: readonly Question[] = [
  {
    about: 'a wrong secret access key',
    aws: 'SignatureDoesNotMatch',
    ask: (account) => accepted(whoIs(account, { ...account.ci.credentials, secretAccessKey: 'another' })),
  },
  {
    about: 'an unknown access key',
    aws: 'InvalidClientTokenId',
    ask: (account) => accepted(whoIs(account, { ...account.ci.credentials, accessKeyId: 'AKIAIOSFODNN7UNKNOWN' })),
  },
  {
    about: 'a request that was signed 20 minutes ago',
    aws: 'SignatureDoesNotMatch',
    observed: true,
    ask: (account) => accepted(whoIs(account, account.ci.credentials, -TWENTY_MINUTES_MS)),
  },
  {
    about: 'a request that nobody signed',
    aws: 'MissingAuthenticationToken',
    async ask({ endpoint }) {
      const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
      const answer = await fetch(endpoint, { method: 'POST', body });
      const text = await answer.text();
      return answer.ok ? ACCEPTED : (/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `HTTP ${answer.status}`);
    },
  },
  {
    about: "buckets with a user's key, where the user's policy denies all without MFA",
    aws: DENIED,
    ask: (account) => accepted(listPages(account, account.careful.credentials)),
  },
  {
    about: 'buckets with the session that a code gave, under the same policy',
    aws: ACCEPTED,
    ask: async (account, code) => accepted(listPages(account, await mfaSession(account, account.careful, code))),
  },
  {
    about: 'ListBuckets of 1,203 buckets, 1,000 a page',
    aws: '1000 + 203',
    ask: (account) => listPages(account, account.ci.credentials),
  },
];

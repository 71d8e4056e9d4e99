import type { FailureFacts } from '../../core/failure.ts';
import { momentInWords } from '../../core/words.ts';
import { refused } from './aws.ts';
import type { Entries, Terms } from './wording.ts';

// Failures of keys and sessions, and of the checks before they are exported.

export const SESSIONS: Entries<
  | 'keys-not-found'
  | 'keys-temporary'
  | 'session-not-found'
  | 'session-expiry-unknown'
  | 'session-not-renewing'
  | 'account-not-allowed'
  | 'buckets-denied'
  | 'bucket-not-found'
  | 'bucket-denied'
  | 'buckets-unauthenticated'
> = {
  'keys-not-found': {
    message: (facts, { input, terms }) =>
      facts.reason === 'none'
        ? `${input('aws-access-key-id')} is not set, and ${facts.missing}.`
        : `The credentials found on the ${terms.host} contain white space or other invalid characters.`,
    remedy: (words, facts) => {
      const { input, setting, emptySecret, terms } = words;
      const keys = `${input('aws-access-key-id')} and ${input('aws-secret-access-key')}`;
      const advice = facts?.reason === 'none' ? facts.advice : undefined;
      switch (advice?.kind) {
        case 'correct-profile':
          return `Correct the profile, unset AWS_PROFILE, or set ${keys}.`;
        case 'correct-profile-name':
          return `Correct AWS_PROFILE or unset it, or set ${keys}.`;
        case 'profile-with-mfa': {
          const { source, role, serial } = advice;
          const profile = source === undefined ? '' : `AWS_PROFILE to ${source} (its source_profile), `;
          return `This ${terms.tool} does that itself. Set ${profile}${setting('role-to-assume', role)} and ${setting('mfa-serial', serial)}.`;
        }
        case undefined:
          return `Set ${keys} from secrets.${emptySecret === undefined ? '' : ` ${emptySecret}`}`;
      }
    },
  },
  'keys-temporary': {
    message: ({ source }, { input }) =>
      `${input('aws-access-key-id')} is not set, and the credentials from ${source} are temporary.`,
    remedy: ({ setting }) =>
      `Use the long-term key of an IAM user (AKIA…). To assume a role with the session in the environment, set ${setting('role-chaining', 'true')} instead.`,
  },
  'session-not-found': {
    message: (facts, { setting, terms }) =>
      `${setting('role-chaining', 'true')} needs a session, but ${noSession(facts, terms)}.`,
    remedy: ({ input }, facts) =>
      facts?.profile
        ? 'Unset AWS_PROFILE to use the session in the environment, or set it to a profile with a session.'
        : `Get the session in an earlier step of this job: this action without ${input('role-chaining')}, with ${input('output-env-credentials')} on.`,
  },
  'session-expiry-unknown': {
    message: () => "The session doesn't say when it expires, so it was not sealed.",
    remedy: ({ terms: { use } }) => `Seal the session in the ${use} that gets it: that ${use} knows when it expires.`,
  },
  'session-not-renewing': {
    message: ({ arn }) =>
      `The session is ${arn}. Tools can only renew roles from a user's session, because a role's session ends within the hour itself.`,
    remedy: ({ input, setting }) =>
      `Start from a step without ${input('role-to-assume')}, which gets a user's session, or give this step the key and the seed. Without ${setting('renew', 'true')}, the role can be assumed for an hour.`,
  },
  'account-not-allowed': {
    message: (facts, { input }) =>
      `${subjectOf(facts)} account ${facts.account}, which ${input('allowed-account-ids')} doesn't allow.`,
    remedy: ({ input }) => `Use keys or a role of an allowed account, or correct ${input('allowed-account-ids')}.`,
  },
  'buckets-denied': {
    message: (facts) =>
      refused(facts, 'authenticated, but not allowed to list buckets: s3:ListAllMyBuckets is missing.'),
    remedy: ({ input }) =>
      `Allow s3:ListAllMyBuckets, or list the buckets to check in ${input('expected-buckets')}, which only needs s3:ListBucket on them.`,
  },
  'bucket-not-found': {
    message: (facts) => refused(facts, `the bucket ${facts.bucket} doesn't exist.`),
    remedy: ({ input }) => `Correct the name in ${input('expected-buckets')}, or create the bucket.`,
  },
  'bucket-denied': {
    message: (facts) => refused(facts, `authenticated, but not allowed to access the bucket ${facts.bucket}.`),
    remedy: () => "Allow s3:ListBucket on this bucket for the identity above, and check the bucket's policy.",
  },
  'buckets-unauthenticated': {
    message: (facts) => refused(facts, "not authenticated: S3 doesn't recognize these credentials."),
    remedy: ({ input }) =>
      `Check ${input('s3-endpoint')} and ${input('aws-region')}: STS issued these credentials, but S3 doesn't recognize them.`,
  },
};

function noSession(facts: FailureFacts['session-not-found'], { host }: Terms): string {
  if (facts.reason === 'no-token') return `the keys from ${facts.source} have no session token`;
  const { missing = `the credentials of the ${host} can't be used` } = facts;
  return facts.profile ? missing : `the environment has none, and ${missing}`;
}

function subjectOf(facts: FailureFacts['account-not-allowed']): string {
  switch (facts.what) {
    case 'credentials':
      return `The credentials belong to ${facts.arn} in`;
    case 'device':
      return 'The MFA device is in';
    case 'role':
      return `The role ${facts.name} is in`;
    case 'profile':
      return `The role of profile ${facts.name} is in`;
  }
}

// Failures of sealed sessions.

export const SEALING: Entries<
  | 'sealed-session-empty'
  | 'sealed-session-altered'
  | 'sealed-session-version'
  | 'sealing-key-wrong'
  | 'sealed-session-elsewhere'
  | 'sealed-session-expired'
  | 'sealed-session-masked'
> = {
  'sealed-session-empty': {
    message: () => 'The sealed session is empty.',
    remedy: ({ input }) => `Pass the output of the job that sealed it as ${input('sealed-session')}.`,
  },
  'sealed-session-altered': {
    message: () => "The sealed session isn't exactly what the sealing job put out.",
    remedy: () =>
      'Pass the output unchanged: one line, without quotes or whitespace around it. If it shows ***, it contains a secret of a job that it passed through: run the sealing job again.',
  },
  'sealed-session-version': {
    message: ({ found, supported }, { terms }) =>
      `The sealed session has version ${found}, but this ${terms.tool} opens version ${supported}.`,
    remedy: ({ terms }) =>
      `Use the same release of this ${terms.tool} in the job that seals and in the jobs that open.`,
  },
  'sealing-key-wrong': {
    message: (_, { input }) => `The session was sealed with a different ${input('sealing-key')}.`,
    remedy: ({ input }) => `Set ${input('sealing-key')} to the same secret in both jobs.`,
  },
  'sealed-session-elsewhere': {
    message: (facts, { input, terms: { run, place } }) => {
      switch (facts.scope) {
        case 'run':
          return `The session was sealed for ${run} ${facts.sealedFor}, but this is run ${facts.here}.`;
        case 'repository':
          return `The session was sealed for ${place} ${facts.sealedFor}, but this is ${facts.here}.`;
        case 'partition':
          return `The sealed session is in partition ${facts.sealedFor}, but ${input('aws-region')} is in ${facts.here}.`;
      }
    },
    remedy: ({ input, setting }, facts) => {
      switch (facts?.scope) {
        case 'repository':
          return 'Seal a session in this repository. A session can only be opened in the repository that sealed it.';
        case 'partition':
          return `Set ${input('aws-region')} to a region in the partition of the session. A session is only valid in its own partition.`;
        default:
          return `Open it in the run that sealed it. To share a session with other runs of this repository, set ${setting('sealed-session-scope', 'repository')} both when sealing and when opening.`;
      }
    },
  },
  'sealed-session-expired': {
    message: ({ expiration, secondsLeft, minimumSeconds }, { input }) =>
      secondsLeft <= 0
        ? `The sealed session expired at ${momentInWords(expiration)}.`
        : `The sealed session expires at ${momentInWords(expiration)}, in ${secondsLeft} s, but ${input('minimum-remaining-seconds')} is ${minimumSeconds}.`,
    remedy: ({ input }) =>
      `Run the job that seals the session again. For longer jobs, raise ${input('session-duration-seconds')} there.`,
  },
  'sealed-session-masked': {
    message: ({ attempts }) =>
      `The session was sealed ${attempts} times, and each result contained a masked value, because this step masks a very short one. GitHub drops outputs that contain masked values.`,
    remedy: ({ input }) =>
      `Don't use such short secrets in the step that seals: look at ${input('http-proxy')} and ${input('aws-secret-access-key')}. Nothing was exported.`,
  },
};

import { momentInWords } from '../../core/words.ts';
import type { Entries } from './wording.ts';

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
    message: ({ found, supported }) =>
      `The sealed session has version ${found}, but this action opens version ${supported}.`,
    remedy: () => 'Use the same release of this action in the job that seals and in the jobs that open.',
  },
  'sealing-key-wrong': {
    message: (_, { input }) => `The session was sealed with a different ${input('sealing-key')}.`,
    remedy: ({ input }) => `Set ${input('sealing-key')} to the same secret in both jobs.`,
  },
  'sealed-session-elsewhere': {
    message: (facts, { input }) => {
      switch (facts.scope) {
        case 'run':
          return `The session was sealed for workflow run ${facts.sealedFor}, but this is run ${facts.here}.`;
        case 'repository':
          return `The session was sealed for repository ${facts.sealedFor}, but this is ${facts.here}.`;
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

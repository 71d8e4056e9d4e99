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
    message: (facts) => facts,
    remedy: ({ input }) => `Pass what the sealing job put out as ${input('sealed-session')}.`,
  },
  'sealed-session-altered': {
    message: (facts) => facts,
    remedy: () =>
      'Pass the output unchanged: one line, no quotes, no surrounding white space. If it shows ***, it contains a secret of a job that it passed through: run the sealing job again.',
  },
  'sealed-session-version': {
    message: (facts) => facts,
    remedy: () => 'Use the same release of this action in the job that seals and in the jobs that open.',
  },
  'sealing-key-wrong': {
    message: (facts) => facts,
    remedy: ({ input }) => `Set ${input('sealing-key')} to the same secret in both jobs.`,
  },
  'sealed-session-elsewhere': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Open it in the run that sealed it. To share a session with other runs of this repository, set ${setting('sealed-session-scope', 'repository')} both when sealing and when opening.`,
  },
  'sealed-session-expired': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Run the job that seals the session again. For longer jobs, raise ${input('session-duration-seconds')} there.`,
  },
  'sealed-session-masked': {
    message: (facts) => facts,
    remedy: ({ input }) =>
      `Don't use such short secrets in the step that seals: look at ${input('http-proxy')} and ${input('aws-secret-access-key')}. Nothing was exported.`,
  },
};

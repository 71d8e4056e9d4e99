import type { Entries } from './wording.ts';

// Failures of the host, of the export, and of the step as a whole.

export const RUNNER: Entries<
  | 'invalid-input'
  | 'host-unknown'
  | 'command-file-missing'
  | 'command-file-unwritable'
  | 'export-failed'
  | 'timed-out'
  | 'cancelled'
  | 'unexpected'
> = {
  'invalid-input': {
    message: (facts) => facts,
    remedy: () => 'Correct the inputs named above. Nothing was sent to AWS, and nothing was exported.',
  },
  'host-unknown': {
    message: (facts) => facts,
    remedy: () =>
      'Run this as a workflow step on a runner of GitHub, Gitea or Forgejo, or with act: they set GITHUB_ACTIONS and hide masked values. Nothing was sent.',
  },
  'command-file-missing': {
    message: (facts) => facts,
    remedy: () =>
      'Run this as a workflow step on a runner that sets GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE (2.327.1 or newer).',
  },
  'command-file-unwritable': {
    message: (facts) => facts,
    remedy: () =>
      "Make it writable for the user that runs the step. In a container job, run as the owner of the runner's files (container.options: --user 1001 on GitHub-hosted runners) or as root (--user root).",
  },
  'export-failed': {
    message: (facts) => facts,
    remedy: () =>
      'Check that the files named by GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE are writable and that the disk is not full.',
  },
  'timed-out': {
    message: (facts) => facts,
    remedy: ({ input }) => `Raise ${input('action-timeout-s')}, or set RUNNER_DEBUG=1 to see what is slow.`,
  },
  cancelled: {
    message: (facts) => facts,
    remedy: () => 'Nothing to do: the job was cancelled, and nothing was exported.',
  },
  unexpected: {
    message: ({ call, error }) => (call === undefined ? error : `${call}: ${error}`),
    remedy: () => 'This is a bug. Please open an issue and attach the debug log.',
  },
};

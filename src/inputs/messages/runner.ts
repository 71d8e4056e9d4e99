import type { Failure, FailureFacts } from '../../core/failure.ts';
import { count } from '../../core/words.ts';
import type { Entries, Wording } from './wording.ts';

// Failures of the host, of the export, and of the step as a whole.

type RunnerCode =
  | 'invalid-input'
  | 'host-unknown'
  | 'command-file-missing'
  | 'command-file-unwritable'
  | 'export-failed'
  | 'timed-out'
  | 'cancelled'
  | 'unexpected';

export const RUNNER: Entries<RunnerCode> = {
  'invalid-input': {
    message: ({ count: problems }) => `${count(problems, 'problem')} with the inputs.`,
    remedy: () => 'Correct the inputs named above. Nothing was sent to AWS, and nothing was exported.',
  },
  'host-unknown': {
    message: () => 'GITHUB_ACTIONS isn\'t "true", so this isn\'t a workflow step, and the log would show secrets.',
    remedy: () =>
      'Run this as a workflow step on a runner of GitHub, Gitea or Forgejo, or with act: they set GITHUB_ACTIONS and hide masked values. Nothing was sent.',
  },
  'command-file-missing': {
    message: ({ file, problem }) => `${file} ${missing(problem)}, so nothing can be passed safely to later steps.`,
    remedy: () =>
      'Run this as a workflow step on a runner that sets GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE (2.327.1 or newer).',
  },
  'command-file-unwritable': {
    message: ({ file, error }) => `The file named by ${file} can't be written: ${error}.`,
    remedy: () =>
      "Make it writable for the user that runs the step. In a container job, run as the owner of the runner's files (container.options: --user 1001 on GitHub-hosted runners) or as root (--user root).",
  },
  'export-failed': {
    message: exportFailed,
    remedy: (_, facts) => {
      switch (facts?.reason) {
        case 'delimiter':
          return 'Nothing was exported. Find out what set this value: it was made to set other variables of the job.';
        case 'log-blocked':
          return "Run the job again. If that doesn't help, find out what keeps the runner from reading this step's output.";
        default:
          return 'Check that the files named by GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE are writable and that the disk is not full.';
      }
    },
  },
  'timed-out': {
    message: ({ seconds }, { input, terms }) =>
      `The ${terms.use} took longer than ${seconds} s (${input('action-timeout-s')}). Nothing was exported.`,
    remedy: ({ input }) => `Raise ${input('action-timeout-s')}, or set RUNNER_DEBUG=1 to see what is slow.`,
  },
  cancelled: {
    message: ({ signal }, { terms }) => `The ${terms.use} was cancelled (${signal}). Nothing was exported.`,
    remedy: ({ terms }) => `Nothing to do: the ${terms.job} was cancelled, and nothing was exported.`,
  },
  unexpected: {
    message: ({ call, error }) => (call === undefined ? error : `${call}: ${error}`),
    remedy: () => 'This is a bug. Please open an issue and attach the debug log.',
  },
};

/** What happened, without the rest of the catalogue. */
export function messageOfRunner<Code extends RunnerCode>({ code, facts }: Failure<Code>, words: Wording): string {
  const entry: Entries<RunnerCode>[Code] = RUNNER[code];
  return entry.message(facts, words);
}

function missing(problem: FailureFacts['command-file-missing']['problem']): string {
  switch (problem) {
    case 'unset':
      return "isn't set";
    case 'missing':
      return "names a file that doesn't exist";
    case 'folder':
      return 'names a folder';
    case 'not-plain':
      return "names something that isn't a regular file";
    default:
      return `names a file that can't be accessed (${problem.error})`;
  }
}

function exportFailed(facts: FailureFacts['export-failed']): string {
  switch (facts.reason) {
    case 'command-file':
      return `A command file of the runner can't be written: ${facts.error}.`;
    case 'buckets-file':
      return `The list of buckets can't be written to ${facts.path}: ${facts.error}.`;
    case 'delimiter':
      return `The value of ${facts.name} contains the delimiter of its own entry.`;
    case 'log-blocked':
      return "The runner doesn't read this step's log, so it wouldn't mask anything. Nothing was exported.";
    case 'not-undone':
      return 'The export failed.';
  }
}

import type { FailureContext } from '../../core/failure.ts';
import type { Unwritable } from '../../core/failure-facts.ts';
import type { Entries, Wording } from './wording.ts';

// Failures of the profiles in ~/.aws.

export const PROFILES: Entries<'profile-exists' | 'profile-unwritable' | 'profile-locked'> = {
  'profile-exists': {
    message: ({ path, names }) => `${path} already has the ${namely(names)}.`,
    remedy: ({ input, setting }) =>
      `Choose another name in ${input('aws-profile')} or ${input('roles')}, set ${setting('overwrite-aws-profile', 'true')} to replace the profile, or set ${setting('profiles-location', 'temp')} to write to this job's own files.`,
  },
  'profile-unwritable': {
    message: whyUnwritable,
    remedy: (words, facts) => {
      const temp = useTemp(words);
      return (
        (facts && specialRemedy(facts, words, temp)) ??
        `Make the file and its folder writable for the runner, or ${temp}.`
      );
    },
  },
  'profile-locked': {
    message: (facts) => {
      const { path } = facts;
      switch (facts.reason) {
        case 'held':
          return `Another process has held the lock on ${path} (${path}.lock) for more than ${facts.seconds} seconds.`;
        case 'not-a-lock':
          return `${path} can't be locked: ${path}.lock exists and isn't a folder.`;
        case 'changed':
          return `Another process changed ${path} while this step was about to write it.`;
      }
    },
    remedy: (words, facts) => {
      switch (facts?.reason) {
        case 'not-a-lock':
          return `Remove ${facts.path}.lock, or ${useTemp(words)}.`;
        case 'changed':
          return 'Run the job again, and make sure that nothing else writes this file at the same time.';
        default:
          return `Run the steps one after the other, or ${useTemp(words)}.`;
      }
    },
  },
};

/** The way out of most problems with the user's files. */
function useTemp({ setting }: Wording): string {
  return `set ${setting('profiles-location', 'temp')} to write to this job's own files`;
}

/** What to do about files that already are this job's own. */
export function remedyForJobFiles(
  { code, variable }: Extract<FailureContext, { kind: 'job-files' }>,
  { input, setting }: Wording,
): string {
  switch (code) {
    case 'profile-exists':
      return `Choose another name in ${input('aws-profile')} or ${input('roles')}, or set ${setting('overwrite-aws-profile', 'true')}.`;
    case 'profile-locked':
      return 'Run the steps of this job one after the other.';
    case 'profile-unwritable':
      return `Remove what is in the place of this job's own files in ${variable}, or remove ${input('profiles-location')}.`;
  }
}

/** `profile a`, or `profiles a, b`. */
export function namely(names: readonly string[]): string {
  return `${names.length === 1 ? 'profile' : 'profiles'} ${names.join(', ')}`;
}

function whyUnwritable(facts: Unwritable, words: Wording): string {
  switch (facts.reason) {
    case 'system':
      return `${facts.path} can't be written: ${facts.error}.`;
    case 'lock':
      return `${facts.path} can't be locked: ${facts.error}.`;
    case 'not-a-file':
      return `${facts.path} isn't a regular file.`;
    case 'not-a-folder':
      return `${facts.path} can't be written: ${facts.folder} isn't a folder.`;
    case 'link':
      return `${facts.path} is a symbolic link, and profiles aren't written through links.`;
    case 'mounted':
      return `${facts.path} is mounted by itself, so no new file can replace it.`;
    case 'both-files':
      return `${facts.path} would be both the config file and the credentials file.`;
    case 'only-owner-may-replace':
      return `${facts.path} belongs to another user, in a folder in which only owners may replace files.`;
    case 'too-large':
      return `${facts.path} is larger than ${facts.megabytes} MB.`;
    case 'not-own':
      return `${facts.path} ${NOT_OWN[facts.because]}, so it isn't this job's own.`;
    case 'ambiguous':
      return `In ${facts.path}, the profile ${facts.name} begins or ends at an indented header, so tools disagree on what belongs to it.`;
    case 'bad-name':
      return `${JSON.stringify(facts.name)} isn't a profile name that every AWS tool can read.`;
    case 'repeated-name':
      return `The profile name ${facts.name} is used more than once.`;
    case 'bad-value':
      return `The ${facts.key} for the profile ${facts.name} is empty or contains a character that a profile file can't hold.`;
    case 'no-home':
      return `This user has no home folder (${facts.error}).`;
    case 'other-home':
      return `${facts.variable} points to the home folder of another user: ${facts.path}.`;
    case 'no-job-folder':
      return `${words.setting('profiles-location', 'temp')} needs ${facts.variable}, which isn't set.`;
    case 'too-many':
      return `${facts.count} profiles are more than the post step could remove again.`;
    case 'not-restored':
      return [
        ...facts.files.map(({ path, because }) => `${path} couldn't be restored. ${whyUnwritable(because, words)}`),
        ...facts.temporaryFiles.map(({ path, error }) => `The temporary file ${path} couldn't be removed: ${error}.`),
      ].join(' ');
  }
}

const NOT_OWN: Readonly<Record<Extract<Unwritable, { reason: 'not-own' }>['because'], string>> = {
  link: 'is a symbolic link',
  'owned-by-others': 'belongs to another user',
  'writable-by-others': 'is writable by other users',
};

/** The remedy of a reason that has its own. */
function specialRemedy(facts: Unwritable, { input }: Wording, temp: string): string | undefined {
  switch (facts.reason) {
    case 'link':
      return `Put the real file or folder there, point AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to the real files, or ${temp}.`;
    case 'mounted':
      return `Mount its folder instead, or ${temp}.`;
    case 'both-files':
      return `Point AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to two different files, or ${temp}.`;
    case 'ambiguous':
      return `Remove the indentation of the header, or ${temp}.`;
    case 'bad-name':
      return 'Use only letters, digits and _ . : + @ % -, and no name with a special meaning (DEFAULT, __proto__, constructor).';
    case 'repeated-name':
      return 'Give each profile a different name.';
    case 'bad-value':
      return `Remove ${input('aws-profile')}: environment variables can hold any value.`;
    case 'no-home':
      return `Set HOME, or ${temp}.`;
    case 'other-home':
      return `Set ${facts.variable} to the full path, or ${temp}.`;
    case 'no-job-folder':
      return `Run this as a workflow step, or remove ${input('profiles-location')}.`;
    case 'too-many':
      return 'Use shorter names, or split the profiles between two steps.';
    case 'not-restored':
      return "Remove this step's profiles from these files by hand.";
    default:
      return undefined;
  }
}

import type { Entries } from './wording.ts';

// Failures of the profiles in ~/.aws.

export const PROFILES: Entries<'profile-exists' | 'profile-unwritable' | 'profile-locked'> = {
  'profile-exists': {
    message: (facts) => facts,
    remedy: ({ input, setting }) =>
      `Choose another name in ${input('aws-profile')} or ${input('roles')}, set ${setting('overwrite-aws-profile', 'true')} to replace the profile, or set ${setting('profiles-location', 'temp')} to write to this job's own files.`,
  },
  'profile-unwritable': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Set ${setting('profiles-location', 'temp')} to write to this job's own files, or make the file and its folder writable for the runner.`,
  },
  'profile-locked': {
    message: (facts) => facts,
    remedy: ({ setting }) =>
      `Run the steps one after the other, or set ${setting('profiles-location', 'temp')} to write to this job's own files.`,
  },
};

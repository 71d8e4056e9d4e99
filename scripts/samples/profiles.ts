import type { Samples } from './sample.ts';

export const PROFILES: Samples<'profile-exists' | 'profile-unwritable' | 'profile-locked'> = {
  'profile-exists': [{ facts: '/home/runner/.aws/credentials already has the profile ci.' }],
  'profile-unwritable': [
    { facts: 'The profile file /home/runner/.aws/config cannot be written: it is not a regular file.' },
  ],
  'profile-locked': [
    {
      facts:
        'The profile file /home/runner/.aws/config was locked by another process (/home/runner/.aws/config.lock) for 10 seconds.',
    },
  ],
};

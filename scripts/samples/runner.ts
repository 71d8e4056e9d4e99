import type { Samples } from './sample.ts';

export const RUNNER: Samples<
  | 'invalid-input'
  | 'host-unknown'
  | 'command-file-missing'
  | 'command-file-unwritable'
  | 'export-failed'
  | 'timed-out'
  | 'cancelled'
  | 'unexpected'
> = {
  'invalid-input': [
    {
      facts:
        'aws-region is "nowhere", which isn\'t a region of any AWS partition. Examples: eu-central-1, us-gov-west-1, cn-north-1.',
    },
  ],
  'host-unknown': [
    { facts: 'GITHUB_ACTIONS is not "true", so this is not a step of a workflow and the log would show secrets.' },
  ],
  'command-file-missing': [{ facts: 'GITHUB_ENV is not set, so nothing could be handed to later steps safely.' }],
  'command-file-unwritable': [
    {
      facts:
        "GITHUB_ENV names a file that cannot be written: EACCES: permission denied, open '/__w/_temp/_runner_file_commands/set_env_1'.",
    },
  ],
  'export-failed': [
    { facts: 'A command file of the runner could not be written (ENOSPC: no space left on device, write).' },
  ],
  'timed-out': [{ facts: 'The step took longer than the 60 s of action-timeout-s; nothing was exported.' }],
  cancelled: [{ facts: 'The step was cancelled (SIGINT); nothing was exported.' }],
  unexpected: [
    { facts: { error: 'time is out of joint' } },
    { facts: { call: 'GetSessionToken', error: 'time is out of joint' } },
  ],
};

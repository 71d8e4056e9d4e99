import { Failure } from '../../src/core/failure.ts';
import type { RUNNER as Messages } from '../../src/inputs/messages/runner.ts';
import type { Samples } from './sample.ts';

const FULL = 'ENOSPC: no space left on device, write';

export const RUNNER: Samples<keyof typeof Messages> = {
  'invalid-input': [{ facts: { count: 2 } }],
  'host-unknown': [{ facts: {} }],
  'command-file-missing': [
    { facts: { file: 'GITHUB_ENV', problem: 'unset' } },
    { facts: { file: 'GITHUB_ENV', problem: 'missing' } },
    { facts: { file: 'GITHUB_ENV', problem: 'folder' } },
    { facts: { file: 'GITHUB_ENV', problem: 'not-plain' } },
    { facts: { file: 'GITHUB_ENV', problem: { error: 'EACCES: permission denied, stat' } } },
  ],
  'command-file-unwritable': [
    {
      facts: {
        file: 'GITHUB_ENV',
        error: "EACCES: permission denied, open '/__w/_temp/_runner_file_commands/set_env_1'",
      },
    },
  ],
  'export-failed': [
    { facts: { reason: 'command-file', error: FULL } },
    { facts: { reason: 'buckets-file', path: '/home/runner/work/_temp/buckets.json', error: FULL } },
    { facts: { reason: 'delimiter', name: 'AWS_PROFILE' } },
    { facts: { reason: 'log-blocked' } },
    {
      facts: { reason: 'not-undone' },
      context: {
        kind: 'not-undone',
        first: new Failure('export-failed', { reason: 'command-file', error: FULL }),
        stuck: [new Failure('unexpected', { error: 'EIO: i/o error, truncate' })],
      },
    },
  ],
  'timed-out': [{ facts: { seconds: 60 } }],
  cancelled: [{ facts: { signal: 'SIGINT' } }],
  unexpected: [
    { facts: { error: 'time is out of joint' } },
    { facts: { call: 'GetSessionToken', error: 'time is out of joint' } },
  ],
};

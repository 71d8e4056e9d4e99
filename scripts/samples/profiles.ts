import { Failure } from '../../src/core/failure.ts';
import type { PROFILES as Messages } from '../../src/inputs/messages/profiles.ts';
import type { ProfileNotice } from '../../src/profiles/notice.ts';
import type { Samples } from './sample.ts';

const PATH = '/home/runner/.aws/config';

export const PROFILES: Samples<keyof typeof Messages> = {
  'profile-exists': [
    { facts: { path: '/home/runner/.aws/credentials', names: ['ci'] } },
    {
      facts: { path: PATH, names: ['ci', 'prod'] },
      context: { kind: 'job-files', code: 'profile-exists', variable: 'RUNNER_TEMP' },
    },
  ],
  'profile-unwritable': [
    { facts: { reason: 'system', path: PATH, error: `EACCES: permission denied, open '${PATH}'` } },
    { facts: { reason: 'not-a-file', path: PATH } },
    { facts: { reason: 'lock', path: PATH, error: `EROFS: read-only file system, mkdir '${PATH}.lock'` } },
    { facts: { reason: 'not-a-folder', path: PATH, folder: '/home/runner/.aws' } },
    { facts: { reason: 'link', path: PATH } },
    { facts: { reason: 'mounted', path: PATH } },
    { facts: { reason: 'both-files', path: PATH } },
    { facts: { reason: 'only-owner-may-replace', path: '/tmp/config' } },
    { facts: { reason: 'too-large', path: PATH, megabytes: 16 } },
    ...(['link', 'owned-by-others', 'writable-by-others'] as const).map((because) => ({
      facts: { reason: 'not-own', path: '/__w/_temp/aws-mfa-credentials', because } as const,
      context: { kind: 'job-files', code: 'profile-unwritable', variable: 'RUNNER_TEMP' } as const,
    })),
    { facts: { reason: 'ambiguous', path: PATH, name: 'ci' } },
    { facts: { reason: 'bad-name', name: 'a]\n[b' } },
    { facts: { reason: 'repeated-name', name: 'ci' } },
    { facts: { reason: 'bad-value', name: 'ci', key: 'aws_session_token' } },
    { facts: { reason: 'no-home', error: 'ENOENT: no such file or directory, uv_os_get_passwd' } },
    { facts: { reason: 'other-home', variable: 'AWS_CONFIG_FILE', path: '~root/config' } },
    { facts: { reason: 'no-job-folder', variable: 'RUNNER_TEMP' } },
    { facts: { reason: 'too-many', count: 200 } },
    {
      facts: {
        reason: 'not-restored',
        files: [{ path: PATH, because: { reason: 'not-a-file', path: PATH } }],
        temporaryFiles: [
          {
            path: `${PATH}.aws-mfa-credentials-0123456789abcdef.tmp`,
            error: 'EIO: i/o error, unlink',
          },
        ],
      },
    },
  ],
  'profile-locked': [
    { facts: { reason: 'held', path: PATH, seconds: 10 } },
    {
      facts: { reason: 'held', path: PATH, seconds: 10 },
      context: { kind: 'job-files', code: 'profile-locked', variable: 'RUNNER_TEMP' },
    },
    { facts: { reason: 'not-a-lock', path: PATH } },
    { facts: { reason: 'changed', path: PATH } },
  ],
};

/** Every form of a notice. */
export const PROFILE_NOTICES: readonly ProfileNotice[] = [
  { kind: 'settings-copied', path: PATH },
  { kind: 'settings-not-copied', path: PATH, error: "it isn't a regular file" },
  { kind: 'owned-by-others', path: '/home/runner/.aws' },
  { kind: 'writable-by-others', path: '/home/runner/.aws' },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 1, problem: 'byte-order-mark' } },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 2, problem: 'not-utf-8' } },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 1, problem: 'outside-any-section' } },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 3, problem: 'no-equals-sign' } },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 4, problem: 'repeated-section', name: 'dev' } },
  { kind: 'unreadable-for-python', path: PATH, problem: { line: 3, problem: 'repeated-setting', name: 'region' } },
  { kind: 'removed', names: ['ci'] },
  { kind: 'removed', names: ['ci', 'prod'] },
  { kind: 'changed', path: PATH, names: ['ci'] },
  { kind: 'changed', path: PATH, names: ['ci', 'prod'] },
  {
    kind: 'not-removed',
    path: PATH,
    names: ['ci'],
    failure: new Failure('profile-locked', { reason: 'held', path: PATH, seconds: 10 }),
  },
  {
    kind: 'not-removed',
    path: PATH,
    names: ['ci', 'prod'],
    failure: new Failure('profile-unwritable', { reason: 'link', path: PATH }),
  },
  { kind: 'temporary-not-removed', path: `${PATH}.aws-mfa-credentials-0123456789abcdef.tmp` },
];

import type { COMMAND as Messages } from '../../src/inputs/messages/command.ts';
import type { Samples } from './sample.ts';
import { SETUP } from './setup.ts';
import { STORES } from './stores.ts';

const FOLDER = '/home/ana/.cache/aws-mfa-credentials';

export const COMMAND: Samples<keyof typeof Messages> = {
  ...SETUP,
  ...STORES,
  'cache-unusable': [
    { facts: { reason: 'system', path: FOLDER, error: "EROFS: read-only file system, mkdir '/home/ana/.cache'" } },
    { facts: { reason: 'not-a-folder', path: FOLDER } },
    { facts: { reason: 'owned-by-others', path: FOLDER } },
    { facts: { reason: 'writable-by-others', path: FOLDER } },
    { facts: { reason: 'no-home', error: 'ENOENT: no such file or directory, uv_os_get_passwd' } },
    { facts: { reason: 'held', path: `${FOLDER}/codes.json`, seconds: 300 } },
    { facts: { reason: 'lock-lost', path: `${FOLDER}/codes.json` } },
  ],
};

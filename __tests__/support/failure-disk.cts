// Loaded into the action's process before it (`NODE_OPTIONS=--require`): a disk on which a file named `mine` can grow and
// cannot be cut off again, as an append-only one or a failing one, and on which there is no room for a file named `full`.

const fs = process.getBuiltinModule('node:fs');
const { appendFileSync, truncateSync, writeFileSync } = fs;

writeFileSync('full', '');

Object.assign(fs, {
  appendFileSync(path: string, text: string) {
    if (path === 'full') throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    appendFileSync(path, text);
  },
  truncateSync(path: string, length: number) {
    if (path === 'mine') throw new Error(`EIO: i/o error, truncate ${path}`);
    truncateSync(path, length);
  },
});

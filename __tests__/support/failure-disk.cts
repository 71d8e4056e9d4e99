// Loaded into the action's process before it (`NODE_OPTIONS=--require`): a disk on which a file named `mine` can grow and
// cannot be cut off again, as an append-only one or a failing one.

const fs = process.getBuiltinModule('node:fs');
const { truncateSync } = fs;

Object.assign(fs, {
  truncateSync(path: string, length: number) {
    if (path === 'mine') throw new Error(`EIO: i/o error, truncate ${path}`);
    truncateSync(path, length);
  },
});

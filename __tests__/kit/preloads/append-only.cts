// Loaded before the action: a disk on which a file named `mine` can grow and
// cannot be cut off again, as an append-only one or a failing one, and on which there is no room for a file named `full`.

const fs = process.getBuiltinModule('node:fs');
const { openSync, truncateSync, writeFileSync } = fs;

if (!fs.existsSync('full')) writeFileSync('full', '');

const full = new Set<unknown>();

Object.assign(fs, {
  openSync(path: string, flags: number, mode: number) {
    const file = openSync(path, flags, mode);
    if (path === 'full') full.add(file);
    else full.delete(file);
    return file;
  },
  writeFileSync(...[file, text, options]: Parameters<typeof writeFileSync>) {
    if (full.has(file)) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    writeFileSync(file, text, options);
  },
  truncateSync(path: string, length: number) {
    if (path === 'mine') throw new Error(`EIO: i/o error, truncate ${path}`);
    truncateSync(path, length);
  },
});

// Loaded before the action: a disk that is full from the moment on at which a
// command file named `full` is written to. What is there may go or be replaced; there is no room for a new file.

const fs = process.getBuiltinModule('node:fs');
const { openSync, writeFileSync } = fs;

if (!fs.existsSync('full')) writeFileSync('full', '');

let full: unknown;
let isFull = false;
const noSpace = (call: string): Error =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), { code: 'ENOSPC' });

Object.assign(fs, {
  openSync(path: string, flags: string, mode: number) {
    if (isFull && flags === 'wx') throw noSpace('open');
    const file = openSync(path, flags, mode);
    if (path === 'full') full = file;
    else if (file === full) full = undefined;
    return file;
  },
  writeFileSync(...[file, text, options]: Parameters<typeof writeFileSync>) {
    if (file !== full) return writeFileSync(file, text, options);
    isFull = true;
    throw noSpace('write');
  },
});

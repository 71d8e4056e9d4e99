// Loaded into the action's process before it (`NODE_OPTIONS=--require`): a disk that is full from the moment on at which a
// command file named `full` is written to. What is there may go or be replaced; there is no room for a new file.

const fs = process.getBuiltinModule('node:fs');
const { appendFileSync, openSync, writeFileSync } = fs;

writeFileSync('full', '');

let isFull = false;
const noSpace = (call: string): Error =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), { code: 'ENOSPC' });

Object.assign(fs, {
  appendFileSync(path: string, text: string) {
    if (path !== 'full') return appendFileSync(path, text);
    isFull = true;
    throw noSpace('write');
  },
  openSync(path: string, flags: string, mode: number) {
    if (isFull && flags === 'wx') throw noSpace('open');
    return openSync(path, flags, mode);
  },
});

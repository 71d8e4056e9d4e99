import { accessSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, refuseLink } from './unwritable.ts';

/** Whether the folder that a file lies in is gone. Throws if that can't be seen: then the file may well be there. */
export function isFolderGone(path: string): boolean {
  try {
    lstatSync(dirname(path));
    return false;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Throws if a file can't be made in its folder, or the folder can't be made. */
export function checkFolderOf(path: string): void {
  let folder = dirname(path);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) refuseLink(folder);
  // Where it is missing it will be made, in the nearest one that is there.
  while (!lstatSync(folder, { throwIfNoEntry: false }) && dirname(folder) !== folder) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Makes the folder of a file, open to its owner alone. It stays: an empty `.aws` does no harm. */
export function makeFolderOf(path: string): void {
  const missing: string[] = [];
  for (let folder = dirname(path); !lstatSync(folder, { throwIfNoEntry: false }); folder = dirname(folder)) {
    missing.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  missing.forEach(makeFolder);
}

/** Not `recursive`: if the system accepts no folders and answers ENOENT, as in /proc, Node tries forever. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another step may have made it in the meantime.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

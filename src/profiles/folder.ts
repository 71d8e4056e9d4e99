import { accessSync, constants, lstatSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
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

/** Makes the folder of a file, its owner's alone, and returns how many folders had to be made for that. */
export function makeFolderOf(path: string): number {
  const missing: string[] = [];
  for (let folder = dirname(path); !lstatSync(folder, { throwIfNoEntry: false }); folder = dirname(folder)) {
    missing.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  return missing.filter(makeFolder).length;
}

/** Not by `recursive`: where the system takes no folders and answers ENOENT, as in /proc, Node tries forever. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another step made it meanwhile.
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The `count` innermost folders that a file lies in. */
export function foldersOf(path: string, count: number): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folders.length < count && folder !== dirname(folder); folder = dirname(folder)) {
    folders.push(folder);
  }
  return folders;
}

/** Removes those of the folders that are empty, the inner ones first. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of [...new Set(folders)].sort((one, other) => other.length - one.length)) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody uses it, or somebody was faster.
    }
  }
}

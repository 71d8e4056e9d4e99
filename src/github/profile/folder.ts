import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, relative, sep, toNamespacedPath } from 'node:path';

/** Whether the folder that a file lies in is there. */
export function hasFolder(path: string): boolean {
  return existsSync(dirname(path));
}

/** Makes the folder of a file, its owner's alone, and returns how many folders had to be made for that. */
export function makeFolderOf(path: string): number {
  const folder = dirname(path);
  const outermost = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (outermost === undefined) return 0;
  // On Windows Node names the folder that it made in a form of its own (\\?\C:\…), between which and C:\… there is no way.
  return relative(toNamespacedPath(outermost), toNamespacedPath(folder)).split(sep).filter(Boolean).length + 1;
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

import { join } from 'node:path';
import { readOwnFile } from '../../profiles/own-file.ts';
import { removeFile } from '../../profiles/system.ts';
import type { BegunNote } from '../../setup/enrollment.ts';
import { writePrivateFile } from '../private-file.ts';

/**
 * The note in the user's cache folder that an enrollment has begun: those who may not tag themselves have no other. Without a folder,
 * nothing is noted.
 */
export function noteIn(folder: string | undefined, account: string, user: string): BegunNote {
  const path = folder && join(folder, `enrolling-${account}-${user}`);
  const since = (): Date | undefined => {
    const time = Date.parse(path === undefined ? '' : (readOwnFile(path, 'private') ?? ''));
    return Number.isNaN(time) ? undefined : new Date(time);
  };
  return {
    since,
    begin(at) {
      if (path === undefined || since() !== undefined) return;
      try {
        writePrivateFile(path, at);
      } catch {
        // It only matters if this process is killed.
      }
    },
    end() {
      if (path !== undefined) removeFile(path);
    },
  };
}

/** For those who see what is noted on the user. */
export const NO_NOTE: BegunNote = { since: () => undefined, begin: () => undefined, end: () => undefined };

import type { CacheUnusable } from '../../core/failure-facts.ts';
import { SETUP } from './setup.ts';
import { STORES } from './stores.ts';
import type { Entries } from './wording.ts';

// Failures that only the command has: the action shares nothing between processes, and changes nothing in IAM.

export const COMMAND: Entries<'cache-unusable' | keyof typeof SETUP | keyof typeof STORES> = {
  ...SETUP,
  ...STORES,
  'cache-unusable': { message: whyUnusable, remedy: (_, facts) => remedyFor(facts) },
};

function whyUnusable(facts: CacheUnusable): string {
  switch (facts.reason) {
    case 'system':
      return `${facts.path} can't be used: ${facts.error}.`;
    case 'not-a-folder':
      return `${facts.path} isn't a folder, so sessions can't be kept there.`;
    case 'owned-by-others':
      return `${facts.path} belongs to another user, who could read the sessions in it.`;
    case 'writable-by-others':
      return `${facts.path} is writable by other users, who could change what is in it.`;
    case 'no-home':
      return `This user has no home folder (${facts.error}), so sessions can't be stored.`;
    case 'held':
      return `Another process has held the lock on ${facts.path} for more than ${facts.seconds} seconds.`;
    case 'lock-lost':
      return `This process was stopped for several seconds, and another one took over its lock on ${facts.path}. It sent no code since.`;
  }
}

function remedyFor(facts: CacheUnusable | undefined): string {
  switch (facts?.reason) {
    case 'held':
      return 'Wait until the other process has its session, or end it, and try again.';
    case 'lock-lost':
      return 'Try again.';
    case 'owned-by-others':
      return 'Remove it, or run the command as the user it belongs to. With sudo, set HOME to the home folder of that user (sudo -H).';
    case 'writable-by-others':
      return `Make it accessible to yourself only: chmod 700 ${facts.path}`;
    default:
      return 'Set XDG_CACHE_HOME (LOCALAPPDATA on Windows, HOME on macOS) to a folder that only you can write to.';
  }
}

import { join } from 'node:path';

/** What a test can load into the action's process before the action; each file says what it does. */
export type Preload =
  | 'append-only'
  | 'clock'
  | 'commands-only'
  | 'fast'
  | 'faults'
  | 'full-disk'
  | 'homeless'
  | 'loud'
  | 'nameless'
  | 'no-dns'
  | 'no-log'
  | 'open-ends'
  | 'owner'
  | 'unforeseen'
  | 'user';

/** `env:` with which these are loaded before the action. */
export function preloading(...names: readonly Preload[]): { readonly NODE_OPTIONS: string } {
  return preloadingFile(...names.map((name) => join(__dirname, 'preloads', `${name}.cts`)));
}

/** The same for any file. In quotes, since a path may have blanks, and on Windows has backslashes. */
export function preloadingFile(...paths: readonly string[]): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: paths.map((path) => `--require ${JSON.stringify(path)}`).join(' ') };
}

/** `env:` of a step whose user doesn't have a home folder. */
export const HOMELESS: Readonly<Record<string, string | undefined>> = {
  ...preloading('homeless'),
  HOME: undefined,
  USERPROFILE: undefined,
};

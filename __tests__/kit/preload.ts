import { join } from 'node:path';

/**
 * `env:` with which a file is loaded into the action's process before the action. In quotes, since a path may have blanks, and on
 * Windows has backslashes.
 */
export function preloading(path: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--require ${JSON.stringify(path)}` };
}

/** `env:` of a step whose user has no home folder. */
export const HOMELESS: Readonly<Record<string, string | undefined>> = {
  ...preloading(join(__dirname, 'failure-homeless.cts')),
  HOME: undefined,
  USERPROFILE: undefined,
};

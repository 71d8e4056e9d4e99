/**
 * `env:` with which a file is loaded into the action's process before the action. In quotes, since a path may have blanks, and on
 * Windows has backslashes.
 */
export function preloading(path: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--require ${JSON.stringify(path)}` };
}

import { Failure } from '../core/failure.ts';
import type { Environment } from '../core/ports.ts';
import { requireCommandFiles } from './command-file.ts';

/**
 * Throws a Failure unless this is a step of a workflow: only there is `::add-mask::` a command, and not a line that shows a secret
 * to everybody who can read the log. To be called before anything secret is printed.
 */
export function requireHost(env: Environment): void {
  if (env['GITHUB_ACTIONS'] !== 'true') {
    throw new Failure('host-unknown', {});
  }
  requireCommandFiles(env);
}

import { join } from 'node:path';
import { SetupError } from '../../python/environment.ts';
import { runChild } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';
import type { CommandLine } from '../renewal/make-calls.ts';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * The command as a person installs it: the bundle that `npm run package` makes.
 * @throws SetupError if it can't be made
 */
export async function packageCommand(cleanup: Cleanup): Promise<CommandLine> {
  const env = { npm_config_cache: join(cleanup.folder, 'npm') };
  const script = join(ROOT, 'scripts/package.ts');
  const { exitCode, stderr } = await runChild({ command: process.execPath, args: [script], env }, cleanup);
  if (exitCode !== 0) throw new SetupError(`npm run package failed:\n${stderr}`);
  return [process.execPath, join(ROOT, 'build/package/cli.js')];
}

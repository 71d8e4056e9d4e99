import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withSharedLock } from '../../src/shell/shared-lock.ts';

// The command as `npm run package` makes it, for whoever runs it: the tests, the demo, the benchmark.

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'build/package');
/** `scripts/package.ts` writes it last. */
const MARKER = join(FOLDER, 'package.json');
const SOURCES = ['src', 'scripts/package.ts', 'scripts/pack.ts', 'scripts/rollup-options.ts', 'package-lock.json'];

/** The path of the bundle. Whoever needs it first builds it if the sources are newer; the others wait. */
export async function builtCommand(): Promise<string> {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const waiting = {
    sleep: (milliseconds: number) => sleep(milliseconds),
    patienceSeconds: 170,
    onWait: () => undefined,
  };
  const built = join(FOLDER, 'cli.js');
  const build = async (): Promise<string> => {
    await promisify(execFile)(process.execPath, ['scripts/package.ts'], { cwd: ROOT });
    return built;
  };
  const changed = Math.max(...SOURCES.map((path) => lastChange(join(ROOT, path))));
  const current = (): string | undefined => (lastChange(MARKER) > changed ? built : undefined);
  return withSharedLock(join(ROOT, 'build/package-for-tests'), waiting, build, current);
}

/** When a file was last changed, or any in a folder; 0 if it doesn't exist. */
function lastChange(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(...entries.map((entry) => statSync(join(path, entry)).mtimeMs));
}

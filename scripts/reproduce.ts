/**
 * `npm run reproduce`: clones the last commit into two very different folders, builds in both, and fails if a file in dist/ differs
 * from the committed one by a single bit. Uncommitted changes don't matter.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The folders of the clones, and what else differs: the order of letters, the time of day, the language. */
const PLACES = [
  { path: 'a', env: { TZ: 'UTC', LC_ALL: 'C' } },
  { path: join('z y', 'node_modules-of-mine', 'deep', 'down'), env: { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8' } },
] as const;

/** The files of dist/ by name. */
function filesOf(checkout: string): ReadonlyMap<string, Buffer> {
  const dist = join(checkout, 'dist');
  return new Map(readdirSync(dist).map((name) => [name, readFileSync(join(dist, name))]));
}

/** Builds a clone with the packages of this checkout, and returns the files that differ from the committed ones. */
async function differences(checkout: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, checkout]);
  cpSync(join(root, 'node_modules'), join(checkout, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const committed = filesOf(checkout);
  rmSync(join(checkout, 'dist'), { recursive: true });
  await build(checkout, env);
  const built = filesOf(checkout);
  return [...new Set([...committed.keys(), ...built.keys()])].filter((name) => {
    const [before, after] = [committed.get(name), built.get(name)];
    return before === undefined || after === undefined || !before.equals(after);
  });
}

async function build(checkout: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [join(checkout, 'scripts', 'build.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, NODE_NO_WARNINGS: '1' },
  });
  const exitCode = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (exitCode !== 0) throw new Error(`the build in ${checkout} failed`);
}

const start = performance.now();
const work = mkdtempSync(join(tmpdir(), 'reproduce-'));
try {
  const found = await Promise.all(PLACES.map(({ path, env }) => differences(join(work, path), env)));
  for (const [index, names] of found.entries()) {
    const verdict = names.length === 0 ? 'dist/ is identical' : `these differ: ${names.join(', ')}`;
    console.log(`Built in …/${PLACES[index]?.path}: ${verdict}.`);
    if (names.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`Both took ${((performance.now() - start) / 1000).toFixed(0)} s.`);

/**
 * Makes the npm package of the command: one bundle without dependencies, and what npm wants next to it. Prints the path of the
 * tarball as its last line. The package isn't part of dist/, which every runner downloads.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rollup } from 'rollup';
import { licenseList } from './licenses.ts';
import { pack } from './pack.ts';
import { optionsFor } from './rollup-options.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'build', 'package');
const work = join(root, 'build', `package-${process.pid}`);

const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  string
>;

/** Commander can run subcommands that are programs. There are none, so the module that starts programs isn't loaded for it. */
const noPrograms: Plugin = {
  name: 'no-programs',
  transform(code, id) {
    if (!/[\\/]commander[\\/]lib[\\/]command\.js$/.test(id)) return null;
    const without = code.replace("require('node:child_process')", '{}');
    return without === code
      ? this.error('commander no longer loads child_process like this')
      : { code: without, map: null };
  },
};

/** What every run loads while it connects. It is one chunk, because each file costs a read and a compilation. */
const TOGETHER = ['src/aws/sts.ts', 'src/aws/user-agent.ts', 'src/inputs/variables.ts'].map((path) => join(root, path));

/** The chunk of each module: as rollup would have it, except for those and what they import that the entry doesn't. */
function chunkOfModules(chunks: readonly OutputChunk[]): ReadonlyMap<string, string> {
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const together = new Set(chunks.filter(({ moduleIds }) => moduleIds.some((id) => TOGETHER.includes(id))));
  for (const { imports } of together)
    for (const name of imports) {
      const next = named.get(name);
      if (next !== undefined && !next.isEntry) together.add(next);
    }
  return new Map(
    chunks.flatMap((chunk) => chunk.moduleIds.map((id) => [id, together.has(chunk) ? 'connect' : chunk.name] as const)),
  );
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
mkdirSync(folder, { recursive: true });
// ncc numbers its chunks by their paths relative to this folder.
process.chdir(work);
try {
  const options = optionsFor('cli');
  const bundled = await rollup({ ...options, plugins: [noPrograms, options.plugins] });
  const small = await bundled.generate({ format: 'es' });
  const chunks = chunkOfModules(small.output.filter((file) => file.type === 'chunk'));
  const { output } = await bundled.write({
    manualChunks: (id) => chunks.get(id),
    dir: work,
    format: 'es',
    hoistTransitiveImports: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  });
  await bundled.close();
  const files = await pack(join(work, 'cli.js'), 'cli.js', { characters: 'ASCII' });
  for (const [file, text] of files)
    writeFileSync(join(folder, file), file === 'cli.js' ? `#!/usr/bin/env node\n${text}` : text, {
      mode: file === 'cli.js' ? 0o755 : 0o644,
    });
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []));
  const bundledIds = modules
    .filter(([id, { renderedLength }]) => renderedLength > 0 && id !== join(root, 'package.json'))
    .map(([id]) => id);
  writeFileSync(join(folder, 'licenses.txt'), licenseList(root, bundledIds));
  for (const file of ['LICENSE']) copyFileSync(join(root, file), join(folder, file));
  // A registry shows it somewhere else, so its links to other pages must be complete.
  const pages = `https://github.com/${name}/${name}/blob/v${version}/docs/`;
  const readme = readFileSync(join(root, 'docs/cli.md'), 'utf8').replaceAll(/\]\((?![a-z]+:|#)/g, `](${pages}`);
  writeFileSync(join(folder, 'README.md'), readme);
  const manifest = {
    name,
    version,
    license,
    description: 'Temporary AWS credentials with MFA, from a stored TOTP seed',
    type: 'commonjs',
    bin: { [String(name)]: 'cli.js' },
    engines: { node: '>=22' },
    // Complete, because npm compares it with the repository in the provenance.
    repository: { type: 'git', url: `git+https://github.com/${name}/${name}.git` },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
} finally {
  process.chdir(root);
  rmSync(work, { recursive: true, force: true });
}
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const packed = execFileSync(npm, ['pack', '--silent', '--pack-destination', join(root, 'build')], {
  cwd: folder,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
console.log(join(root, 'build', packed.trim()));

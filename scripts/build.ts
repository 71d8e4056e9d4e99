/**
 * Builds dist/ from src/: rollup bundles the ES modules of the SDK, which it can shake, and ncc packages what is left into
 * files that the runner executes. The result depends on the sources and the lock file alone, so two builds are the same bit
 * for bit.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ManualChunksOption, type RollupOutput, rollup } from 'rollup';
import { licenseList } from './licenses.ts';
import { pack } from './pack.ts';
import { optionsFor } from './rollup-options.ts';

const root = join(import.meta.dirname, '..');
/** Each process has its own, so that two builds at the same time don't mix. */
const build = join(root, 'build', String(process.pid));
const dist = join(root, 'dist');
/** What is loaded when it is first needed, each in one chunk: every file costs a read and a compilation. */
const LAZY = [
  'inputs/messages/notices',
  'github/wording',
  'github/report',
  'inputs/messages/catalogue',
  'inputs/messages/profile-notices',
  'inputs/checks',
  'inputs/role',
  'inputs/roles',
  'inputs/renewal',
  'inputs/sealing',
  'inputs/seed-forms',
  'inputs/mfa-devices',
  'inputs/access-key',
  'inputs/variables',
  'inputs/secrets',
  'core/session/earlier',
  'core/codes/find-device',
  'core/session/many-roles',
  'core/session/renew',
  'core/session/sealed',
  'core/sealing/open',
  'github/sealing',
  'aws/diagnose',
  'core/session/buckets',
  'aws/default-chain',
  'aws/endpoint-rules',
  'aws/s3',
  'aws/iam',
  'net/proxy',
  'github/job-files',
  'github/requested-profiles',
  'github/renewal',
  'github/warnings',
  'github/bucket-outputs',
  'github/summary',
];

/** What several parts share. None of them should load another part for it. */
const SHARED = ['core/credentials'];

/** Parts that are always loaded together are one chunk, named after the first of them. */
const TOGETHER: Readonly<Record<string, string>> = {
  'github/wording': 'inputs/messages/notices',
  'inputs/messages/catalogue': 'github/report',
  'core/session/renew': 'inputs/renewal',
  'github/renewal': 'inputs/renewal',
  'core/session/sealed': 'inputs/sealing',
  'core/sealing/open': 'inputs/sealing',
  'inputs/mfa-devices': 'inputs/seed-forms',
  'inputs/access-key': 'inputs/seed-forms',
  'inputs/secrets': 'inputs/seed-forms',
};

/**
 * Each module's chunk: `main`, or `aws-sts` with everything else that a plain run loads, or that of the first lazy part that needs it.
 * A first bundling with many small chunks shows what is needed together: the packages' index modules import far more.
 */
async function chunkOfModules(): Promise<ReadonlyMap<string, string>> {
  const bundled = await rollup(optionsFor('main'));
  const { output } = await bundled.generate({ format: 'es' });
  await bundled.close();
  const small = new Map(output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const fileOf = (name: string): string | undefined =>
    [...small.values()].find(({ moduleIds }) => moduleIds.includes(join(root, `src/${name}.ts`)))?.fileName;
  const own = new Set(['main', 'aws/sts', ...LAZY].map(fileOf));
  const assigned = new Map(SHARED.map((name) => [join(root, `src/${name}.ts`), 'main']));
  for (const name of ['main', 'aws/sts', ...LAZY]) {
    const entry = fileOf(name);
    if (entry === undefined) throw new Error(`src/${name}.ts is not loaded lazily, or not at all`);
    const together = new Set([entry]);
    for (const file of together) {
      const chunk = small.get(file);
      for (const id of Object.keys(chunk?.modules ?? {}))
        if (!assigned.has(id)) assigned.set(id, (TOGETHER[name] ?? name).replaceAll('/', '-'));
      for (const next of chunk?.imports ?? []) together.add(next);
      // What the SDK itself loads late belongs to the lazy part that may need it. A plain run never does.
      if (!LAZY.includes(name)) continue;
      for (const next of chunk?.dynamicImports ?? []) if (!own.has(next)) together.add(next);
    }
  }
  return assigned;
}

/** Writes an entry's chunks, and returns the ids of the modules that contribute to them. */
async function bundle(entry: 'main' | 'post', manualChunks?: ManualChunksOption): Promise<readonly string[]> {
  const bundled = await rollup(optionsFor(entry));
  const { output } = await bundled.write({
    dir: join(build, entry),
    format: 'es',
    // Otherwise a chunk would load all of Node's modules that its imports use.
    hoistTransitiveImports: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    ...(manualChunks ? { manualChunks } : {}),
  });
  await bundled.close();
  return contributing(output);
}

/** A rotation isn't waited for, so all of it is in one file, and none of the action's depends on it. */
async function bundleRotation(): Promise<readonly string[]> {
  const bundled = await rollup(optionsFor('rotate'));
  const file = join(build, 'rotate', 'rotate.js');
  const { output } = await bundled.write({ file, format: 'es', inlineDynamicImports: true });
  await bundled.close();
  return contributing(output);
}

/** The modules of which something is in the output. */
function contributing(output: RollupOutput['output']): readonly string[] {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []));
  return modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => id);
}

const packed = (entry: 'main' | 'post' | 'rotate'): Promise<ReadonlyMap<string, string>> =>
  pack(join(build, entry, `${entry}.js`), `${entry}.js`);

/** Makes dist/ contain exactly these files, and writes only what differs: somebody may be running it. */
function writeDist(files: ReadonlyMap<string, string>): void {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) if (!files.has(name)) rmSync(join(dist, name), { recursive: true });
  for (const [name, text] of files) {
    const path = join(dist, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
    console.log(`${String(Buffer.byteLength(text)).padStart(9)}  dist/${name}`);
  }
}

mkdirSync(build, { recursive: true });
// ncc numbers its chunks by their paths relative to this folder, so they are the same wherever the repository is.
process.chdir(build);
try {
  const chunks = await chunkOfModules();
  const modules = [
    ...(await bundle('main', (id) => chunks.get(id))),
    ...(await bundle('post')),
    ...(await bundleRotation()),
  ];
  const files = new Map([...(await packed('main')), ...(await packed('post')), ...(await packed('rotate'))]);
  files.set('package.json', `${JSON.stringify({ private: true, type: 'commonjs' }, null, 2)}\n`);
  files.set('licenses.txt', licenseList(root, modules));
  writeDist(files);
} finally {
  // Windows doesn't remove the current folder.
  process.chdir(root);
  rmSync(build, { recursive: true, force: true });
}

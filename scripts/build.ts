/**
 * Builds dist/ from src/: rollup bundles the ES modules of the SDK, which it can shake, and ncc packages what is left into
 * files that the runner executes. The result depends on the sources and the lock file alone, so two builds are the same bit
 * for bit.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import commonjsPlugin from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from '@swc/core';
import { type GetModuleInfo, type ManualChunksOption, type Plugin, type RollupOptions, rollup } from 'rollup';
import { minify } from 'terser';
import { replacements } from './replacements.ts';

const root = join(import.meta.dirname, '..');
/** Of this process alone, so that two builds side by side do not meet. */
const build = join(root, 'build', String(process.pid));
const dist = join(root, 'dist');
const ncc: (
  input: string,
  options: object,
) => Promise<{ code: string; assets: Record<string, { source: string | Buffer }> }> = createRequire(import.meta.url)(
  '@vercel/ncc',
);

/** The plugin's types describe its CommonJS form, in which the function is the module itself. */
const commonjs: () => Plugin = Reflect.get(commonjsPlugin, 'default') ?? commonjsPlugin;

/** Removes the types; the rest of the language is Node's own. */
const typescript: Plugin = {
  name: 'typescript',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const { code: plain } = await transform(code, {
      filename: id,
      configFile: false,
      jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
    });
    return { code: plain, map: null };
  },
};

/** The SDK's clients import their own package.json for the version in the user agent. */
const json: Plugin = {
  name: 'json',
  transform: (code, id) => (id.endsWith('.json') ? { code: `export default ${code}`, map: null } : null),
};

/** What is loaded where it is first needed, each in one chunk: a file more is a read and a compilation more. */
const LAZY = [
  'core/remedies',
  'aws/diagnose',
  'core/bucket-check',
  'aws/s3',
  'aws/iam',
  'aws/proxy',
  'aws/default-chain',
  'github/profile/profile',
  'github/summary',
  'github/workflow',
];

/**
 * The modules of a plain run, by the chunk they belong into: `main`, or `aws-sts` for all that is loaded with STS. Found by a
 * first bundling, whose chunks know what is needed together; the packages' index modules would draw in all that S3 needs.
 */
async function plainRun(): Promise<ReadonlyMap<string, string>> {
  const bundled = await rollup(optionsFor('main'));
  const { output } = await bundled.generate({ format: 'es' });
  await bundled.close();
  const chunks = new Map(output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const plain = new Map<string, string>();
  for (const [name, source] of [
    ['main', 'src/main.ts'],
    ['aws-sts', 'src/aws/sts.ts'],
  ] as const) {
    const entry = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId === join(root, source));
    const together = new Set(entry && [entry.fileName]);
    for (const file of together) {
      const chunk = chunks.get(file);
      for (const id of Object.keys(chunk?.modules ?? {})) if (!plain.has(id)) plain.set(id, name);
      for (const imported of chunk?.imports ?? []) together.add(imported);
    }
  }
  return plain;
}

/** Each module's chunk: the plain run's, or that of the lazy part that needs it first. */
function chunksOf(plain: ReadonlyMap<string, string>): ManualChunksOption {
  const closures = new Map<string, ReadonlySet<string>>();
  return (id, { getModuleInfo }) =>
    plain.get(id) ??
    LAZY.find((name) => {
      const closure = closures.get(name) ?? closureOf(join(root, `src/${name}.ts`), getModuleInfo);
      closures.set(name, closure);
      return closure.has(id);
    })?.replaceAll('/', '-');
}

/** A module and all that it imports, at once or later. */
function closureOf(entry: string, getModuleInfo: GetModuleInfo): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const id of found) {
    const info = getModuleInfo(id);
    for (const next of [...(info?.importedIds ?? []), ...(info?.dynamicallyImportedIds ?? [])]) found.add(next);
  }
  return found;
}

function optionsFor(entry: 'main' | 'post'): RollupOptions {
  return {
    input: join(root, `src/${entry}.ts`),
    external: /^node:/,
    plugins: [
      replacements({ partial: entry !== 'main' }),
      nodeResolve({ exportConditions: ['module', 'import', 'node'], preferBuiltins: true }),
      commonjs(),
      json,
      typescript,
    ],
    treeshake: {
      // These declare nothing about side effects, have none, and bring undici along where they are kept.
      moduleSideEffects: (id) => !/node_modules\/(?:@actions|@octokit|undici|tunnel|debug)\//.test(id),
    },
    onwarn(warning) {
      // How the packages are written, and harmless. Anything else (an import that is not there, above all) ends the build.
      if (['THIS_IS_UNDEFINED', 'CIRCULAR_DEPENDENCY', 'INVALID_ANNOTATION'].includes(warning.code ?? '')) return;
      throw new Error(`rollup: ${warning.message}`);
    },
  };
}

async function bundle(entry: 'main' | 'post', manualChunks?: ManualChunksOption): Promise<void> {
  const bundled = await rollup(optionsFor(entry));
  await bundled.write({
    dir: join(build, entry),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    ...(manualChunks ? { manualChunks } : {}),
  });
  await bundled.close();
}

async function pack(entry: 'main' | 'post'): Promise<ReadonlyMap<string, string>> {
  // `esm: false`: the root's package.json would make ncc write ES modules, and dist/package.json says CommonJS.
  const options = { quiet: true, esm: false, minify: false, cache: false, target: 'es2024' };
  const { code, assets } = await ncc(join(build, entry, `${entry}.js`), options);
  const files = new Map([[`${entry}.js`, code]]);
  for (const [name, { source }] of Object.entries(assets)) if (name.endsWith('.js')) files.set(name, String(source));
  for (const [name, source] of files) {
    const small = await minify(source, { ecma: 2020, compress: { passes: 2 }, format: { comments: false } });
    files.set(name, small.code ?? source);
  }
  return files;
}

/** Makes dist/ hold exactly these files, and touches only what differs: somebody may be running it. */
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
// ncc numbers its chunks by their paths from here: so they are the same wherever the repository lies.
process.chdir(build);
try {
  await bundle('main', chunksOf(await plainRun()));
  await bundle('post');
  const files = new Map([...(await pack('main')), ...(await pack('post'))]);
  files.set('package.json', `${JSON.stringify({ private: true, type: 'commonjs' }, null, 2)}\n`);
  writeDist(files);
} finally {
  rmSync(build, { recursive: true, force: true });
}

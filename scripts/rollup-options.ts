/** How rollup reads the sources, whichever entry it bundles. */
import { join } from 'node:path';
import commonjsPlugin from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from '@swc/core';
import type { Plugin, RollupOptions } from 'rollup';
import { posixPath, replacements } from './replacements.ts';

const root = join(import.meta.dirname, '..');
/** The plugin's types describe its CommonJS form, which is the function itself. */
const commonjs: () => Plugin = Reflect.get(commonjsPlugin, 'default') ?? commonjsPlugin;

/** Removes the types; Node runs the rest as it is. */
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

/** Sentences about failures that the action can't have. They are a third of the catalogue. */
const OF_COMMAND = '/src/inputs/messages/command.ts';
const withoutCommand: Plugin = {
  name: 'without-command',
  load: (id) => (posixPath(id).endsWith(OF_COMMAND) ? 'export const COMMAND = {};' : null),
};

/**
 * What a rotation never reaches: its key is given, and it assumes no role, opens and seals nothing, and reads no bucket.
 */
const UNREACHED = [
  'aws/default-chain',
  'aws/s3',
  'core/session/earlier',
  'core/session/sealed',
  'inputs/checks',
  'inputs/renewal',
  'inputs/role',
  'inputs/roles',
  'inputs/sealing',
];
const withoutUnreached: Plugin = {
  name: 'without-unreached',
  load: (id) =>
    UNREACHED.some((name) => posixPath(id).endsWith(`/src/${name}.ts`))
      ? { code: 'export default {};', syntheticNamedExports: true }
      : null,
};

/** The entries in src/. */
export type Entry = 'main' | 'post' | 'rotate' | 'cli';

/** Bundles an entry. */
export function optionsFor(entry: Entry): RollupOptions {
  return {
    input: join(root, `src/${entry}.ts`),
    external: /^node:/,
    plugins: [
      ...(entry === 'main' || entry === 'post' ? [withoutCommand] : []),
      ...(entry === 'rotate' ? [withoutUnreached] : []),
      replacements({ partial: entry !== 'main' }),
      nodeResolve({ exportConditions: ['module', 'import', 'node'], preferBuiltins: true }),
      commonjs(),
      json,
      typescript,
    ],
    treeshake: {
      // The SDK registers a class for each error of a service, to look it up by name. Here errors are known by their codes.
      manualPureFunctions: ['n0_registry', '_s_registry'],
      // Node's modules are imported only if something of them is used. The others don't declare that they have no side effects,
      // and would bring in undici.
      moduleSideEffects: (id, external) =>
        !external && !/\/node_modules\/(?:@actions|undici|tunnel|debug)\//.test(posixPath(id)),
    },
    onwarn(warning) {
      // Harmless, because of how the packages are written. Anything else (above all a missing import) ends the build.
      if (['THIS_IS_UNDEFINED', 'CIRCULAR_DEPENDENCY', 'INVALID_ANNOTATION'].includes(warning.code ?? '')) return;
      throw new Error(`rollup: ${warning.message}`);
    },
  };
}

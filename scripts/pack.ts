/**
 * Packages a bundle with ncc into the files that the runner executes. What ncc leaves to be desired is done here: no module is in two
 * files, and V8 compiles each module once.
 */
import { createRequire } from 'node:module';
import { type Property, parse } from 'acorn';
import { minify } from 'terser';

const ncc: (
  input: string,
  options: object,
) => Promise<{ code: string; assets: Record<string, { source: string | Buffer }> }> = createRequire(import.meta.url)(
  '@vercel/ncc',
);

/** How the files are written. */
interface PackOptions {
  /** Escapes other characters: with a single one, V8 keeps and reads the whole file with two bytes per character. */
  readonly characters?: 'ASCII';
}

/** The files for an entry, named after it, and its chunks: name → code. */
export async function pack(
  input: string,
  name: string,
  { characters }: PackOptions = {},
): Promise<ReadonlyMap<string, string>> {
  // `esm: false`: the root's package.json would make ncc write ES modules, and dist/package.json says CommonJS.
  const options = { quiet: true, esm: false, minify: false, cache: false, target: 'es2024' };
  const { code, assets } = await ncc(input, options);
  const files = new Map([[name, code]]);
  for (const [asset, { source }] of Object.entries(assets)) if (asset.endsWith('.js')) files.set(asset, String(source));
  for (const [file, source] of withoutCopies(files)) {
    const small = await minify(source, {
      ecma: 2020,
      compress: { passes: 2 },
      format: { comments: false, ascii_only: characters === 'ASCII' },
    });
    files.set(file, parenthesiseModules(small.code ?? source));
  }
  return files;
}

/**
 * Webpack copies a small module into every chunk that needs it. Here it stays in one chunk, which is loaded along with the others:
 * copies are a part of the archive that every runner downloads. Removes files that hold nothing but copies.
 */
function withoutCopies(files: Map<string, string>): Map<string, string> {
  const modulesOf = new Map([...files].map(([file, source]) => [file, modulesIn(source)]));
  const chunkOf = (file: string): string => file.replace('.index.js', '');
  const homes = new Map<number, string>();
  for (const [file, [first, ...more]] of modulesOf) if (first && more.length === 0) homes.set(first.id, file);
  for (const [file, modules] of modulesOf) {
    const copies = modules.filter(({ id }) => (homes.get(id) ?? file) !== file);
    if (copies.length === 0) continue;
    const chunk = chunkOf(file);
    const loaded = new Set(copies.map(({ id }) => chunkOf(homes.get(id) ?? file)));
    if (copies.length === modules.length) files.delete(file);
    else {
      const source = files.get(file) ?? '';
      const kept = copies.reduceRight((code, { start, end }) => `${code.slice(0, start)}${code.slice(end)}`, source);
      files.set(file, kept.replace(/^exports\.ids = .*$/m, `exports.ids = [${chunk}];`));
      loaded.add(chunk);
    }
    const call = new RegExp(`(__\\w+_require__\\.e)\\((?:/\\* import\\(\\) \\*/ )?${chunk}\\)`, 'g');
    for (const [name, code] of files)
      files.set(
        name,
        code.replace(call, (_, load) => `Promise.all([${[...loaded].map((id) => `${load}(${id})`).join(', ')}])`),
      );
  }
  return files;
}

/** A module in a file: its number, and where it stands there, with the comma after it. */
interface PackedModule {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** The modules that a chunk brings along; none for an entry. */
function modulesIn(source: string): readonly PackedModule[] {
  return parse(source, { ecmaVersion: 2024 }).body.flatMap((statement) => {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
    const { left, right } = statement.expression;
    if (right.type !== 'ObjectExpression' || source.slice(left.start, left.end) !== 'exports.modules') return [];
    return right.properties.flatMap((property) => {
      if (property.type !== 'Property' || property.key.type !== 'Literal') return [];
      const comma = /^\s*,/.exec(source.slice(property.end))?.[0].length ?? 0;
      return [{ id: Number(property.key.value), start: property.start, end: property.end + comma }];
    });
  });
}

/**
 * Puts parentheses around the function in which webpack wraps each module: V8 then expects it to be called at once and compiles it
 * with the file, instead of parsing it twice. The minifier removes them as superfluous.
 */
function parenthesiseModules(code: string): string {
  const at: number[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, key, value } = node as Partial<Property>;
    if (
      type === 'Property' &&
      key?.type === 'Literal' &&
      typeof key.value === 'number' &&
      value?.type === 'ArrowFunctionExpression'
    ) {
      at.push(value.start, value.end);
      return;
    }
    for (const child of Object.values(node)) look(child);
  };
  look(parse(code, { ecmaVersion: 2024 }));
  const starts = new Set(at.filter((_, index) => index % 2 === 0));
  return [0, ...at]
    .map((from, index) => `${index === 0 ? '' : starts.has(from) ? '(' : ')'}${code.slice(from, at[index])}`)
    .join('');
}

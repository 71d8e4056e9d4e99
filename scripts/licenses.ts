/**
 * `dist/licenses.txt`: the packages in the bundle, and their licenses. It lists the modules of which rollup kept something, so it
 * contains neither unused packages nor those that scripts/replacements.ts replaces entirely.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isReplaced, posixPath } from './replacements.ts';

/** A package and its license. */
interface Licensed {
  readonly name: string;
  readonly version: string;
  /** The SPDX identifier or expression that its package.json states. */
  readonly license: string;
  /** The URL of its source. */
  readonly repository: string;
  /** Undefined if the package doesn't contain it. */
  readonly text: string | undefined;
}

/** Packages with the same license text. */
interface Group {
  readonly license: string;
  readonly text: string;
  readonly lines: string[];
}

/** What the bundlers add: the loader of the files, and rollup's module with helpers for CommonJS. */
const LOADER = 'node_modules/@vercel/ncc';
const HELPERS: readonly [module: string, folder: string] = [
  '\0commonjsHelpers.js',
  'node_modules/@rollup/plugin-commonjs',
];

const HEAD = `Code of these packages is in the files of this folder, in whole or in part. That of
@vercel/ncc is their loader, which it has from webpack (MIT, Copyright JS Foundation
and other contributors).
`;
const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i;
/** Apache-2.0, section 4 (d), requires it if the package has one. */
const NOTICE_FILE = /^notice(?:\.(?:md|txt))?$/i;
const BORROWED = '; it has no text of its own, so this is the one of its repository';
const RULE = `\n${'-'.repeat(80)}\n`;

/**
 * The list for modules with these rollup IDs, bundled in the folder `root`. Packages with the same text share it. Throws for a module
 * that is neither ours nor in a package, and for a package if neither it nor another one from its repository has a text.
 */
export function licenseList(root: string, moduleIds: Iterable<string>): string {
  const base = posixPath(root);
  const folders = new Set([`${base}/${LOADER}`]);
  for (const id of moduleIds) {
    const folder = folderOf(base, posixPath(id));
    if (folder !== undefined) folders.add(folder);
  }
  const packages = [...folders].map(readPackage).sort(by(({ name, version }) => `${name} ${version}`));
  const groups = new Map<string, Group>();
  for (const each of packages) {
    const { name, version, license } = each;
    const text = each.text ?? textOfRepository(each, packages);
    const group = groups.get(license + text) ?? { license, text, lines: [] };
    group.lines.push(`${name} ${version} (${license}${each.text === undefined ? BORROWED : ''})`);
    groups.set(license + text, group);
  }
  // By licence first: neighbouring texts are nearly the same then, and compress well.
  const sorted = [...groups.values()].sort(by(({ license, lines }) => `${license} ${lines[0]}`));
  return [HEAD, ...sorted.map(({ lines, text }) => `${lines.join('\n')}\n\n${text}\n`)].join(RULE);
}

/** The folder of a module's package. Undefined for our own code, including replacements. */
function folderOf(root: string, id: string): string | undefined {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  if (id === HELPERS[0]) return `${root}/${HELPERS[1]}`;
  if (isReplaced(id) || path.startsWith(`${root}/src/`)) return undefined;
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
  if (folder === undefined) throw new Error(`licences: the module ${JSON.stringify(id)} isn't in a package`);
  return folder;
}

function readPackage(folder: string): Licensed {
  const { name, version, license, repository } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const files = readdirSync(folder).sort();
  const textOf = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8').replaceAll('\r\n', '\n').trim();
  const own = files.filter((file) => LICENCE_FILE.test(file));
  const texts = [...own, ...files.filter((file) => NOTICE_FILE.test(file))].map(textOf);
  const text = own.length === 0 ? undefined : texts.join('\n\n');
  return { name, version, license: String(license), repository: String(repository?.url ?? repository), text };
}

function textOfRepository({ name, license, repository }: Licensed, packages: readonly Licensed[]): string {
  const text = packages.find(
    (other) => other.text && other.repository === repository && other.license === license,
  )?.text;
  if (text === undefined) throw new Error(`licences: ${name} doesn't contain the text of its licence (${license})`);
  return text;
}

/** Compares by code units, which doesn't depend on the machine's language. */
function by<Item>(key: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0);
}

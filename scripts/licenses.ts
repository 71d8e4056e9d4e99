/**
 * `dist/licenses.txt`: whose code is in the bundle, and on which terms. It goes by the modules of which rollup kept something, so
 * it names neither what was shaken off nor what scripts/replacements.ts replaces as a whole.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isReplaced, posixPath } from './replacements.ts';

/** A package and its terms. */
interface Licensed {
  readonly name: string;
  readonly version: string;
  /** The SPDX identifier or expression that its package.json states. */
  readonly license: string;
  /** Where its source is kept. */
  readonly repository: string;
  /** Undefined where the package brings none along. */
  readonly text: string | undefined;
}

/** Packages under one text. */
interface Group {
  readonly license: string;
  readonly text: string;
  readonly lines: string[];
}

/** What the bundlers add of their own: the loader of the files, and rollup's module with helpers for CommonJS. */
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
/** Apache-2.0, section 4 (d): it goes along where there is one. */
const NOTICE_FILE = /^notice(?:\.(?:md|txt))?$/i;
const BORROWED = '; it has no text of its own, so this is the one of its repository';
const RULE = `\n${'-'.repeat(80)}\n`;

/**
 * The list for modules with these rollup ids, bundled in the folder `root`. Packages under the same text share it. Throws for a
 * module that is of no package and not ours, and for a package that has no text, nor has any other of its repository.
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
  // By licence first: texts that are nearly the same lie side by side then, and an archive holds them in little more than one.
  const sorted = [...groups.values()].sort(by(({ license, lines }) => `${license} ${lines[0]}`));
  return [HEAD, ...sorted.map(({ lines, text }) => `${lines.join('\n')}\n\n${text}\n`)].join(RULE);
}

/** The folder of the package that a module is of; undefined for our own code, a replacement of ours among it. */
function folderOf(root: string, id: string): string | undefined {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  if (id === HELPERS[0]) return `${root}/${HELPERS[1]}`;
  if (isReplaced(id) || path.startsWith(`${root}/src/`)) return undefined;
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
  if (folder === undefined) throw new Error(`licences: nobody knows whose the module ${JSON.stringify(id)} is`);
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
  if (text === undefined) throw new Error(`licences: ${name} comes without the text of its licence (${license})`);
  return text;
}

/** Compares by code units: the same on every machine, whatever its language. */
function by<Item>(key: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0);
}

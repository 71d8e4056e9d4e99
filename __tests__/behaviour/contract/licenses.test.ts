import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTION } from '../../kit/action.ts';

/** What may be handed on inside a work under the MIT licence (ours), as long as its own text goes along. */
const PERMITTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0'];

/** Words that only the text of that licence has. */
const WORDS: Readonly<Record<string, string>> = {
  'Apache-2.0': 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION',
  ISC: 'Permission to use, copy, modify, and/or distribute this software',
  MIT: 'Permission is hereby granted, free of charge, to any person obtaining a copy',
};

interface Named {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

const list = readFileSync(join(ACTION, 'dist/licenses.txt'), 'utf8');
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(ACTION, 'package-lock.json'), 'utf8'),
);
const named = list
  .split(`\n${'-'.repeat(80)}\n`)
  .slice(1)
  .flatMap((section): readonly Named[] => {
    const [head = '', ...text] = section.split('\n\n');
    return head.split('\n').map((line) => {
      const [, name = line, version = '', license = ''] = /^(\S+) (\S+) \(([^;)]+)(?:;.*)?\)$/.exec(line) ?? [];
      return { name, version, license, text: text.join('\n\n') };
    });
  });
const names = named.map(({ name }) => name);

/** All that a package brings to run, as one text. */
function codeOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** What `npm ci` would install to run, not to build or to test. */
function shippedPackages(): readonly string[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
    .map(([path]) => path.slice('node_modules/'.length));
}

/**
 * The texts in quotes in some code, from a length on of which many belong to one package alone; without the code between two of them,
 * which minified code has by chance.
 */
function literalsOf(code: string): ReadonlySet<string> {
  return new Set(
    Array.from(code.matchAll(/(["'`])(?![)\]},;:!=?&|+])([^"'`\\\n$]{8,200})\1/g), ([, , text = '']) => text),
  );
}

describe('dist/licenses.txt', () => {
  test('names packages and versions of the lock file, each once and in its order', () => {
    expect(names.length).toBeGreaterThan(20);
    expect(names).toEqual([...new Set(names)]);
    for (const { name, version, license } of named) {
      const { [`node_modules/${name}`]: locked } = lock.packages;
      expect({ name, version: locked?.version, license: locked?.license }).toEqual({ name, version, license });
    }
  });

  test('has only licences that ours permits, each with its text', () => {
    expect(named.filter(({ license }) => !PERMITTED.includes(license))).toEqual([]);
    for (const { name, license, text } of named) {
      const words = WORDS[license];
      expect({ name, words, found: words !== undefined && text.replace(/\s+/g, ' ').includes(words) }).toEqual({
        name,
        words,
        found: true,
      });
    }
  });

  test('leaves out no package of which a text is in dist/', () => {
    // The other way round than the build: from what lies in dist/, without rollup.
    const inDist = literalsOf(codeOf(join(ACTION, 'dist')));
    const codes = shippedPackages().map((name) => [name, codeOf(join(ACTION, 'node_modules', name))] as const);
    const ours = codeOf(join(ACTION, 'src')) + codeOf(join(ACTION, 'scripts'));
    const hasTextInDist = ([name, code]: readonly [string, string]): boolean =>
      [...literalsOf(code)].some(
        (text) =>
          inDist.has(text) &&
          !ours.includes(text) &&
          !codes.some(([other, its]) => other !== name && its.includes(text)),
      );
    const found = codes.filter(hasTextInDist).map(([name]) => name);
    expect(found.filter((name) => !names.includes(name))).toEqual([]);
    // Enough have such a text for that to mean something.
    expect(found).toEqual(expect.arrayContaining(['@actions/core', '@aws-sdk/client-sts', '@smithy/core']));
    expect(found.length).toBeGreaterThan(names.length / 2);
  });
});

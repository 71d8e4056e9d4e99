import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What a reader of the documents follows: headings, code, links.

export const ROOT = join(__dirname, '../..');

/** The documents, as paths relative to the repository, with slashes. */
export const DOCUMENTS: readonly string[] = globSync(['*.md', 'docs/*.md', 'examples/**/*.md'], { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .sort();

/** A fenced piece of code, and the headings above it, from the document's own down to the nearest. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  readonly headings: readonly string[];
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const headings: string[] = [];
  let open: { readonly language: string; readonly lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    if (open !== undefined) {
      if (line === '```') {
        fences.push({ language: open.language, text: open.lines.join('\n'), headings: [...headings] });
        open = undefined;
      } else open.lines.push(line);
      continue;
    }
    const heading = /^(#{1,6}) (.+)$/.exec(line);
    if (heading?.[1] !== undefined && heading[2] !== undefined) {
      headings.length = heading[1].length - 1;
      headings.push(heading[2]);
    } else if (line.startsWith('```')) open = { language: line.slice(3), lines: [] };
  }
  if (open !== undefined) throw new Error(`a code fence is not closed: ${open.lines[0]}`);
  return fences;
}

/** The document without its code, where there are no links and no headings. */
export function prose(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** The anchors that GitHub gives a document's headings; a second one of a name gets a number. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${slug}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Where the links of a document lead, pictures included. */
export function linksOf(markdown: string): readonly string[] {
  return [
    ...prose(markdown)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^()\s]+)\)/g),
  ].map(([, target = '']) => target);
}

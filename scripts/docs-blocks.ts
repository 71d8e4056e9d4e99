/** A generated part of a document, between two comments. */
export interface Block {
  readonly name: string;
  /** The file that it's generated from. */
  readonly source: string;
  readonly content: string;
}

/** The document with the blocks in their places. Throws if a block has no place, or a place no block. */
export function withBlocks(document: string, blocks: readonly Block[]): string {
  const known = new Set(blocks.map(({ name, source }) => opening(name, source)));
  const unknown = document.match(/^<!-- .+ made from .+ by npm run docs -->$/gm)?.find((line) => !known.has(line));
  if (unknown !== undefined) throw new Error(`nothing is made for the place ${unknown}`);
  return blocks.reduce(replace, document);
}

function replace(document: string, { name, source, content }: Block): string {
  const [start, end] = [opening(name, source), `<!-- end of ${name} -->`];
  const from = document.indexOf(start);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the document has no place for ${name}: ${start} … ${end}`);
  return `${document.slice(0, from + start.length)}\n${content}\n${document.slice(to)}`;
}

function opening(name: string, source: string): string {
  return `<!-- ${name}: made from ${source} by npm run docs -->`;
}

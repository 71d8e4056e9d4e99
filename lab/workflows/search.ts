/** Looks for secrets in everything that a run has left: logs, workspaces, homes, temporary folders. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A secret, with what it is called where it is found. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A place that holds at least a piece of a secret. */
export interface Finding {
  readonly place: string;
  readonly secret: string;
}

/** Shorter pieces than this occur by chance, or are what all tokens begin with. */
const PIECE = 16;
const TOKEN_PREFIX = 'IQoJb3JpZ2luX2Vj';

/**
 * Finds every piece of 16 characters of each secret: as it is, in base64 and base64url in all three alignments, in hex; for a
 * seed, of its text and of its key. Case, white space and hyphens do not count, so a seed in groups is found, and so is base64
 * that is broken into lines.
 */
export class SecretSearch {
  readonly #pieces = new Map<string, string>();
  /** How many files, links and names of folders have been searched so far. */
  places = 0;

  constructor(secrets: readonly Secret[]) {
    for (const { name, value } of secrets) {
      for (const spelling of spellings(value)) {
        const text = normalised(spelling);
        if (text.length < PIECE) throw new Error(`${name} is too short to be looked for`);
        for (let at = 0; at + PIECE <= text.length; at += 1) this.#pieces.set(text.slice(at, at + PIECE), name);
      }
    }
  }

  /** Searches a folder and all below it, the names of files too. Links are not followed: their targets are text like any. */
  searchFolder(folder: string): readonly Finding[] {
    const findings: Finding[] = [];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const place = relative(folder, path);
      const secrets = this.searchText(`${place}\n${contentOf(path)}`);
      findings.push(...secrets.map((secret) => ({ place, secret })));
    }
    return findings;
  }

  /** Searches one text and returns the names of the secrets in it. */
  searchText(text: string): readonly string[] {
    this.places += 1;
    const searched = normalised(text);
    const found = new Set<string>();
    for (let at = 0; at + PIECE <= searched.length; at += 1) {
      const secret = this.#pieces.get(searched.slice(at, at + PIECE));
      if (secret !== undefined) found.add(secret);
    }
    return [...found];
  }
}

function contentOf(path: string): string {
  const kind = lstatSync(path);
  if (kind.isSymbolicLink()) return readlinkSync(path);
  // Bytes as characters: what is looked for is ASCII, and nothing is lost of a file that is no text.
  return kind.isFile() ? readFileSync(path, 'latin1') : '';
}

function normalised(text: string): string {
  return text.replace(/[\s-]+/g, '').toLowerCase();
}

function spellings(secret: string): readonly string[] {
  const value = secret.startsWith(TOKEN_PREFIX) ? secret.slice(TOKEN_PREFIX.length) : secret;
  const key = /^[A-Z2-7]{32,}$/.test(value) ? decodeBase32(value) : undefined;
  return [Buffer.from(value), ...(key === undefined ? [] : [key])].flatMap((bytes, index) => [
    ...(index === 0 ? [value, encodeURIComponent(value), JSON.stringify(value)] : []),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((shift) => {
      const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
      // Without what depends on the neighbours: the beginning of a shifted text, and the end of each.
      return (['base64', 'base64url'] as const).map((form) => shifted.toString(form).replace(/=*$/, '').slice(4, -2));
    }),
  ]);
}

function decodeBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

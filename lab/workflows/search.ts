/** Searches everything that a run left behind for secrets: logs, workspaces, home and temporary folders. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A secret, and its name in findings. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A place that contains at least a piece of a secret. */
export interface Finding {
  readonly place: string;
  readonly secret: string;
}

/** Shorter pieces occur by chance. */
const PIECE = 16;
/** All tokens begin with this. */
const TOKEN_PREFIX = 'IQoJb3JpZ2luX2Vj';

/**
 * Finds every piece of 16 characters of each secret: plain, in base64 and base64url in all three alignments, in hex; of a seed
 * also its key. It ignores case, white space and hyphens, and so finds a seed in groups and base64 in lines.
 */
export class SecretSearch {
  readonly #pieces = new Map<string, string>();
  /** The number of files, links and folder names searched so far. */
  places = 0;

  constructor(secrets: readonly Secret[]) {
    for (const { name, value } of secrets) {
      for (const spelling of spellings(value)) {
        const text = normalised(spelling);
        if (text.length < PIECE) throw new Error(`${name} is too short to search for`);
        for (let at = 0; at + PIECE <= text.length; at += 1) this.#pieces.set(text.slice(at, at + PIECE), name);
      }
    }
  }

  /** Searches a folder and everything below it, including the names and the targets of links. */
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

  /** Searches a string and returns the names of the secrets in it. */
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
  // One character per byte: the pieces are ASCII, and binary files lose nothing.
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
      // Without what depends on neighbouring bytes: the beginning of a shifted string, and the end of each.
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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, StepResult } from '../../../lab/runner/job.ts';
import { hide } from '../../../lab/runner/log.ts';

/** Shorter pieces than this occur in any text by chance. */
const PIECE = 12;

/** What of a secret shows in a text: every piece of 12 characters, in each encoding that the runner knows and some more. */
export function shownPieces(text: string, secret: string): readonly string[] {
  return [...new Set(encodings(secret).flatMap((encoded) => piecesOf(encoded)))].filter((piece) =>
    text.includes(piece),
  );
}

function piecesOf(text: string): readonly string[] {
  if (text.length <= PIECE) return [text];
  return Array.from({ length: text.length - PIECE + 1 }, (_, start) => text.slice(start, start + PIECE));
}

function encodings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]));
  const base64 = shifted.flatMap((one) => [one.toString('base64'), one.toString('base64url')]);
  return [
    secret,
    secret.toLowerCase(),
    [...secret].reverse().join(''),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%', '%25'),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('+', '&#43;').replaceAll('/', '&#47;'),
    bytes.toString('hex'),
    // Without what depends on the neighbours: the first characters of a shifted text and the last of each.
    ...base64.map((text) => text.replace(/=*$/, '').slice(4, -2)),
  ];
}

/**
 * All that a step lets anyone see: what it printed but for its masks, its summary, and its state as the runner shows it with
 * debug logging on, which is behind the masks.
 */
export function visibleText({ stdout, stderr, state, summary }: StepResult, masks: ReadonlySet<string>): string {
  const printed = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  return [...printed, stderr, hide(Object.entries(state).flat().join('\n'), masks), summary].join('\n');
}

/** The texts of all files in the job's folders, with their names. */
export function filesOf({ temp, home }: Job): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of [temp, home]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(path, readFileSync(path, 'utf8'));
    }
  }
  return files;
}

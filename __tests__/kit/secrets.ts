import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Call } from '../../lab/aws/index.ts';
import type { Job, StepResult } from '../../lab/runner/job.ts';
import { hide } from '../../lab/runner/log.ts';

// What a step must never show, and how to look for it.

/** Fails, without showing the secret, if a text contains one: as it is, in base64 or percent-encoded, in any case and spacing. */
export function expectNoSecretIn(text: string, secrets: readonly string[], where: string): void {
  const bare = (of: string): string => of.replace(/[\s-]/g, '').toLowerCase();
  const searched = bare(text);
  const leaks = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < 6) continue;
    for (const [spelling, form] of [
      [secret, 'as it is'],
      [encodeURIComponent(secret), 'percent-encoded'],
      [Buffer.from(secret).toString('base64'), 'in base64'],
    ] as const) {
      if (!searched.includes(bare(spelling))) continue;
      leaks.add(`${where}: a secret of ${secret.length} characters, ${secret.slice(0, 3)}…, ${form}`);
    }
  }
  expect([...leaks]).toEqual([]);
}

/** What a step printed, without the commands that tell the runner what to hide. */
export function withoutMasks(stdout: string): string {
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}

/** The secrets among inputs, in all their parts. */
export function secretsOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  const { 'mfa-seed': seed = '', 'mfa-devices': devices = '', 'http-proxy': proxy = '' } = inputs;
  const seeds = [seed, ...devices.split('\n').map((line) => line.trim().replace(/^\S+\s+/, ''))];
  const secrets = [
    inputs['aws-secret-access-key'] ?? '',
    // The ID isn't a secret.
    ...(inputs['aws-access-key'] ?? '').split(/[\s:=,"]+/).filter((part) => /^\S{21,}$/.test(part)),
    inputs['mfa-code'] ?? '',
    inputs['sealing-key'] ?? '',
    /:([^:@/]+)@/.exec(proxy)?.[1] ?? '',
    ...seeds,
    ...seeds.flatMap((one) => /secret=([^&]+)/.exec(one)?.[1] ?? []),
  ];
  return secrets.filter((secret) => secret !== '');
}

/** The codes and the session tokens that were sent. */
export function sentSecrets(calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ params, headers }) =>
    [params['TokenCode'] ?? [], headers['x-amz-security-token'] ?? []].flat(),
  );
}

/** All that the step itself held to be secret; an account ID is only one in the log, and is in outputs. */
export function masksOf({ commands }: Pick<StepResult, 'commands'>): readonly string[] {
  return commands
    .filter(({ name, message }) => name === 'add-mask' && !/^\d{12}$/.test(message))
    .map(({ message }) => message);
}

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
 * All that a step lets anyone see: what it printed except for its masks, its summary, and its state as the runner shows it with
 * debug logging on, after it has masked it.
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

/** Proves that the search finds secrets, so that finding none means something. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Secret, SecretSearch } from './search.ts';

/** How a file may contain a secret. This list is independent of the search's own. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => `export KEY="${secret}";\n`,
  'lower case': (secret) => secret.toLowerCase(),
  'in groups': (secret) => secret.replaceAll(/(.{4})(?=.)/g, '$1 '),
  'with hyphens': (secret) => secret.replaceAll(/(.{4})(?=.)/g, '$1-'),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 of more': (secret) => Buffer.from(`user:${secret}\n`).toString('base64'),
  'base64 in lines': (secret) =>
    Buffer.from(`a ${secret}`)
      .toString('base64')
      .replaceAll(/(.{24})/g, '$1\n'),
  base64url: (secret) => Buffer.from(`?${secret}?`).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'HEX in bytes': (secret) => Buffer.from(secret).toString('hex').toUpperCase().replaceAll(/(..)/g, '$1 '),
  'the first half': (secret) => `${secret.slice(0, secret.length / 2)}***`,
  'the second half': (secret) => `***${secret.slice(secret.length / 2)}`,
};

/**
 * Plants each secret in each form, one at a time, and searches. Returns how many were found.
 * @throws Error if one wasn't found, or something else was
 */
export function proveSearch(secrets: readonly Secret[], folder: string): number {
  const search = new SecretSearch(secrets);
  mkdirSync(folder);
  try {
    if (search.searchFolder(folder).length > 0) throw new Error('the search finds something in an empty folder');
    for (const { name, value } of secrets) {
      for (const [form, write] of Object.entries(FORMS)) {
        writeFileSync(join(folder, 'planted'), write(value));
        const [found, ...others] = search.searchFolder(folder);
        if (found?.place !== 'planted' || found.secret !== name || others.length > 0) {
          throw new Error(`the search doesn't work: it didn't find ${name}, planted as ${form}, and nothing else`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return secrets.length * Object.keys(FORMS).length;
}

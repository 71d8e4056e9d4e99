/** The command from this checkout, in the place of the published one. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The version that workflows name. */
export const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
};

/** Puts an `npx` into the folder that runs only this package in this version. */
export function provideCommand(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const npx = `#!/bin/sh
if [ "$1 $2" != "--yes aws-mfa-credentials@${VERSION}" ]; then echo "unexpected: npx $*" >&2; exit 1; fi
shift 2
exec node '${join(ROOT, 'build/package/cli.js')}' "$@"
`;
  writeFileSync(join(folder, 'npx'), npx);
  chmodSync(join(folder, 'npx'), 0o755);
}

/** Bundles the command. */
export function buildCommand(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/package.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

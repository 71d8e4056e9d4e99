import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const SCRIPT = join(__dirname, '../../../scripts/on-node24.mjs');
const OMITTED =
  'npm installed no optional packages, and the compiler, the linter and Node 24 are such packages. Run `npm ci` without --omit=optional; `npm config get omit` shows if it is a setting.';

describe('without npm’s optional packages', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'on-node24-'));
    copyFileSync(SCRIPT, join(folder, 'on-node24.mjs'));
    writeFileSync(join(folder, 'ok.mjs'), 'console.log(process.argv.slice(2).join());');
    writeFileSync(join(folder, 'fails.mjs'), 'process.exit(3);');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'on-node24.mjs'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  };

  test('a script that works says nothing of them', () => {
    expect(run('ok.mjs', 'a', 'b')).toEqual({ status: 0, stdout: 'a,b', stderr: '' });
  });

  test('a script that fails says that they may be why, and keeps its exit code', () => {
    expect(run('fails.mjs')).toEqual({ status: 3, stdout: '', stderr: `This may be why it failed: ${OMITTED}` });
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTION, closeAfterTest, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

/** Why the archive cannot be made here, or undefined. */
function reasonToSkip(): string | undefined {
  const git = spawnSync('git', ['rev-parse', '--verify', 'HEAD'], { cwd: ACTION });
  if (git.status !== 0) return 'no git, or no commit to make an archive of';
  return spawnSync('tar', ['--version']).status === 0 ? undefined : 'no tar';
}

/** An unpacked archive of the last commit: what a runner downloads. */
function unpackedArchive(): string {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, 'archive.tar');
  writeFileSync(archive, execFileSync('git', ['archive', 'HEAD'], { cwd: ACTION, maxBuffer: 64 * 1024 * 1024 }));
  execFileSync('tar', ['-xf', 'archive.tar'], { cwd: folder });
  rmSync(archive);
  return folder;
}

const reason = reasonToSkip();
if (reason !== undefined) console.warn(`The tests of the archive are skipped: ${reason}.`);
const ALL = { ...SESSION, 'list-buckets': 'true', 'aws-profile': 'ci', summary: 'true', 'role-to-assume': 'deploy' };

/** Runs a step that loads every part of the action, and its post step. */
async function runAll(action: string): Promise<void> {
  const { job } = await startJob({ action });
  const { outputs, summary } = await succeeded(job.step({ inputs: ALL }));
  expect(outputs['bucket-count']).toBe('4');
  expect(summary).toContain('example-artifacts');
  const [post] = await job.post();
  expect(post).toMatchObject({ exitCode: 0, lines: [naming('ci')] });
}

describe('the action', () => {
  test('runs from the whole checkout, as with `uses: ./`', () => runAll(ACTION));

  // A runner reads an expression even in a description, and then does not load the action at all.
  test('has no expression in action.yml', () => {
    expect(readFileSync(join(ACTION, 'action.yml'), 'utf8')).not.toContain('${{');
  });

  (reason === undefined ? describe : describe.skip)(
    'from an archive of the last commit, as a runner downloads it',
    () => {
      test('runs', () => runAll(unpackedArchive()));

      test('brings nothing along that a runner does not need', () => {
        const allowed = ['LICENSE', 'README.md', 'action.yml', 'dist', 'rotate'];
        expect(readdirSync(unpackedArchive()).filter((name) => !allowed.includes(name))).toEqual([]);
      });
    },
  );
});

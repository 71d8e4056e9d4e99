/** The input of act: the action as users download it, and a repository with the workflows. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adaptWorkflows } from './adapt.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The folder in which GitHub looks for workflows. */
const WORKFLOWS = '.github/workflows';
/** The one in which Forgejo looks. */
const FORGEJO = '.forgejo/workflows';
const IDENTITY = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com'];
/** Doesn't exist, and isn't used: act only takes the repository's name from it. */
const ORIGIN = 'https://github.com/octo-org/octo-repo.git';

/** In our own repository, without the settings of the system and the user: no hooks, no signing. */
const NO_SETTINGS = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

function git(args: readonly string[], cwd: string, settings: Readonly<Record<string, string>> = {}): Buffer {
  return execFileSync('git', args, { cwd, env: { ...process.env, ...settings }, maxBuffer: 1 << 28 });
}

/**
 * The commit to test: HEAD, or for work in progress a commit of the tracked files as they are now, which doesn't change the branch
 * or the index.
 */
export function commitToTest(workInProgress: boolean): string {
  const made = workInProgress
    ? git([...IDENTITY, 'stash', 'create'], ROOT)
        .toString()
        .trim()
    : '';
  return made || git(['rev-parse', 'HEAD'], ROOT).toString().trim();
}

/** Whether the action on the disk differs from HEAD. */
export function differsOnDisk(): boolean {
  return git(['status', '--porcelain', '--', 'action.yml', 'dist'], ROOT).length > 0;
}

/**
 * Unpacks what a runner downloads for `uses: aws-mfa-credentials/aws-mfa-credentials@v1`, and adds the reusable workflows, which
 * GitHub takes from the repository and not from that archive.
 */
export function unpackAction(commit: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-f', '-', '-C', folder], { input: git(['archive', '--format=tar', commit], ROOT) });
  const reusable = join(folder, WORKFLOWS);
  mkdirSync(reusable, { recursive: true });
  const paths = git(['ls-tree', '--name-only', commit, `${WORKFLOWS}/`], ROOT)
    .toString()
    .split('\n');
  for (const path of paths.filter((one) => one !== '')) {
    writeFileSync(join(folder, path), git(['show', `${commit}:${path}`], ROOT));
  }
  adaptWorkflows(reusable);
}

/** Creates a repository with the test workflows, their actions and the examples, all adapted for act. */
export function makeWorkspace(folder: string, leftOut: readonly string[]): void {
  const copies = [
    ['lab/workflows/workflows', WORKFLOWS],
    ['lab/workflows/actions', '.github/actions'],
    [`${WORKFLOWS}/mfa-session.yml`, `${WORKFLOWS}/mfa-session.yml`],
    ['examples', 'examples'],
    ['examples/other-ci/forgejo.yml', `${FORGEJO}/aws.yml`],
  ] as const;
  for (const [from, to] of copies) {
    cpSync(join(ROOT, from), join(folder, to), { recursive: true });
  }
  for (const workflows of [WORKFLOWS, 'examples', 'examples/composite', FORGEJO])
    adaptWorkflows(join(folder, workflows), leftOut);
  writeFileSync(join(folder, 'deploy.sh'), '#!/bin/sh\nexec aws sts get-caller-identity\n', { mode: 0o755 });
  for (const args of [
    ['init', '--quiet', '--initial-branch=main', '--template='],
    ['add', '--all'],
    [...IDENTITY, 'commit', '--quiet', '--message=Test'],
    ['remote', 'add', 'origin', ORIGIN],
  ]) {
    git(args, folder, NO_SETTINGS);
  }
}

/**
 * Gitea's fork of act, which Gitea's runner executes workflows with. It only exists as a Go module, so we build it, once, in about
 * a minute.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name of the program. */
export const GITEA_ACT = 'gitea-act';

const MODULE = join(import.meta.dirname, 'gitea');
/** The oldest Go that its go.mod allows. */
const GO = 'Go 1.26';
const LIMIT_MS = 600_000;

/** A separate folder for each state of go.mod and go.sum. */
export function giteaFolder(cache: string): string {
  const pinned = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) pinned.update(readFileSync(join(MODULE, name)));
  return join(cache, `gitea-${pinned.digest('hex').slice(0, 12)}`);
}

/** Whether it is built. */
export function hasGitea(cache: string): boolean {
  return existsSync(join(giteaFolder(cache), GITEA_ACT));
}

/** Builds it, unless that is done already. If it fails, returns the reason in one line. */
export function buildGitea(cache: string): string | undefined {
  if (hasGitea(cache)) return undefined;
  console.log(`Building Gitea's act with Go into ${giteaFolder(cache)}`);
  const temporary = mkdtempSync(join(tmpdir(), 'gitea-act-'));
  try {
    const built = join(temporary, GITEA_ACT);
    const env = {
      ...process.env,
      GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
      CGO_ENABLED: '0',
      GOPATH: join(temporary, 'path'),
      GOCACHE: join(temporary, 'cache'),
    };
    const options = { cwd: MODULE, env, encoding: 'utf8', timeout: LIMIT_MS } as const;
    const { error, status, stderr } = spawnSync('go', ['build', '-o', built, 'github.com/nektos/act'], options);
    if (error !== undefined) return `can't run go (${error.message}); it needs ${GO}`;
    if (status !== 0) return `go build failed; it needs ${GO}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
    mkdirSync(giteaFolder(cache), { recursive: true });
    copyFileSync(built, join(giteaFolder(cache), GITEA_ACT));
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

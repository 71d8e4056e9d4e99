/**
 * Gitea's fork of act, which is what its runner executes workflows with. It only exists as a Go module, so it is built: once, in
 * about a minute.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name of the program. */
export const GITEA_ACT = 'gitea-act';

const MODULE = join(import.meta.dirname, 'gitea');
/** The first Go that its go.mod takes. */
const GO = 'Go 1.26';
const LIMIT_MS = 600_000;

/** A folder of its own for each state of go.mod and go.sum. */
export function giteaFolder(cache: string): string {
  const pinned = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) pinned.update(readFileSync(join(MODULE, name)));
  return join(cache, `gitea-${pinned.digest('hex').slice(0, 12)}`);
}

/** Whether it was built. */
export function hasGitea(cache: string): boolean {
  return existsSync(join(giteaFolder(cache), GITEA_ACT));
}

/** Builds it if it is not there yet. Returns why it could not be, in one line. */
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
    if (error !== undefined) return `go cannot be run (${error.message}); it takes ${GO}`;
    if (status !== 0) return `go build failed; it takes ${GO}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
    mkdirSync(giteaFolder(cache), { recursive: true });
    copyFileSync(built, join(giteaFolder(cache), GITEA_ACT));
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

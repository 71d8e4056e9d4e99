import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What not every system has. A test that needs such a thing says so; if it is missing, the test is skipped, with the reason in its
// name. The set-up of the suite finds out what is missing, once, and prints the reasons.

type Jest = typeof import('@jest/globals');

const WINDOWS = process.platform === 'win32';

/** What a test may need → why this system doesn't have it; undefined if it does. */
const NEEDS = {
  'file modes': () => (WINDOWS ? 'Windows has no file modes, a file is as private as its folder' : undefined),
  FIFOs: () => (WINDOWS ? 'Windows has no FIFOs and no devices among its files' : undefined),
  'users without permissions': () =>
    process.getuid?.() === 0 || WINDOWS ? 'everything is open to this user' : undefined,
  'foreign files': () => (process.getuid?.() === 0 ? undefined : 'this user may not give files to other users'),
  signals: () => (WINDOWS ? 'Windows ends a process instead of sending it a signal' : undefined),
  'bind mounts': () => reasonAgainst('mount', ['--bind'], ['umount']),
  'file attributes': () => reasonAgainst('chattr', ['+i'], ['chattr', '-i']),
  'symbolic links': reasonAgainstLinks,
  terminals: () =>
    spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0
      ? undefined
      : 'the script of util-linux, which makes terminals, is missing',
  npm: () =>
    process.env['npm_execpath'] === undefined
      ? 'npm did not start the suite, and says where it is only then'
      : undefined,
  'processes as files': () => (process.platform === 'linux' ? undefined : 'only Linux has /proc'),
  'Windows paths': () => (WINDOWS ? undefined : 'only Windows writes paths so'),
} as const satisfies Readonly<Record<string, () => string | undefined>>;

export type Need = keyof typeof NEEDS;

/** Why tests are skipped on this system. */
export function findMissing(): Readonly<Partial<Record<Need, string>>> {
  return Object.fromEntries(
    Object.entries(NEEDS).flatMap(([need, missing]) => {
      const reason = missing();
      return reason === undefined ? [] : [[need, reason]];
    }),
  );
}

/** The variable with which the set-up tells the tests. */
export const MISSING_HERE = 'MISSING_HERE';
const MISSING: Readonly<Partial<Record<Need, string>>> = JSON.parse(process.env[MISSING_HERE] ?? '{}');

/** Jest's `test` if the system has what the test needs, otherwise its `test.skip`. */
export function testNeeding(need: Need): Jest['test']['skip'] {
  const { test } = jest();
  return MISSING[need] === undefined ? test : naming(test.skip, MISSING[need]);
}

/** Jest's `describe` if the system has what the tests need, otherwise its `describe.skip`. */
export function describeNeeding(need: Need): Jest['describe']['skip'] {
  const { describe } = jest();
  return MISSING[need] === undefined ? describe : naming(describe.skip, MISSING[need]);
}

/** Not imported: the global set-up reads the reasons, too, and nothing of Jest's is there yet. */
function jest(): Jest {
  return globalThis as unknown as Jest;
}

/** Adds the reason to each name that is given to `skip` or `skip.each`. */
function naming<Skip extends Jest['test']['skip'] | Jest['describe']['skip']>(skip: Skip, reason: string): Skip {
  const named = (name: unknown): string => `${name} [skipped: ${reason}]`;
  const each = (...table: readonly unknown[]) => {
    const run: (...given: readonly unknown[]) => void = Reflect.apply(skip.each, skip, table);
    return (name: unknown, ...rest: readonly unknown[]): void => run(named(name), ...rest);
  };
  return new Proxy(skip, {
    apply: (target, self, [name, ...rest]) => Reflect.apply(target, self, [named(name), ...rest]),
    get: (target, key) => (key === 'each' ? each : Reflect.get(target, key)),
  });
}

/** A link is made only by those who may: on Windows an administrator, or anybody in developer mode. */
function reasonAgainstLinks(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  try {
    symlinkSync('nowhere', join(folder, 'link'));
    if (lstatSync(join(folder, 'link')).isSymbolicLink()) return undefined;
  } catch {
    // It may not.
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 'this user may not make symbolic links here';
}

/** What only root may do, and not in every container: tried on a file, and undone. */
function reasonAgainst(
  command: string,
  options: readonly string[],
  [undo = '', ...undoing]: readonly string[],
): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'may-'));
  const file = join(folder, 'file');
  try {
    writeFileSync(file, '');
    execFileSync(command, [...options, file, ...(command === 'mount' ? [file] : [])], { stdio: 'ignore' });
    execFileSync(undo, [...undoing, file], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `this user may not use ${command} here`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

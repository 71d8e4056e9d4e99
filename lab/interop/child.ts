import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Cleanup } from './cleanup.ts';

const START_MS = 30_000;

/** How a child is started. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** It's killed after this time. */
  readonly limitMs?: number;
}

/**
 * Starts a process that ends with the run, and with it all that it started. It has its own session, and so no terminal to ask a person
 * on.
 * @throws if the run is being ended
 */
export function startChild({ command, args, env = {}, limitMs }: Start, cleanup: Cleanup): ChildProcess {
  cleanup.signal.throwIfAborted();
  const options: SpawnOptions = {
    cwd: cleanup.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: cleanup.folder, TMPDIR: cleanup.folder, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  };
  const child = spawn(command, args, options);
  // Input for a child that has ended doesn't matter.
  child.stdin?.on('error', () => undefined);
  // None of them has anything to finish, and some take seconds to end on SIGTERM.
  const ended = cleanup.add(async () => {
    if (killAll(child)) await once(child, 'close');
  });
  child.once('close', ended);
  if (limitMs !== undefined) {
    // Not spawn's own time limit, which goes on if the program isn't there.
    const limit = setTimeout(() => killAll(child), limitMs).unref();
    child.once('close', () => clearTimeout(limit));
  }
  return child;
}

/** Kills a process that `startChild` started, and what it started itself, even if that has outlived it. False if nothing is left. */
export function killAll({ pid }: ChildProcess): boolean {
  try {
    return pid !== undefined && process.kill(-pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runChild(start: Start, cleanup: Cleanup): Promise<Ended> {
  const child = startChild(start, cleanup);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.stdin?.end(start.input ?? '');
  await once(child, 'close');
  return { exitCode: child.exitCode, ...output };
}

/**
 * Starts a server and waits until its output matches `ready`, which means that it listens. Returns the first group.
 * @throws Error with its output, if it ends or hasn't matched after 30 seconds
 */
export async function startServer(start: Start, ready: RegExp, cleanup: Cleanup): Promise<string> {
  const child = startChild(start, cleanup);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let printed = '';
  const fail = (): void => reject(new Error(`${start.args.join(' ')} did not start:\n${printed}`));
  const timer = setTimeout(fail, START_MS);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      // Later output, a line per request, is read so that the server doesn't block, and discarded.
      if (printed.length < 100_000) printed += text;
      const found = ready.exec(printed);
      if (found !== null) resolve(found[1] ?? found[0]);
    });
  }
  child.once('close', fail);
  child.once('error', reject);
  return promise.finally(() => clearTimeout(timer));
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system returned no port');
  return address.port;
}

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Belongings } from './belongings.ts';

const START_MS = 30_000;

/** How a child is started. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/**
 * A process that ends with the run, in a session of its own, so that it has no terminal that it could ask a person on.
 * @throws where the run is being ended
 */
export function startChild({ command, args, env = {} }: Start, belongings: Belongings): ChildProcess {
  belongings.signal.throwIfAborted();
  const options: SpawnOptions = {
    cwd: belongings.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: belongings.folder, TMPDIR: belongings.folder, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  };
  const child = spawn(command, args, options);
  // What a child that is gone would have read is missed by nobody.
  child.stdin?.on('error', () => undefined);
  // None of them has anything to finish, and some take seconds over being asked to.
  const ended = belongings.add(async () => {
    if (child.kill('SIGKILL')) await once(child, 'close');
  });
  child.once('close', ended);
  return child;
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runChild(start: Start, belongings: Belongings): Promise<Ended> {
  const child = startChild(start, belongings);
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
 * Starts a server and waits for the text that it prints when it listens; gives back what `ready` found in it.
 * @throws Error with what it printed instead, where it ends or is silent for 30 seconds
 */
export async function startServer(start: Start, ready: RegExp, belongings: Belongings): Promise<string> {
  const child = startChild(start, belongings);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let printed = '';
  const fail = (): void => reject(new Error(`${start.args.join(' ')} did not start:\n${printed}`));
  const timer = setTimeout(fail, START_MS);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      // A server that has started prints a line a request: it is read, so that it does not stop, and forgotten.
      if (printed.length < 100_000) printed += text;
      const found = ready.exec(printed);
      if (found !== null) resolve(found[1] ?? found[0]);
    });
  }
  child.once('close', fail);
  child.once('error', reject);
  return promise.finally(() => clearTimeout(timer));
}

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

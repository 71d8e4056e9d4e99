import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { Script } from 'node:vm';
import { type Execute, type Execution, executeAsProcess } from '../../lab/runner/execute.ts';

// Executes dist/main.js and dist/post.js, as built, inside the process of the tests. The bundle gets its own `process`
// (environment, standard output, exit code), its own timers and its own `os.homedir`; sockets and files are real. This takes a
// tenth of the time of a process. What needs a real one gets it: signals, a pipe, and what Node reads when it starts.

type Load = (
  globalThis: object,
  process: object,
  require: (id: string) => unknown,
  module: { exports: unknown },
  folder: string,
) => void;

/** The realm of Node itself. Jest runs tests in another, whose `Error` is not the one that `node:fs` throws. */
const realm: typeof globalThis = new Script('globalThis').runInThisContext();
const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'].join(', ');
const compiled = new Map<string, Load>();

function compile(file: string): Load {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const source = `(function (globalThis, process, require, module, __dirname) { const { ${NAMES} } = globalThis, exports = module.exports;${readFileSync(file, 'utf8')}\n})`;
  const load: Load = new Script(source, { filename: file }).runInThisContext();
  compiled.set(file, load);
  return load;
}

/** Executes an entry of the action in this process, or as a process if it needs one. */
export const executeInProcess: Execute = (execution) =>
  needsProcess(execution) ? executeAsProcess(execution) : new Promise((resolve) => start(execution, resolve));

/** Node reads `NODE_*` when it starts. The variables of Windows have no case, and no object is like that. */
function needsProcess({ env, started }: Execution): boolean {
  const forNode = Object.entries(env).some(([name, value]) => name.startsWith('NODE_') && value !== undefined);
  return started !== undefined || forNode || process.platform === 'win32' || 'REAL_PROCESSES' in process.env;
}

type Ended = Awaited<ReturnType<Execute>>;

function start({ file, cwd, env }: Execution, resolve: (ended: Ended) => void): void {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        written[name] += chunk;
        done();
      },
    });
  const { timers, stop } = ownTimers();
  const own = {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    argv: [realm.process.execPath, file],
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    exitCode: undefined as number | undefined,
    cwd: () => cwd,
    // Those of this process are not the step's.
    getActiveResourcesInfo: () => [],
    execve: undefined,
    exit(code?: number) {
      stop();
      resolve({ exitCode: Number(code ?? process.exitCode ?? 0), ...written });
    },
  };
  const process: NodeJS.Process = Object.create(realm.process, Object.getOwnPropertyDescriptors(own));
  EventEmitter.call(process);
  load(file, Object.create(realm, Object.getOwnPropertyDescriptors({ ...timers, process })), process);
}

/** Loads a file of the bundle, and what it requires: its own parts again, each time anew, and Node's modules. */
function load(file: string, global: object, process: NodeJS.Process): unknown {
  const require = createRequire(file);
  const module = { exports: {} };
  compile(file)(
    global,
    process,
    (id) => {
      if (id === 'process' || id === 'node:process') return process;
      if (id === 'os' || id === 'node:os') return ownOs(require(id), process);
      return id.startsWith('.') ? load(require.resolve(id), global, process) : require(id);
    },
    module,
    dirname(file),
  );
  return module.exports;
}

function ownOs(os: typeof import('node:os'), { env }: NodeJS.Process): typeof import('node:os') {
  return { ...os, homedir: () => env['HOME'] ?? os.userInfo().homedir };
}

/** Timers that stop with the step. */
function ownTimers() {
  const running = new Set<NodeJS.Timeout>();
  const keep = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    running.add(timer);
    return timer;
  };
  return {
    timers: {
      setTimeout: (...given: Parameters<typeof setTimeout>) => keep(realm.setTimeout(...given)),
      setInterval: (...given: Parameters<typeof setInterval>) => keep(realm.setInterval(...given)),
    },
    stop(): void {
      for (const timer of running) realm.clearTimeout(timer);
    },
  };
}

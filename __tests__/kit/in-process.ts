import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Writable } from 'node:stream';
import { Script } from 'node:vm';
import { type Execute, type Execution, executeAsProcess } from '../../lab/runner/execute.ts';

// Executes dist/main.js and dist/post.js, as built, inside the process of the tests. The bundle gets its own `process`
// (environment, standard output, exit code), its own timers and its own copies of `node:fs` and `node:os`; sockets and files are
// real. This takes an eighth of the time of a process. What needs a real process gets one: signals, a pipe, relative paths, and
// what Node reads when it starts. REAL_PROCESSES=1 turns every step into a process.

type Load = (
  global: object,
  process: object,
  require: (id: string) => unknown,
  module: { exports: unknown },
  folder: string,
) => void;

/** The realm of Node itself. Jest runs tests in another, whose `Error` is not the one that `node:fs` throws. */
const realm: typeof globalThis = new Script('globalThis').runInThisContext();
const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'].join(', ');
/** The preloads that change nothing but globals, `node:fs` and `node:os`, of which each step has its own here. */
const CONFINED: readonly string[] = ['clock.cts', 'faults.cts', 'homeless.cts', 'owner.cts', 'user.cts'];
const compiled = new Map<string, Load>();

function compile(file: string): Load {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const body = file.endsWith('.cts') ? withoutTypes(text) : text;
  const source = `(function (globalThis, process, require, module, __dirname) { const { ${NAMES} } = globalThis, exports = module.exports; {${body}\n} })`;
  const load: Load = new Script(source, { filename: file }).runInThisContext();
  compiled.set(file, load);
  return load;
}

function withoutTypes(text: string): string {
  // Only a few tests need it.
  const { transformSync }: typeof import('@swc/core') = createRequire(__filename)('@swc/core');
  return transformSync(text, { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, isModule: false }).code;
}

/** Executes an entry of the action in this process, or as a process if it needs one. */
export const executeInProcess: Execute = (execution) =>
  needsProcess(execution) ? executeAsProcess(execution) : new Promise((resolve) => start(execution, resolve));

function needsProcess({ env, started }: Execution): boolean {
  // The variables of Windows have no case, and no object is like that.
  if (started !== undefined || process.platform === 'win32' || 'REAL_PROCESSES' in process.env) return true;
  return Object.entries(env).some(([name, value = '']) => {
    if (name === 'NODE_OPTIONS') return !preloads(value).every((path) => CONFINED.includes(basename(path)));
    // Faults that are counted, or that kill.
    if (name === 'TEST_FAULTS') return value === '[]' || /"nth"|SIGKILL/.test(value);
    // Node reads these when it starts.
    if (name.startsWith('NODE_')) return true;
    return PATHS.test(name) && value !== '' && !isAbsolute(value);
  });
}

/** Paths that are relative to the folder of a process, unless they are absolute. */
const PATHS = /^(?:RUNNER_TEMP|GITHUB_(?:ENV|OUTPUT|STATE|STEP_SUMMARY)|AWS_\w+_FILE|HOME)$/;

/** The files that NODE_OPTIONS loads before the step. */
function preloads(options: string): readonly string[] {
  return Array.from(options.matchAll(/--require ("[^"]*")/g), ([, path = '']) => JSON.parse(path));
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
  const modules = ownModules(process);
  Object.assign(process, { getBuiltinModule: modules });
  const global = Object.create(realm, Object.getOwnPropertyDescriptors({ ...timers, Date: realm.Date, process }));
  for (const path of preloads(own.env['NODE_OPTIONS'] ?? '')) load(path, global, process, modules);
  load(file, global, process, modules);
}

type Modules = (id: string) => unknown;

/** Node's modules: those that a preload changes, and that would not fit the step, as copies of its own. */
function ownModules(process: NodeJS.Process): Modules {
  const require = createRequire(__filename);
  const os: typeof import('node:os') = require('node:os');
  const { env } = process;
  const own: Readonly<Record<string, unknown>> = {
    fs: { ...require('node:fs') },
    os: { ...os, homedir: () => env['HOME'] ?? os.userInfo().homedir },
    process,
  };
  return (id) => own[id.replace(/^node:/, '')] ?? require(id);
}

/** Loads a file of the bundle, and what it requires: its own parts again, each time anew, and Node's modules. */
function load(file: string, global: object, process: NodeJS.Process, modules: Modules): unknown {
  const module = { exports: {} };
  const folder = dirname(file);
  const require = (id: string): unknown =>
    id.startsWith('.') ? load(join(folder, id), global, process, modules) : modules(id);
  compile(file)(global, process, require, module, folder);
  return module.exports;
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

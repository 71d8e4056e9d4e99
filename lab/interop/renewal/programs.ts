import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from '../../python/environment.ts';
import { type Ended, runChild } from '../child.ts';
import type { Cleanup } from '../cleanup.ts';

// The AWS CLI v2, if it's installed, and the programs in Go and Java: built with the ordinary tools, in the ordinary caches of
// the person who runs this.

const GO = join(import.meta.dirname, '../go');
const JAVA = join(import.meta.dirname, '../java');
const LIMIT_MS = 600_000;

/** What was found or could be built. */
export interface Programs {
  readonly cli2: { readonly command: string; readonly version: string } | undefined;
  readonly go: { readonly renewal: string; readonly longJob: string } | undefined;
  /** The class path of the program in Java. */
  readonly java: { readonly classPath: string } | undefined;
  /** What is missing, and how to get it. */
  readonly missing: readonly string[];
}

/**
 * Finds the CLI and builds the programs.
 * @throws SetupError with what a tool says, if it's there and fails
 */
export async function buildPrograms(cleanup: Cleanup): Promise<Programs> {
  // In this folder, it fails if it's too old and can't get the version in go.mod.
  const hasGo = await runs('go', ['-C', GO, 'version'], cleanup);
  const hasJava = (await runs('mvn', ['--version'], cleanup)) && (await runs('javac', ['-version'], cleanup));
  const cli2 = await findCli2(cleanup);
  return {
    cli2,
    go: hasGo ? await buildGo(cleanup) : undefined,
    java: hasJava ? await buildJava(cleanup) : undefined,
    missing: [
      ...(cli2 === undefined ? ['the AWS CLI v2 on PATH'] : []),
      ...(hasGo ? [] : ['Go 1.25 or newer (`apt-get install golang-go`, `brew install go`)']),
      ...(hasJava ? [] : ['a JDK, 17 or newer, and Maven (`apt-get install default-jdk-headless maven`)']),
    ],
  };
}

/** The version of a module in go.mod. */
export function pinnedInGo(module: string): string {
  return pinnedIn(join(GO, 'go.mod'), new RegExp(`${module} v(.*)`));
}

/** The version in pom.xml. */
export function pinnedInJava(): string {
  return pinnedIn(join(JAVA, 'pom.xml'), /<artifactId>bom<\/artifactId>\s*<version>(.*)<\/version>/);
}

function pinnedIn(path: string, pattern: RegExp): string {
  return pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
}

async function buildGo(cleanup: Cleanup): Promise<Programs['go']> {
  const built = { renewal: join(cleanup.folder, 'renewal'), longJob: join(cleanup.folder, 'long-job') };
  await build('go', ['-C', GO, 'build', '-o', built.renewal, '.'], cleanup);
  await build('go', ['-C', GO, 'test', '-c', '-o', built.longJob, '.'], cleanup);
  return built;
}

async function buildJava(cleanup: Cleanup): Promise<Programs['java']> {
  const libraries = join(cleanup.folder, 'java');
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${libraries}`];
  await build('mvn', ['--batch-mode', '--quiet', '--file', join(JAVA, 'pom.xml'), ...copy], cleanup);
  const classPath = [join(libraries, '*'), libraries].join(delimiter);
  await build('javac', ['-cp', classPath, '-d', libraries, join(JAVA, 'Renewal.java')], cleanup);
  return { classPath };
}

async function runs(command: string, args: readonly string[], cleanup: Cleanup): Promise<boolean> {
  return run(command, args, cleanup).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
}

async function build(command: string, args: readonly string[], cleanup: Cleanup): Promise<void> {
  const { exitCode, stdout, stderr } = await run(command, args, cleanup);
  if (exitCode !== 0) throw new SetupError(`${command} failed:\n${stdout}${stderr}`);
}

function run(command: string, args: readonly string[], cleanup: Cleanup): Promise<Ended> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = { ...Object.fromEntries(own), CGO_ENABLED: '0' };
  return runChild({ command, args, env, limitMs: LIMIT_MS }, cleanup);
}

/** An `aws` on PATH that is version 2. There may be others before it. */
async function findCli2(cleanup: Cleanup): Promise<{ readonly command: string; readonly version: string } | undefined> {
  const folders = new Set((process.env['PATH'] ?? '').split(delimiter));
  for (const command of [...folders].map((folder) => join(folder, 'aws')).filter((path) => existsSync(path))) {
    const { stdout } = await runChild({ command, args: ['--version'] }, cleanup).catch(() => ({ stdout: '' }));
    const version = /^aws-cli\/(2\.\S+)/.exec(stdout)?.[1];
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

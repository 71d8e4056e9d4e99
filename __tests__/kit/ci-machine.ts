import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { build, DEMO, demoWorld, type Emulator } from '../../lab/aws/index.ts';
import { builtCommand } from '../../lab/command/built.ts';
import { emulate } from '../aws/wire.ts';
import { read } from '../docs/markdown.ts';
import { closeAfterTest } from './action.ts';
import type { ShellJob, Variables } from './ci-examples.ts';

// A machine that runs a job of a CI: an empty home, the variables that it's given and no others, the built command in the place of
// the published one, and scripts that show what they get.

const { version } = JSON.parse(read('package.json'));
/** The secrets that people store in their CI. */
export const STORED: Variables = {
  AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
  MFA_SEED: DEMO.seed,
};

/** Runs only the package and the version that the examples name. */
const npx = (node: string, command: string) => `#!/bin/sh
if [ "$1 $2" != "--yes aws-mfa-credentials@${version}" ]; then echo "unexpected: npx $*" >&2; exit 99; fi
shift 2
echo "$*" >> "$HOME/../arguments"
exec '${node}' '${command}' "$@"
`;

/** What the examples run: it shows its environment to the test, and to nobody else. */
const SCRIPT = '#!/bin/sh\nenv -0 > "$HOME/../seen"\necho "$0 ran"\n';

export interface Machine {
  readonly folder: string;
  readonly emulator: Emulator;
}

/** A machine with nothing on it but Node, the command and the two scripts. */
export async function machine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'other-ci-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  for (const name of ['bin', 'home', 'work', 'secrets']) mkdirSync(join(folder, name));
  const command = await builtCommand();
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  executable(join(folder, 'bin/npx'), npx(process.execPath, command));
  executable(join(folder, 'bin/aws-mfa-credentials'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`);
  for (const name of ['deploy.sh', 'test.sh']) executable(join(folder, 'work', name), SCRIPT);
  const world = demoWorld();
  const [account] = world.accounts;
  const [deploy] = account?.roles ?? [];
  if (account === undefined || deploy === undefined) throw new Error('the demo has an account with a role');
  account.roles.push(build.role({ ...deploy, name: 'test' }));
  return { folder, emulator: await emulate({ world }) };
}

function executable(path: string, content: string): void {
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}

export interface Ran {
  readonly exitCode: number | null;
  /** Standard output and standard error. */
  readonly log: string;
}

/** Runs a job with these variables and no others. */
export function runIn(where: Machine, job: ShellJob, variables: Variables): Promise<Ran> {
  return spawnIn(where, [job.shell, '-e', '-c', job.text], {
    AWS_ENDPOINT_URL: where.emulator.endpoint,
    ...Object.fromEntries(job.secrets.map((name) => [name, STORED[name] ?? ''])),
    ...job.variables,
    ...variables,
  });
}

/** Runs a program with these variables and no others. */
export async function spawnIn(
  { folder }: Machine,
  [program, ...args]: readonly [string, ...string[]],
  variables: Variables = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    cwd: join(folder, 'work'),
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: join(folder, 'home'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, ...printed] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, log: printed.join('') };
}

/** The environment of the script, if it ran. */
export function seenBy({ folder }: Machine): Variables {
  const entries = readFileSync(join(folder, 'seen'), 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(entries.map((entry) => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]));
}

/** The script got the role's session, with this name and at least these tags, and no secret is anywhere else. */
export function expectCredentials(
  where: Machine,
  { log }: Ran,
  role: string,
  sessionName: string | RegExp,
  tags: Variables,
): void {
  const seen = seenBy(where);
  const session = where.emulator.sessions.find(({ accessKeyId }) => accessKeyId === seen['AWS_ACCESS_KEY_ID']);
  const grant = session?.grant.kind === 'role' ? session.grant : undefined;
  expect([session?.arn, grant?.sessionName]).toEqual([
    `arn:aws:iam::${DEMO.accountId}:role/${role}`,
    typeof sessionName === 'string' ? sessionName : expect.stringMatching(sessionName),
  ]);
  expect(Object.fromEntries(grant?.tags ?? [])).toMatchObject(tags);
  expect(seen).toMatchObject({
    AWS_SECRET_ACCESS_KEY: session?.secretAccessKey,
    AWS_SESSION_TOKEN: session?.sessionToken,
    AWS_REGION: 'eu-central-1',
  });
  const longTerm = Object.values(STORED);
  expect(Object.values(seen).filter((value) => longTerm.some((secret) => value.includes(secret)))).toEqual([]);
  const secrets = [DEMO.secretAccessKey, DEMO.seed, session?.secretAccessKey ?? '', session?.sessionToken ?? ''];
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
}

/**
 * Tries a workflow offline, as a person does: starts `npm run emulator` and runs the act command that it prints, on the first
 * workflow of the README.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MARK } from './processes.ts';
import type { CaseOptions, CaseResult } from './run-case.ts';

/** Its name in the table and on the command line. */
export const EMULATOR_COMMAND = 'emulator-command';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 120_000;

/**
 * Runs the command and returns the verdicts.
 * @throws Error if the emulator or bash can't be started, or the run is interrupted
 */
export async function runEmulatorCommand(options: CaseOptions): Promise<CaseResult> {
  const folder = join(options.folder, EMULATOR_COMMAND);
  const workflows = join(folder, 'workspace', '.github', 'workflows');
  for (const made of [workflows, join(folder, 'home')]) mkdirSync(made, { recursive: true });
  writeFileSync(join(workflows, 'aws.yml'), firstWorkflow());
  const started = performance.now();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(LIMIT_MS)]);
  const emulator = spawn(process.execPath, [join(ROOT, 'lab', 'aws', 'main.ts'), '--port', '0', '--log'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const printed = collect(emulator);
    const command = await commandIn(printed, signal);
    const log = join(folder, 'act.log');
    const exitCode = await runToEnd(command, { folder, log, toolFolders: options.toolFolders, signal });
    options.signal.throwIfAborted();
    const requests = printed.text.slice(printed.text.indexOf('Stop with Ctrl-C'));
    return {
      workflow: EMULATOR_COMMAND,
      jobs: 1,
      verdicts: [
        {
          what: 'the first workflow in README.md succeeds with the act command that npm run emulator prints',
          problem: exitCode === 0 ? undefined : `act's exit code was ${exitCode}`,
        },
        {
          what: 'the emulator logs the request with the code as accepted',
          problem: /sts GetSessionToken +200 .*accepted/.test(requests) ? undefined : `it logged: ${requests}`,
        },
      ],
      seconds: (performance.now() - started) / 1000,
      secrets: [],
      log,
    };
  } finally {
    emulator.kill('SIGTERM');
  }
}

/** The first workflow of the README. */
function firstWorkflow(): string {
  const [, workflow] = /^```yaml\n(# \.github[\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  if (workflow === undefined) throw new Error('README.md has no complete workflow');
  return workflow;
}

function collect(child: ChildProcess): { text: string } {
  const collected = { text: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    collected.text += chunk;
  });
  return collected;
}

/** Waits until the emulator has printed everything, and returns the act command. */
async function commandIn(printed: { readonly text: string }, signal: AbortSignal): Promise<string> {
  while (!printed.text.includes('Stop with Ctrl-C')) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [command] = /^PATH=(?:.+\\\n)+.+$/m.exec(printed.text) ?? [];
  if (command === undefined) throw new Error(`npm run emulator prints no act command: ${printed.text}`);
  return command;
}

async function runToEnd(
  command: string,
  given: {
    readonly folder: string;
    readonly log: string;
    readonly toolFolders: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<number | null> {
  const { folder, log, toolFolders, signal } = given;
  const home = join(folder, 'home');
  const child = spawn('bash', ['-c', command], {
    cwd: join(folder, 'workspace'),
    env: { ...MARK, PATH: [...toolFolders, process.env['PATH']].join(':'), HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  try {
    const [exitCode] = await once(child, 'close');
    return exitCode;
  } finally {
    file.end();
  }
}

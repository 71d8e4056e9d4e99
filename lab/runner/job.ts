import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandFile } from './command-file.ts';
import { type Execute, executeAsProcess, type RunningStep } from './execute.ts';
import { type Command, readLog } from './log.ts';

export type { RunningStep };

/** The input of a step. */
export interface StepOptions {
  /** `with:` */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `env:` of the step; evaluated again for its post step. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with the process when it has started. */
  readonly started?: (child: RunningStep) => void;
}

/** The result of a step. */
export interface StepResult {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  /** What it printed, with `\n` for the line ends of any system. */
  readonly stdout: string;
  readonly stderr: string;
  /** The log as a person sees it. */
  readonly lines: readonly string[];
  readonly commands: readonly Command[];
  /** What it wrote to GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE. */
  readonly exported: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The job's machine and settings. */
export interface JobOptions {
  /** The folder with the action's action.yml and dist/. */
  readonly action: string;
  /** Its main entry in dist/. Defaults to `main`. */
  readonly entry?: 'main' | 'rotate';
  /** `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
  /** How to execute an entry. Defaults to a separate process, as on a runner. */
  readonly execute?: Execute;
}

/** RUNNER_OS by Node's name of the system. */
const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

const FILES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;

/**
 * Runs an action's steps as GitHub's runner does: inputs in `INPUT_*`, command files that the runner creates and reads after each
 * step, even a failed one, masks for the rest of the job, post steps in reverse order with their state in `STATE_*`. The steps don't
 * inherit the environment of this process.
 */
export class Job {
  readonly temp: string;
  readonly home: string;
  readonly masks = new Set<string>();
  /** The environment that later steps see. */
  readonly env: Record<string, string>;
  readonly #options: JobOptions;
  readonly #root: string;
  readonly #posts: { readonly state: Readonly<Record<string, string>>; readonly options: StepOptions }[] = [];
  #steps = 0;

  constructor(options: JobOptions) {
    this.#options = options;
    // The real path, which steps see: macOS's temporary folder is a link, and Windows's has a short name.
    this.#root = realpathSync.native(mkdtempSync(join(tmpdir(), 'local-runner-')));
    this.temp = join(this.#root, 'temp');
    this.home = join(this.#root, 'home');
    for (const folder of [this.temp, this.home]) mkdirSync(folder);
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      USERPROFILE: this.home,
      ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {}),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_ACTION: '__octo-org_aws-mfa-credentials',
      GITHUB_ACTOR: 'octocat',
      GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '1658821493',
      GITHUB_RUN_NUMBER: '3',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'deploy',
      GITHUB_TRIGGERING_ACTOR: 'octocat',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_WORKSPACE: this.#root,
      RUNNER_OS: SYSTEMS[process.platform] ?? process.platform,
      RUNNER_TEMP: this.temp,
      // Only some tests want the metadata of an instance.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.env,
    };
  }

  /** Runs the action's main step. */
  async step(options: StepOptions = {}): Promise<StepResult> {
    const inputs = Object.fromEntries(
      Object.entries(options.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    );
    const result = await this.#run(this.#options.entry ?? 'main', options, inputs);
    this.#posts.push({ state: result.state, options });
    return result;
  }

  /** Runs the post steps of all main steps so far, in reverse order. */
  async post(): Promise<readonly StepResult[]> {
    const results: StepResult[] = [];
    for (const { state, options } of this.#posts.splice(0).reverse()) {
      const stateVariables = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
      results.push(await this.#run('post', { ...options, inputs: {} }, stateVariables));
    }
    return results;
  }

  /** Removes the job's files. */
  close(): void {
    // On Windows, another process may have a file open: a virus scanner, or one that is just ending.
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  async #run(
    entry: 'main' | 'rotate' | 'post',
    { env = {}, started }: StepOptions,
    variables: Readonly<Record<string, string>>,
  ): Promise<StepResult> {
    this.#steps += 1;
    const files = Object.fromEntries(FILES.map((name) => [name, join(this.#root, `${name}-${this.#steps}`)]));
    for (const path of Object.values(files)) writeFileSync(path, '');
    const debug = this.#options.debug === true;
    const { execute = executeAsProcess, action } = this.#options;
    const { exitCode, ...output } = await execute({
      file: join(action, 'dist', `${entry}.js`),
      cwd: this.#root,
      env: { ...this.env, ...files, ...(debug ? { RUNNER_DEBUG: '1' } : {}), ...env, ...variables },
      started,
    });
    for (const name of ['stdout', 'stderr'] as const) output[name] = output[name].replaceAll(EOL, '\n');
    const read = (name: (typeof FILES)[number]): string => readFileSync(files[name] ?? '', 'utf8');
    const exported = Object.fromEntries(parseCommandFile(read('GITHUB_ENV')));
    Object.assign(this.env, exported);
    return {
      exitCode,
      ...output,
      ...readLog(output.stdout, this.masks, debug),
      exported,
      outputs: Object.fromEntries(parseCommandFile(read('GITHUB_OUTPUT'))),
      state: Object.fromEntries(parseCommandFile(read('GITHUB_STATE'))),
      summary: read('GITHUB_STEP_SUMMARY'),
    };
  }
}

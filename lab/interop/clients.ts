import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Credentials, REGION } from './account.ts';
import { type Ended, runChild, startChild } from './child.ts';
import type { Cleanup } from './cleanup.ts';

// AWS's own clients, from a Python environment that has them.

/** The AWS CLI. */
export class AwsCli {
  readonly #python: string;
  readonly #cleanup: Cleanup;

  constructor(python: string, cleanup: Cleanup) {
    this.#python = python;
    this.#cleanup = cleanup;
  }

  /**
   * Runs `aws …` with these variables and no others that could give it credentials.
   * @param input what a person would type
   */
  run(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Ended> {
    const nothing = join(this.#cleanup.folder, 'not-there');
    return runChild(
      {
        command: this.#python,
        args: ['-W', 'ignore', '-m', 'awscli', ...args],
        env: {
          AWS_DEFAULT_REGION: REGION,
          AWS_CONFIG_FILE: nothing,
          AWS_SHARED_CREDENTIALS_FILE: nothing,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_MAX_ATTEMPTS: '1',
          ...env,
        },
        input,
      },
      this.#cleanup,
    );
  }

  /**
   * What `aws …` prints, parsed as JSON.
   * @throws Error with what it says instead
   */
  async json(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<unknown> {
    const { exitCode, stdout, stderr } = await this.run([...args, '--output', 'json'], env, input);
    if (exitCode !== 0) throw new Error(`aws ${args.slice(0, 2).join(' ')} failed: ${stderr.trim()}`);
    return stdout === '' ? null : JSON.parse(stdout);
  }
}

/** A call of boto3. */
export interface Boto3Call {
  readonly endpoint: string;
  readonly service: 's3' | 'sts';
  /** boto3's name for it, such as `get_caller_identity`. */
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Without them, the request isn't signed. */
  readonly credentials?: Credentials;
  /** All pages, by boto3's paginator: the value is an array of them. */
  readonly pages?: boolean;
  /** A string in the request, and what replaces it after the request is signed. */
  readonly alter?: readonly [string, string];
}

/** The answer, as boto3 reads it. */
export type Boto3Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/** boto3 and pyotp in a Python process that answers one question after the other. */
export class Boto3 {
  readonly #ask: (question: unknown) => Promise<unknown>;

  constructor(python: string, cleanup: Cleanup) {
    const script = join(import.meta.dirname, 'python', 'client.py');
    const child = startChild({ command: python, args: [script] }, cleanup);
    const waiting: PromiseWithResolvers<unknown>[] = [];
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    if (child.stdout !== null) {
      createInterface(child.stdout).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)));
    }
    child.once('close', () => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`the process with boto3 ended:\n${errors}`));
    });
    this.#ask = (question) => {
      const answer = Promise.withResolvers<unknown>();
      waiting.push(answer);
      // A process that has ended never answers.
      if (child.exitCode !== null) answer.reject(new Error(`the process with boto3 has ended:\n${errors}`));
      child.stdin?.write(`${JSON.stringify(question)}\n`);
      return answer.promise;
    };
  }

  /** The code that pyotp computes for now, or for this many 30-second steps later. */
  async code(seed: string, steps = 0): Promise<string> {
    return String(await this.#ask({ seed, steps }));
  }

  /** Calls AWS. */
  async call({ credentials, parameters = {}, pages = false, alter, ...call }: Boto3Call): Promise<Boto3Answer> {
    const keys = credentials && {
      aws_access_key_id: credentials.accessKeyId,
      aws_secret_access_key: credentials.secretAccessKey,
      aws_session_token: credentials.sessionToken,
    };
    const question = { ...call, parameters, pages, credentials: keys ?? null, alter: alter ?? null };
    return (await this.#ask(question)) as Boto3Answer;
  }

  /** The value of a call that must succeed. */
  async value(call: Boto3Call): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.call(call);
    if (!answer.ok) throw new Error(`${call.operation}: ${answer.code}: ${answer.message}`);
    return answer.value as Readonly<Record<string, unknown>>;
  }

  /** The ARN that AWS gives for these credentials. */
  async whoIs(endpoint: string, credentials: Credentials): Promise<unknown> {
    return (await this.value({ endpoint, service: 'sts', operation: 'get_caller_identity', credentials }))['Arn'];
  }
}

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Credentials } from './account.ts';
import type { Belongings } from './belongings.ts';
import { startChild } from './child.ts';

/** A call of boto3. */
export interface Boto3Call {
  readonly endpoint: string;
  readonly service: 'iam' | 's3' | 'sts';
  /** boto3's name of it, `get_caller_identity`. */
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Without them the request is not signed. */
  readonly credentials?: Credentials;
  /** All pages, by boto3's paginator: the value is an array of them. */
  readonly pages?: boolean;
  /** A text in the request and what it becomes after the request was signed. */
  readonly alter?: readonly [string, string];
}

/** What came back, as boto3 reads it. */
export type Boto3Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/** boto3 and pyotp in a Python process that answers one question after the other. */
export class Boto3 {
  readonly #ask: (question: unknown) => Promise<unknown>;

  /** @param python a Python that has boto3 and pyotp */
  constructor(python: string, belongings: Belongings) {
    const script = join(import.meta.dirname, 'python', 'client.py');
    const child = startChild({ command: python, args: [script] }, belongings);
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
      // A question to a process that is gone is never answered.
      if (child.exitCode !== null) answer.reject(new Error(`the process with boto3 has ended:\n${errors}`));
      child.stdin?.write(`${JSON.stringify(question)}\n`);
      return answer.promise;
    };
  }

  /** The code that pyotp computes for now, or for so many steps of 30 seconds later. */
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

  /** Who AWS says that these credentials are. */
  async whoIs(endpoint: string, credentials: Credentials): Promise<unknown> {
    return (await this.value({ endpoint, service: 'sts', operation: 'get_caller_identity', credentials }))['Arn'];
  }
}

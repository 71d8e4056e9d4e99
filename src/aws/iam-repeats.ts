import type { Keys } from '../core/credentials.ts';
import { Failure, isFailure, mayHaveWorked } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import { Retries } from '../core/retry.ts';
import { ask, requireRequestId, type WireAnswer } from './ask.ts';
import type { ClientContext } from './client-context.ts';
import { type AdminCalls, IAM_ADMIN } from './iam-calls.ts';
import { judgeIam } from './iam-rules.ts';
import { QueryClient } from './query-client.ts';

/** What a call of IAM is made of. */
export interface IamCall<Name extends keyof AdminCalls, T> {
  readonly name: Name;
  /** What to send, made again for each attempt. */
  readonly input: () => AdminCalls[Name][0];
  /** Makes a value from an answer of AWS's; undefined if something is missing from it. */
  readonly read: (output: AdminCalls[Name][1]) => T | undefined;
  /** A call that creates something is only repeated if it can't have worked. */
  readonly creates?: true;
  /** What the call is about: names, serials, IDs of keys. Those that are new may be unknown to IAM. */
  readonly about?: readonly string[];
}

/** Sends calls to IAM, and repeats them as far as that does no harm. */
export class IamRequests {
  readonly #context: ClientContext;
  readonly #keys: Keys;
  readonly #new = new Set<string>();

  constructor(context: ClientContext, keys: Keys) {
    this.#context = context;
    this.#keys = keys;
  }

  /** Notes that something was just created: IAM takes a few seconds to find it. */
  created(name: string): void {
    this.#new.add(name);
  }

  /** The answer to a call, or what remains to be said after the last attempt. */
  async send<Name extends keyof AdminCalls, T>(call: IamCall<Name, T>): Promise<Answer<T>> {
    return (await this.#attempts(call)).answer;
  }

  /** The same, for something that may not exist: then undefined. */
  async find<Name extends keyof AdminCalls, T>(call: IamCall<Name, T>): Promise<Answer<T | undefined>> {
    const answer = await this.send(call);
    return isMissing(answer) ? { ok: true, value: undefined, serverTime: answer.serverTime } : answer;
  }

  /** Removes something. If it is gone after an attempt whose answer was lost, that attempt has worked. */
  async remove<Name extends keyof AdminCalls>(
    name: Name,
    input: AdminCalls[Name][0],
    about: readonly [subject: string, ...owners: string[]],
  ): Promise<Answer<void>> {
    const { answer, lost } = await this.#attempts({ name, input: () => input, read: nothing, about });
    if (!answer.ok && !(lost && isMissing(answer))) return answer;
    this.#new.delete(about[0]);
    return { ok: true, value: undefined, serverTime: answer.serverTime };
  }

  async #attempts<Name extends keyof AdminCalls, T>(
    call: IamCall<Name, T>,
  ): Promise<{ readonly answer: Answer<T>; readonly lost: boolean }> {
    const { creates, about = [] } = call;
    // One client per call: calls may overlap, and each notes the time in its own answers.
    const client = new QueryClient(IAM_ADMIN, this.#context, this.#keys);
    const retries = new Retries(this.#context.retry);
    for (let lost = false; ; ) {
      const answer = this.#unlessNew(await this.#attempt(client, call), about);
      if (answer.ok) return { answer, lost };
      lost ||= mayHaveWorked(answer.failure);
      if ((creates && lost) || !(await retries.wait(answer.failure))) return { answer, lost };
    }
  }

  #attempt<Name extends keyof AdminCalls, T>(
    client: QueryClient<AdminCalls>,
    { name, input, read }: IamCall<Name, T>,
  ): Promise<Answer<T>> {
    return ask(
      client,
      name,
      this.#context,
      async (facts) => {
        const output: AdminCalls[Name][1] & WireAnswer = await client.send(name, input(), this.#context.signal);
        const value = read(output);
        requireRequestId(name, output, facts);
        if (value !== undefined) return value;
        const status = output.$metadata.httpStatusCode ?? 200;
        throw new Failure('incomplete-answer', { call: name, reason: 'unreadable', status });
      },
      judgeIam,
    );
  }

  /** What is missing may be too new. */
  #unlessNew<T>(answer: Answer<T>, about: readonly string[]): Answer<T> {
    if (answer.ok || !isFailure(answer.failure, 'iam-not-found') || !about.some((name) => this.#new.has(name)))
      return answer;
    const { facts, cause } = answer.failure;
    return { ...answer, failure: new Failure('iam-not-found', facts, { cause, outlook: 'soon' }) };
  }
}

/** Reads the answer to a call that returns nothing. */
export function nothing(): null {
  return null;
}

function isMissing<T>(answer: Answer<T>): boolean {
  return !answer.ok && isFailure(answer.failure, 'iam-not-found');
}

import type { FailureCode, FailureFacts } from '../../core/failure.ts';
import type { InputName, Variables } from '../names.ts';

/** The inputs whose messages show how to set them. */
type WithExample = 'aws-region' | 'mfa-seed' | 'mfa-slot';

/** How a front end speaks of what its user sets. The catalogue is the same for all of them. */
export interface Wording {
  /** An input: `mfa-serial` in a workflow, `--mfa-serial` in a shell. */
  input(name: InputName): string;
  /** Whether its user can set an input at all. */
  has(name: InputName): boolean;
  /** An input with its value: `role-chaining: true` in a workflow, `--role-chaining` in a shell. */
  setting(name: InputName, value: string): string;
  /** How to set an input, with a typical value. */
  example(name: WithExample): string;
  /** Why a secret may arrive empty, as a sentence; undefined if a front end has nothing to say on it. */
  readonly emptySecret: string | undefined;
  /** What the front end calls itself and what is around it. */
  readonly terms: Terms;
  /** What to do about a failure, if this front end has a way of its own. */
  readonly remedies: Partial<Readonly<Record<FailureCode, string>>>;
}

/** Names that differ between front ends, to be used after "the" or "this". */
export interface Terms {
  /** What knows all about codes: `action`. */
  readonly tool: string;
  /** One use of it, which can be repeated: `step`. */
  readonly use: string;
  /** What the user starts again if the use fails: `job`. */
  readonly job: string;
  /** Whose codes are remembered together: `job`. */
  readonly sender: string;
  /** Where it runs: `runner`. */
  readonly host: string;
  /** What a sealed session is bound to: `workflow run`. */
  readonly run: string;
  /** What that is a run of: `repository`. */
  readonly place: string;
}

/** The same, but with the names of the variables that values came from. */
export function withVariables(words: Wording, variables: Variables): Wording {
  return {
    ...words,
    input: (name) => variables[name] ?? words.input(name),
    setting: (name, value) =>
      variables[name] === undefined ? words.setting(name, value) : `${variables[name]}=${value}`,
  };
}

/** What a person reads about the failures of one code. */
export interface Entry<Code extends FailureCode> {
  /** What happened: one or two whole sentences. */
  message(facts: FailureFacts[Code], words: Wording): string;
  /** The one thing to try next: in general if there are no facts, as in the documentation. */
  remedy(words: Wording, facts?: FailureFacts[Code]): string;
}

/** The entries of some codes. */
export type Entries<Code extends FailureCode> = { readonly [C in Code]: Entry<C> };

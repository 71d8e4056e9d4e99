import type { SerialProblem } from '../core/codes/serial.ts';
import type { PairProblem } from './access-key.ts';
import type { InputName } from './names.ts';
import type { SeedProblem } from './seed-forms.ts';

/** A problem whose kind says it all. */
type NoFacts = Readonly<Record<never, never>>;
/** A value as it was given. Only of inputs that never hold a secret. */
interface Given {
  readonly value: string;
}

/**
 * Every kind of problem with an input, and what is known of it. Like the facts of a `Failure`, these hold no words and nothing of a
 * secret; messages/problems.ts puts them into sentences.
 */
export interface ProblemFacts {
  'not-boolean': Given;
  'not-integer': Given & { readonly min: number; readonly max: number; readonly unit: string };
  'not-choice': Given & { readonly choices: readonly string[] };
  /** Where the parser gave up, in its own words: `at position 14 (line 2 column 6)`. */
  'not-json': { readonly position: string | undefined };
  'not-object': NoFacts;
  'list-empty': NoFacts;
  'too-many': { readonly count: number; readonly max: number };

  /** Two inputs that contradict each other. */
  conflict: { readonly with: InputName };
  /** More than one of several inputs of which one is needed. */
  'one-of': { readonly others: readonly InputName[]; readonly all: readonly InputName[] };
  /** An input that only means something together with one of these. */
  'only-with': { readonly any: readonly InputName[] };
  /** A secret that is empty, although its counterpart is given. */
  'empty-secret': { readonly given: InputName };
  /** Neither a seed nor a code is given. */
  'no-code': NoFacts;
  /** What belongs to one partition, and a region of another. `arn`: one of several. */
  partition: { readonly partition: string; readonly expected: string; readonly arn?: string };

  region: { readonly reason: 'missing' } | (Given & { readonly reason: 'unknown' });
  key: { readonly reason: 'swapped' | 'temporary' | 'malformed' };
  'key-pair': { readonly reason: PairProblem };
  serial: { readonly reason: SerialProblem };
  seed: SeedProblem | { readonly reason: 'code' };
  code: NoFacts;
  slot: Given & { readonly max: number };
  /** A line of the pool: without a seed, with the seed before the serial, with a device of another line. */
  device: { readonly reason: 'no-seed' | 'seed-first' | 'twice' };

  role: Given;
  /** A session name or an external ID that STS refuses. */
  characters: { readonly length: number; readonly max: number; readonly punctuation: string };
  'duration-over-cap': { readonly seconds: number; readonly cap: number };
  'no-statement': NoFacts;
  'policy-too-long': { readonly length: number; readonly max: number };
  'policy-arn': Given;
  tag:
    | { readonly key: string; readonly reason: 'key-characters' | 'key-of-aws' | 'value-type' | 'value-characters' }
    | {
        readonly key: string;
        readonly reason: 'key-length' | 'value-length';
        readonly length: number;
        readonly max: number;
      }
    | { readonly key: string; readonly reason: 'key-taken'; readonly by: string };
  /** `ofRun`: how many of them the CI's run adds by itself. */
  'tag-count': { readonly count: number; readonly ofRun: number; readonly max: number };

  'role-line': Given;
  'role-setting': Given & { readonly settings: readonly string[] };
  'role-setting-twice': NoFacts;
  'role-region': Given;
  'role-duration': Given & { readonly min: number; readonly max: number };
  'profile-name': Given;
  'profile-twice': Given;
  /** The profile of the session has the name of one of `roles`. */
  'profile-of-roles': NoFacts;
  /** One of `roles` has the name that the session's profile gets if it isn't given another. */
  'profile-of-session': Given;
  /** A role whose name can't be a profile's. */
  'role-as-name': Given;
  /** What no setting of a profile expresses, so tools couldn't repeat it. */
  'not-in-profile': NoFacts;
  'source-unknown': { readonly profile: string; readonly source: string };
  'source-cycle': { readonly profiles: readonly string[] };

  'sealing-key':
    | { readonly reason: 'empty' | 'encoding' | 'not-random' }
    | { readonly reason: 'short'; readonly bytes: number }
    | { readonly reason: 'encoded-twice'; readonly inner: Encoding; readonly outer: Encoding };
  /** A key for sealing and what makes a code, but neither a session to open nor the wish to seal one. */
  'sealing-unclear': NoFacts;
  /** The CI doesn't say to which repository or run a sealed session would be bound. */
  'run-unknown': NoFacts;

  'account-id': Given;
  /**
   * What would be refused after a code was spent on it. `role`: one of several. `because`: a role given by its name is in the device's
   * account; a device would only be used if the sealed session can't be.
   */
  'account-not-allowed': {
    readonly account: string;
    readonly role?: string;
    readonly because?: 'role-name' | 'fallback';
  };
  bucket: Given;
  'prefix-too-long': { readonly bucket: string; readonly length: number; readonly max: number };

  endpoint:
    | { readonly reason: 'credentials' | 'not-url' | 'query' }
    | { readonly reason: 'plain-http'; readonly origin: string };
  'endpoint-missing': { readonly region: string };
  proxy: { readonly reason: 'socks' | 'not-url' };

  /** A reader gave nothing and didn't say why. */
  unreadable: NoFacts;
}

type Encoding = 'hex' | 'base64';

/** The name of a kind of problem. */
export type ProblemKind = keyof ProblemFacts;

/** Which part of an input with several lines a problem is about. */
export interface Place {
  readonly line: number;
  /** What of the line, if it isn't all of it: its serial, its role, a setting by its name. */
  readonly part?: string;
}

/** What is wrong with one input. */
export interface Problem<Kind extends ProblemKind = ProblemKind> {
  readonly input: InputName;
  readonly kind: Kind;
  readonly facts: ProblemFacts[Kind];
  readonly place: Place | undefined;
}

/** Collects problems and notices while the inputs are read, so that all of them can be reported at once. */
export interface Problems {
  add<Kind extends ProblemKind>(input: InputName, kind: Kind, facts: ProblemFacts[Kind], place?: Place): undefined;
  note(notice: InputNotice): void;
}

/** Adds a problem with a known input, or a part of one. */
export type Complain = <Kind extends ProblemKind>(kind: Kind, facts: ProblemFacts[Kind]) => undefined;

/** A list of problems and notices. */
export class ProblemList implements Problems {
  readonly found: Problem[] = [];
  readonly notices: InputNotice[] = [];

  add<Kind extends ProblemKind>(input: InputName, kind: Kind, facts: ProblemFacts[Kind], place?: Place): undefined {
    this.found.push({ input, kind, facts, place });
  }

  note(notice: InputNotice): void {
    this.notices.push(notice);
  }
}

/** Why a value from a variable is ignored. */
export type IgnoredBecause =
  /** The step doesn't do what the value is for. */
  | 'no-role'
  | 'no-profile'
  | 'nothing-sealed'
  | 'nothing-opened'
  | 'no-existing-session'
  | 'no-retries'
  /** The step itself gives something else instead. */
  | 'own-code-inputs'
  | 'own-key'
  | 'own-code'
  | 'own-sealed-session'
  /** Another input makes it superfluous. */
  | 'roles-names-roles'
  | 'role-chaining-has-session'
  | 'reuse-has-session'
  | 'opens-session'
  | 'role-chaining-without-code'
  | 'sealed-session-without-code'
  | 'pool-has-serials'
  | 'single-code'
  /** It can't be used together with another one. */
  | 'repeat-costs-code'
  | 'role-chaining-cap'
  | 'role-duration'
  | 'buckets-of-roles'
  | 'not-in-profile';

/** What a person should know about the inputs of a step that continues. */
export type InputNotice =
  | {
      readonly kind: 'variables-ignored';
      readonly variables: readonly [string, ...string[]];
      readonly because: IgnoredBecause;
    }
  | { readonly kind: 'custom-tags-not-sent' }
  /** Roles are renewed without the tags of the CI's run. */
  | { readonly kind: 'tags-not-renewed' }
  | { readonly kind: 'unknown-transitive-keys'; readonly keys: readonly string[] };

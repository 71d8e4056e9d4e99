import { failuresOf } from '../../scripts/samples/failures.ts';
import type { Identity, Keys, SessionCredentials } from '../../src/core/credentials.ts';
import { Failure, type FailureCode } from '../../src/core/failure.ts';
import type {
  Answer,
  Clock,
  FoundKeys,
  Iam,
  KeyRing,
  Memory,
  MfaValues,
  Notice,
  Ports,
  Recollection,
  Reporter,
  RoleCall,
  RoleSession,
  SealedSessions,
  Session,
  Sts,
} from '../../src/core/ports.ts';
import type { SealedSource } from '../../src/core/request.ts';
import type { ProfileSession } from '../../src/core/session/many-roles.ts';
import type { Log } from '../../src/github/log.ts';

/** A clock that only `sleep` advances. */
export class FakeClock implements Clock {
  time: number;
  readonly slept: number[] = [];

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
  }
}

/** Remembers what was reported. */
export class FakeReporter implements Reporter {
  readonly notices: Notice[] = [];

  async note(notice: Notice): Promise<void> {
    this.notices.push(notice);
  }
}

/** Remembers the lines that a person would have seen. */
export class FakeLog implements Log {
  readonly infos: string[] = [];
  readonly warnings: string[] = [];

  info(line: string): void {
    this.infos.push(line);
  }

  warning(line: string): void {
    this.warnings.push(line);
  }
}

export function granted<T>(value: T, serverTime?: number): Answer<T> {
  return { ok: true, value, serverTime };
}

/** AWS refuses, with the facts of a sample. */
export function refused(code: FailureCode, serverTime?: number): Answer<never> {
  const [first, ...more] = failuresOf(code);
  const { facts } =
    [first, ...more].find((sample) => typeof sample.facts === 'object' && 'aws' in sample.facts) ?? first;
  return { ok: false, failure: new Failure(code, facts), serverTime };
}

export const SESSION: SessionCredentials = {
  accessKeyId: 'ASIASESSION000000001',
  secretAccessKey: 'session/secret+key',
  sessionToken: 'session-token',
  expiration: new Date('2027-01-15T09:00:00Z'),
};

export const USER: Identity = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ci' };

export const ROLE_SESSION: RoleSession = {
  credentials: {
    accessKeyId: 'ASIAROLE000000000001',
    secretAccessKey: 'rolesecretkey',
    sessionToken: 'role-token',
    expiration: new Date('2027-01-15T09:00:00Z'),
  },
  identity: { account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions' },
};

/** Roles as the profiles that they became. */
export const DEPLOY: ProfileSession = { ...ROLE_SESSION, name: 'deploy', region: 'eu-central-1' };
export const AUDIT: ProfileSession = {
  name: 'audit',
  region: 'us-east-1',
  credentials: {
    accessKeyId: 'ASIAAUDIT00000000001',
    secretAccessKey: 'auditsecretkey',
    sessionToken: 'audit-token',
    expiration: undefined,
  },
  identity: { account: '999999999999', arn: 'arn:aws:sts::999999999999:assumed-role/audit/GitHubActions' },
};

/** One call that the recipe made. */
export type Call =
  | {
      readonly name: 'getSessionToken';
      readonly keys: Keys;
      readonly mfa: MfaValues;
      readonly durationSeconds: number;
    }
  | {
      readonly name: 'assumeRole';
      readonly keys: Keys;
      readonly call: RoleCall;
      readonly mfa: MfaValues | undefined;
    }
  | { readonly name: 'callerIdentity' | 'listDevices'; readonly keys: Keys };

/** What AWS will answer: lists are used up from the front, and their last item goes on answering. */
export interface Script {
  readonly getSessionToken?: readonly Answer<SessionCredentials>[];
  readonly assumeRole?: readonly Answer<RoleSession>[];
  readonly callerIdentity?: readonly Answer<Identity>[];
  readonly listDevices?: readonly Answer<readonly string[]>[];
}

/** STS and IAM that answer by a script, and remember what they were asked. */
export class FakeAws implements Sts, Iam {
  readonly calls: Call[] = [];
  readonly #script: { readonly [Name in keyof Script]-?: Answer<unknown>[] };

  constructor(script: Script = {}) {
    this.#script = {
      getSessionToken: [...(script.getSessionToken ?? [granted(SESSION)])],
      assumeRole: [...(script.assumeRole ?? [granted(ROLE_SESSION)])],
      callerIdentity: [...(script.callerIdentity ?? [granted(USER)])],
      listDevices: [...(script.listDevices ?? [granted([])])],
    };
  }

  /** The names of the calls, in their order. */
  get names(): readonly string[] {
    return this.calls.map(({ name }) => name);
  }

  /** The codes that were sent, in their order. */
  get codes(): readonly string[] {
    return this.calls.flatMap((call) => ('mfa' in call && call.mfa !== undefined ? [call.mfa.tokenCode] : []));
  }

  /** What AssumeRole was asked for, in the order of the calls. */
  get roleCalls(): readonly RoleCall[] {
    return this.calls.flatMap((call) => (call.name === 'assumeRole' ? [call.call] : []));
  }

  async getSessionToken(keys: Keys, mfa: MfaValues, durationSeconds: number): Promise<Answer<SessionCredentials>> {
    this.calls.push({ name: 'getSessionToken', keys, mfa, durationSeconds });
    return this.#next<SessionCredentials>('getSessionToken');
  }

  async assumeRole(keys: Keys, call: RoleCall, mfa: MfaValues | undefined): Promise<Answer<RoleSession>> {
    this.calls.push({ name: 'assumeRole', keys, call, mfa });
    return this.#next<RoleSession>('assumeRole');
  }

  async callerIdentity(keys: Keys): Promise<Answer<Identity>> {
    this.calls.push({ name: 'callerIdentity', keys });
    return this.#next<Identity>('callerIdentity');
  }

  async listDevices(keys: Keys): Promise<Answer<readonly string[]>> {
    this.calls.push({ name: 'listDevices', keys });
    return this.#next<readonly string[]>('listDevices');
  }

  #next<T>(name: keyof Script): Answer<T> {
    const answers = this.#script[name];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) throw new Error(`the script of ${name} is empty`);
    return answer as Answer<T>;
  }
}

/** Keys that are not given as inputs. */
export function keyRing(found: {
  readonly environment?: Omit<FoundKeys, 'source'>;
  readonly chain?: Keys;
  readonly profile?: string;
}): KeyRing {
  return {
    profile: found.profile,
    fromEnvironment: async () =>
      found.environment && { ...found.environment, source: 'the environment (AWS_ACCESS_KEY_ID)' },
    async fromDefaultChain() {
      if (found.chain === undefined)
        throw new Failure('keys-not-found', { reason: 'none', missing: 'the runner has no keys', advice: undefined });
      return { expiration: undefined, source: 'the chain', ...found.chain };
    },
  };
}

/** A sealed session that holds what a test says, or cannot be opened for the reason that it says. */
export class FakeSealed implements SealedSessions {
  /** What was asked to be opened. */
  readonly asked: SealedSource[] = [];
  readonly #holds: Session | Failure;

  constructor(holds: Session | Failure = new Failure('sealed-session-empty', {})) {
    this.#holds = holds;
  }

  async open(source: SealedSource): Promise<Session> {
    this.asked.push(source);
    if (this.#holds instanceof Failure) throw this.#holds;
    return this.#holds;
  }
}

/** Random numbers that go round through these. */
export function cycle(numbers: readonly number[]): () => number {
  let turn = 0;
  return () => numbers[turn++ % numbers.length] ?? 0;
}

/** A memory that a test can look into. */
export class FakeMemory implements Memory {
  kept: Recollection;

  constructor(kept: Recollection = { clockOffset: 0, attempts: [] }) {
    this.kept = kept;
  }

  recall(): Recollection {
    return this.kept;
  }

  keep(recollection: Recollection): void {
    this.kept = recollection;
  }
}

/** A world whose parts a test can look into. */
export interface FakePorts extends Ports {
  readonly clock: FakeClock;
  readonly sts: FakeAws;
  readonly iam: FakeAws;
  readonly sealed: FakeSealed;
  readonly reporter: FakeReporter;
  readonly memory: FakeMemory;
}

/** A world at the given time. */
export function fakePorts(
  aws: FakeAws,
  {
    now = Date.parse('2027-01-15T08:00:10Z'),
    keys = keyRing({}),
    sealed = new FakeSealed(),
    random = [0.5],
  }: {
    readonly now?: number;
    readonly keys?: KeyRing;
    readonly sealed?: FakeSealed;
    readonly random?: readonly number[];
  } = {},
): FakePorts {
  return {
    clock: new FakeClock(now),
    sts: aws,
    iam: aws,
    keys,
    sealed,
    reporter: new FakeReporter(),
    memory: new FakeMemory(),
    random: cycle(random),
  };
}

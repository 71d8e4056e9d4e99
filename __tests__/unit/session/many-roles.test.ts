import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../../scripts/samples/failures.ts';
import type { Keys } from '../../../src/core/credentials.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Answer, MfaValues, RoleCall, RoleSession, Session, Sts } from '../../../src/core/ports.ts';
import { assumeRoles } from '../../../src/core/session/many-roles.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { FakeClock, FakeReporter, granted, refused, SESSION, USER } from '../../kit/fake-ports.ts';
import { requestOf, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const STAGING = 'arn:aws:iam::222233334444:role/staging';
const PROD = 'arn:aws:iam::333344445555:role/prod';
const AUDIT = 'arn:aws:iam::444455556666:role/audit';
const PARENT: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL };
const EXPIRATION = new Date('2027-01-15T09:00:00Z');

/** The session of a role, which its keys name. */
function sessionOf({ roleArn, sessionName }: RoleCall, secret = 'plainsecret'): RoleSession {
  const [, , , , account = '', path = ''] = roleArn.split(':');
  const name = path.split('/').at(-1) ?? '';
  return {
    credentials: {
      accessKeyId: `ASIA-${name}`,
      secretAccessKey: secret,
      sessionToken: `token-${name}`,
      expiration: EXPIRATION,
    },
    identity: { account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}` },
  };
}

interface RoleAttempt {
  readonly keys: Keys;
  readonly call: RoleCall;
  readonly mfa: MfaValues | undefined;
  /** The name at the end of the role's ARN. */
  readonly name: string;
}

type Answering = (attempt: RoleAttempt) => Answer<RoleSession> | Promise<Answer<RoleSession>>;

/** An STS that assumes roles alone, and counts how many calls are open at one time. */
class CountingSts implements Sts {
  readonly attempts: RoleAttempt[] = [];
  open = 0;
  most = 0;
  readonly #answer: Answering;

  constructor(answer: Answering = ({ call }) => granted(sessionOf(call))) {
    this.#answer = answer;
  }

  /** The roles that were requested, in the order of the calls. */
  get names(): readonly string[] {
    return this.attempts.map(({ name }) => name);
  }

  async assumeRole(keys: Keys, call: RoleCall, mfa: MfaValues | undefined): Promise<Answer<RoleSession>> {
    const attempt = { keys, call, mfa, name: call.roleArn.split('/').at(-1) ?? '' };
    this.attempts.push(attempt);
    this.open += 1;
    this.most = Math.max(this.most, this.open);
    try {
      await settled();
      return await this.#answer(attempt);
    } finally {
      this.open -= 1;
    }
  }

  async getSessionToken(): Promise<never> {
    throw new Error('no code may be spent here');
  }

  async callerIdentity(): Promise<never> {
    throw new Error('who the session is, is known');
  }
}

/** Calls whose answers a test lets go one by one. */
class HeldSts extends CountingSts {
  readonly #held: Map<string, () => void>;

  constructor() {
    const held = new Map<string, () => void>();
    super(({ call, name }) => new Promise((resolve) => held.set(name, () => resolve(granted(sessionOf(call))))));
    this.#held = held;
  }

  async release(name: string): Promise<void> {
    const go = this.#held.get(name);
    if (go === undefined) throw new Error(`${name} was not requested yet`);
    this.#held.delete(name);
    go();
    await settled();
    await settled();
  }
}

/** Everything that doesn’t need another answer has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Begins to assume these roles. */
async function begin(sts: Sts, roles: string, given: Partial<RawInputs> = {}) {
  const request = await requestOf({ ...WITH_SEED, ...given, roles });
  if (request.roles === undefined) throw new Error('the request has no roles');
  const ports = { sts, clock: new FakeClock(0), reporter: new FakeReporter(), random: () => 0.5 };
  const ending = assumeRoles(request.roles, PARENT, request, ports).then(
    (profiles) => ({ profiles, error: undefined }),
    (error: unknown) => ({ profiles: undefined, error }),
  );
  await settled();
  await settled();
  return { ending, ports };
}

/** Assumes these roles to the end, which has to be a good one. */
async function assume(sts: Sts, roles: string, given: Partial<RawInputs> = {}) {
  const { ending, ports } = await begin(sts, roles, given);
  const { profiles, error } = await ending;
  if (profiles === undefined) throw error;
  return { profiles, ports };
}

/** The Failure with which assuming these roles ends. */
async function failureOf(sts: Sts, roles: string, given: Partial<RawInputs> = {}): Promise<Failure> {
  const { ending } = await begin(sts, roles, given);
  const { error } = await ending;
  if (error instanceof Failure) return error;
  throw new Error(`it ended otherwise: ${String(error)}`);
}

/** Refuses the roles of these names, and no others. */
function refusing(names: readonly string[]): CountingSts {
  return new CountingSts(({ call, name }) =>
    names.includes(name) ? refused('assume-role-denied') : granted(sessionOf(call)),
  );
}

const TWELVE = Array.from({ length: 12 }, (_, index) => `r${index}`);

describe('each role', () => {
  test('is a profile with its session, its region and who it is', async () => {
    const { profiles } = await assume(new CountingSts(), `staging = ${STAGING}\nprod = ${PROD} region=us-east-1`);
    expect(profiles).toEqual([
      {
        name: 'staging',
        region: 'eu-central-1',
        credentials: {
          accessKeyId: 'ASIA-staging',
          secretAccessKey: 'plainsecret',
          sessionToken: 'token-staging',
          expiration: EXPIRATION,
        },
        identity: {
          account: '222233334444',
          arn: 'arn:aws:sts::222233334444:assumed-role/staging/GitHubActions',
        },
      },
      {
        name: 'prod',
        region: 'us-east-1',
        credentials: {
          accessKeyId: 'ASIA-prod',
          secretAccessKey: 'plainsecret',
          sessionToken: 'token-prod',
          expiration: EXPIRATION,
        },
        identity: { account: '333344445555', arn: 'arn:aws:sts::333344445555:assumed-role/prod/GitHubActions' },
      },
    ]);
  });

  test('is requested once, with the keys of the session and without a code', async () => {
    const sts = new CountingSts();
    await assume(sts, `staging = ${STAGING}\nprod = ${PROD}`);
    expect(sts.names).toEqual(['staging', 'prod']);
    for (const { keys, mfa } of sts.attempts) {
      expect(keys.accessKeyId).toBe('ASIASESSION000000001');
      expect(keys.sessionToken).toBe('session-token');
      expect(mfa).toBeUndefined();
    }
  });

  test('is requested with its own parameters', async () => {
    const sts = new CountingSts();
    const own = 'duration_seconds=900 role_session_name=nightly external_id=x:y';
    await assume(sts, `staging = ${STAGING} ${own}\nprod = ${PROD}`, {
      'role-external-id': 'ours',
      'role-source-identity': 'octocat',
      'role-skip-session-tagging': 'true',
    });
    expect(sts.attempts.map(({ call }) => call)).toEqual([
      {
        roleArn: STAGING,
        durationSeconds: 900,
        sessionName: 'nightly',
        externalId: 'x:y',
        sourceIdentity: 'octocat',
        policy: undefined,
        policyArns: [],
        sessionTags: undefined,
      },
      {
        roleArn: PROD,
        durationSeconds: 3600,
        sessionName: 'GitHubActions',
        externalId: 'ours',
        sourceIdentity: 'octocat',
        policy: undefined,
        policyArns: [],
        sessionTags: undefined,
      },
    ]);
  });

  test("that is given by its name is in the session's account", async () => {
    const sts = new CountingSts();
    await assume(sts, 'a = deploy\nb = team/deploy');
    expect(sts.attempts.map(({ call }) => call.roleArn)).toEqual([
      'arn:aws:iam::123456789012:role/deploy',
      'arn:aws:iam::123456789012:role/team/deploy',
    ]);
  });

  test('that is given by its name is in the partition of the region', async () => {
    const sts = new CountingSts();
    const given = { 'aws-region': 'cn-north-1', 'mfa-serial': 'arn:aws-cn:iam::123456789012:mfa/ci' };
    await assume(sts, 'a = deploy', given);
    expect(sts.attempts[0]?.call.roleArn).toBe('arn:aws-cn:iam::123456789012:role/deploy');
  });

  test('keeps its place in the list, in whatever order the answers arrive', async () => {
    const sts = new HeldSts();
    const { ending } = await begin(sts, 'a = r1\nb = r2\nc = r3');
    for (const name of ['r3', 'r1', 'r2']) await sts.release(name);
    expect((await ending).profiles?.map(({ name, credentials }) => [name, credentials.accessKeyId])).toEqual([
      ['a', 'ASIA-r1'],
      ['b', 'ASIA-r2'],
      ['c', 'ASIA-r3'],
    ]);
  });
});

describe('roles', () => {
  test('are assumed five at a time, and the next one as soon as one is done', async () => {
    const sts = new HeldSts();
    const { ending } = await begin(sts, TWELVE.map((name) => `${name} = ${name}`).join('\n'));
    expect(sts.names).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    await sts.release('r3');
    expect(sts.names.slice(5)).toEqual(['r5']);
    await sts.release('r5');
    expect(sts.names.slice(6)).toEqual(['r6']);
    for (const name of ['r0', 'r1', 'r2', 'r4', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11']) await sts.release(name);
    expect((await ending).profiles).toHaveLength(12);
    expect(sts.most).toBe(5);
  });

  test('are assumed five at a time even if each needs several calls', async () => {
    const secrets = new Map<string, number>();
    const sts = new CountingSts(({ call, name }) => {
      const asked = (secrets.get(name) ?? 0) + 1;
      secrets.set(name, asked);
      return granted(sessionOf(call, asked < 3 ? 'a/b+c' : 'abc'));
    });
    const { profiles } = await assume(sts, TWELVE.map((name) => `${name} = ${name}`).join('\n'), {
      'special-characters-workaround': 'true',
    });
    expect(profiles.map(({ credentials }) => credentials.secretAccessKey)).toEqual(TWELVE.map(() => 'abc'));
    expect(sts.attempts).toHaveLength(36);
    expect(sts.most).toBe(5);
  });

  test('aren’t delayed by those that wait for their source', async () => {
    const sts = new HeldSts();
    const waiting = ['w0', 'w1', 'w2', 'w3', 'w4', 'w5'].map((name) => `${name} = ${name} source_profile=base`);
    const { ending } = await begin(sts, [...waiting, 'base = base', 'r0 = r0', 'r1 = r1'].join('\n'));
    expect(sts.names).toEqual(['base', 'r0', 'r1']);
    await sts.release('base');
    expect(sts.names.slice(3)).toEqual(['w0', 'w1', 'w2']);
    expect(sts.open).toBe(5);
    for (const name of ['r0', 'r1', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5']) await sts.release(name);
    expect((await ending).profiles).toHaveLength(9);
    expect(sts.most).toBe(5);
  });
});

describe('a role with a source role', () => {
  test('waits for it, and is assumed with its keys', async () => {
    const sts = new HeldSts();
    const { ending } = await begin(sts, 'prod = prod source_profile=staging\nstaging = staging');
    expect(sts.names).toEqual(['staging']);
    await sts.release('staging');
    expect(sts.attempts[1]).toMatchObject({
      name: 'prod',
      keys: { accessKeyId: 'ASIA-staging', secretAccessKey: 'plainsecret', sessionToken: 'token-staging' },
      mfa: undefined,
    });
    await sts.release('prod');
    expect((await ending).profiles?.map(({ name }) => name)).toEqual(['prod', 'staging']);
  });

  test('may be the last of a chain that is longer than five', async () => {
    const sts = new CountingSts();
    const lines = TWELVE.map((name, index) => `${name} = ${name}${index === 0 ? '' : ` source_profile=r${index - 1}`}`);
    await assume(sts, lines.toReversed().join('\n'));
    expect(sts.names).toEqual(TWELVE);
    expect(sts.attempts.map(({ keys }) => keys.accessKeyId)).toEqual([
      'ASIASESSION000000001',
      ...TWELVE.slice(0, -1).map((name) => `ASIA-${name}`),
    ]);
    expect(sts.most).toBe(1);
  });

  test('shares its source with others, which is assumed once', async () => {
    const sts = new CountingSts();
    await assume(sts, 'a = a source_profile=base\nb = b source_profile=base\nc = c source_profile=base\nbase = base');
    expect(sts.names.toSorted()).toEqual(['a', 'b', 'base', 'c']);
  });

  // IAM user guide, "Chaining roles with session tags": a transitive tag is inherited, and may not be passed again.
  test('inherits the transitive tags, which are not passed again', async () => {
    const sts = new CountingSts();
    await assume(sts, `staging = ${STAGING}\nprod = ${PROD} source_profile=staging`, {
      'custom-tags': '{"Team":"blue","Stage":"x"}',
      'transitive-tag-keys': 'Team',
    });
    const keys = sts.attempts.map(({ call }) => call.sessionTags?.tags.map(({ key }) => key));
    expect(keys).toEqual([
      ['GitHub', 'Repository', 'RunId', 'Team', 'Stage'],
      ['GitHub', 'Repository', 'RunId', 'Stage'],
    ]);
  });
});

/** What a failure says of the roles, in the order in which they were refused. */
function refusedRoles({ context }: Failure): readonly string[] {
  if (context?.kind !== 'many-roles') throw new Error('the failure is not about many roles');
  return context.refusals.map(({ profile, role, failure }) => `${profile} (${role}): ${failure.code}`);
}

describe('refusals', () => {
  test('of one role name its profile and its ARN', async () => {
    const failure = await failureOf(refusing(['prod']), `staging = ${STAGING}\nprod = ${PROD}`);
    expect(failure.code).toBe('assume-role-denied');
    expect(failure.context).toMatchObject({ kind: 'many-roles', total: 2 });
    expect(refusedRoles(failure)).toEqual(['prod (arn:aws:iam::333344445555:role/prod): assume-role-denied']);
  });

  test('of several roles are all named, and do not affect the others', async () => {
    const failure = await failureOf(
      refusing(['staging', 'audit', 'deploy']),
      `staging = ${STAGING}\nprod = ${PROD}\naudit = ${AUDIT}\nbyname = deploy`,
    );
    expect(refusedRoles(failure)).toEqual([
      'staging (arn:aws:iam::222233334444:role/staging): assume-role-denied',
      'audit (arn:aws:iam::444455556666:role/audit): assume-role-denied',
      'byname (deploy): assume-role-denied',
    ]);
  });

  test('have the code and the facts of the first one, which is the cause', async () => {
    const first = new Failure('throttled', { call: 'AssumeRole', aws: 'Throttling: Rate exceeded' });
    const sts = new CountingSts(({ name }) =>
      name === 'prod' ? { ok: false, failure: first, serverTime: undefined } : refused('assume-role-denied'),
    );
    const failure = await failureOf(sts, `prod = ${PROD}\nstaging = ${STAGING}`);
    expect(failure.code).toBe('throttled');
    expect(failure.facts).toBe(first.facts);
    expect(failure.cause).toBe(first);
  });

  test('keep only the roles from being assumed that start from there', async () => {
    const sts = refusing(['staging']);
    const lines = `a = a source_profile=b\nb = b source_profile=staging\nstaging = ${STAGING}\nprod = ${PROD}`;
    const failure = await failureOf(sts, lines);
    expect(sts.names.toSorted()).toEqual(['prod', 'staging']);
    expect(failure.context).toMatchObject({ total: 4 });
    expect(refusedRoles(failure)).toEqual(['staging (arn:aws:iam::222233334444:role/staging): assume-role-denied']);
  });

  test('are named once, however many roles start from there', async () => {
    const failure = await failureOf(
      refusing(['base', 'c']),
      'a = a source_profile=base\nb = b source_profile=base\nbase = base\nc = c',
    );
    expect(refusedRoles(failure)).toEqual(['base (base): assume-role-denied', 'c (c): assume-role-denied']);
  });

  test('wait for the calls in progress: none continues after the end', async () => {
    const sts = new CountingSts(async ({ call, name }) => {
      if (name === 'prod') return refused('assume-role-denied');
      for (let turn = 0; turn < 20; turn += 1) await settled();
      return granted(sessionOf(call));
    });
    await failureOf(sts, `prod = ${PROD}\nstaging = ${STAGING}`);
    expect(sts.open).toBe(0);
  });
});

describe('a role whose session is in another account than expected', () => {
  const elsewhere = ({ call, name }: RoleAttempt): Answer<RoleSession> =>
    granted({ ...sessionOf(call), ...(name === 'prod' && { identity: { account: '999999999999', arn: 'arn:x' } }) });
  const roles = `staging = ${STAGING}\nprod = ${PROD}`;

  test('is refused if that account isn’t allowed', async () => {
    const given = { 'allowed-account-ids': '222233334444, 333344445555' };
    const failure = await failureOf(new CountingSts(elsewhere), roles, given);
    expect(failure.code).toBe('account-not-allowed');
    expect(failure.facts).toEqual({ account: '999999999999', what: 'profile', name: 'prod' });
    expect(refusedRoles(failure)).toEqual(['prod (arn:aws:iam::333344445555:role/prod): account-not-allowed']);
  });

  test('assumes no other role then', async () => {
    const sts = new CountingSts(elsewhere);
    await failureOf(sts, `${roles}\naudit = ${AUDIT} source_profile=prod`, {
      'allowed-account-ids': '222233334444, 333344445555, 444455556666',
    });
    expect(sts.names.toSorted()).toEqual(['prod', 'staging']);
  });

  test('is accepted if every account is allowed, or that one', async () => {
    for (const given of [{}, { 'allowed-account-ids': '222233334444, 333344445555, 999999999999' }]) {
      const { profiles } = await assume(new CountingSts(elsewhere), roles, given);
      expect(profiles.map(({ identity }) => identity.account)).toEqual(['222233334444', '999999999999']);
    }
  });
});

describe('what isn’t a refusal', () => {
  test.each(['cancelled', 'timed-out'] as const)('%s ends it as it is', async (code) => {
    const ended = failuresOf(code)[0];
    const sts = new CountingSts(() => Promise.reject(ended));
    expect(await failureOf(sts, `staging = ${STAGING}\nprod = ${PROD}`)).toBe(ended);
  });

  test('a bug ends it as it is', async () => {
    const mistake = new TypeError('x is not a function');
    const { ending } = await begin(new CountingSts(() => Promise.reject(mistake)), `staging = ${STAGING}`);
    expect((await ending).error).toBe(mistake);
  });
});

describe('tags that are too large', () => {
  const TAGS = { 'custom-tags': '{"Team":"blue"}' };

  test('are left out if they are optional, only for that role', async () => {
    const sts = new CountingSts(({ call, name }) =>
      name === 'prod' && call.sessionTags?.tags.some(({ optional }) => optional)
        ? refused('packed-policy-too-large')
        : granted(sessionOf(call)),
    );
    const { ports } = await assume(sts, `staging = ${STAGING}\nprod = ${PROD}`, TAGS);
    expect(sts.attempts.map(({ name, call }) => [name, call.sessionTags?.tags.map(({ key }) => key)])).toEqual([
      ['staging', ['GitHub', 'Repository', 'RunId', 'Team']],
      ['prod', ['GitHub', 'Repository', 'RunId', 'Team']],
      ['prod', ['GitHub', 'Repository', 'Team']],
    ]);
    expect(ports.reporter.notices).toEqual([{ kind: 'optional-tags-dropped' }]);
  });

  test('are a refusal if nothing else can be left out', async () => {
    const sts = new CountingSts(() => refused('packed-policy-too-large'));
    const failure = await failureOf(sts, `prod = ${PROD}`, TAGS);
    expect(failure.code).toBe('packed-policy-too-large');
    expect(sts.attempts).toHaveLength(2);
  });
});

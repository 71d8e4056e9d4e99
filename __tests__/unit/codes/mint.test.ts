import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../../scripts/samples/failures.ts';
import { type CodeSource, type MintContext, type Minted, mint } from '../../../src/core/codes/mint.ts';
import { parseSerial } from '../../../src/core/codes/serial.ts';
import type { Attempt, Verdict } from '../../../src/core/codes/situation.ts';
import type { Seed } from '../../../src/core/codes/totp.ts';
import { codeOfStep } from '../../../src/core/codes/totp.ts';
import { Failure, type FailureCode, isTransient } from '../../../src/core/failure.ts';
import type { Answer, MfaValues } from '../../../src/core/ports.ts';
import type { Device, Slot } from '../../../src/core/request.ts';
import { backoff } from '../../../src/core/retry.ts';
import { parseSeed } from '../../../src/inputs/seed-forms.ts';
import { cycle, FakeClock, FakeMemory, FakeReporter, granted, refused } from '../../kit/fake-ports.ts';
import { SEED, SERIAL } from '../../kit/requests.ts';

/** Ten seconds into step 60,000,000 and into a span of three minutes. */
const T0 = 1_800_000_000_000;
const S0 = 60_000_000;
const NOW = T0 + 10_000;
const OTHER_SERIAL = 'arn:aws:iam::123456789012:mfa/other';
const OTHER_SEED = 'MZXW6YTBOIMZXW6YTBOIMZXW6YTBOIMZ';

function seedOf(text: string): Seed {
  const seed = parseSeed(text);
  if ('problem' in seed) throw new Error(seed.problem.reason);
  return seed;
}

function device(serial: string, seed: string): Device {
  const parsed = parseSerial(serial);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return { serial: parsed, seed: seedOf(seed) };
}

function devices(
  given: { readonly pool?: boolean; readonly maxWaitSeconds?: number; readonly slot?: Slot } = {},
): CodeSource {
  const rest = given.pool ? [device(OTHER_SERIAL, OTHER_SEED)] : [];
  return {
    kind: 'devices',
    devices: [device(SERIAL, SEED), ...rest],
    slot: given.slot,
    maxWaitSeconds: given.maxWaitSeconds ?? 240,
  };
}

/** What one run of mint sent, said and waited. */
interface Run {
  readonly minted: Minted<string> | undefined;
  readonly failure: Failure | undefined;
  readonly sent: readonly MfaValues[];
  readonly clock: FakeClock;
  readonly reporter: FakeReporter;
}

/** Runs mint against answers; the last one repeats. An answer may depend on the time. */
async function run(
  source: CodeSource,
  answers: readonly (Answer<string> | ((now: number) => Answer<string>))[],
  context: Partial<MintContext> = {},
): Promise<Run> {
  const clock = new FakeClock(NOW);
  const reporter = new FakeReporter();
  const sent: MfaValues[] = [];
  const send = async (mfa: MfaValues): Promise<Answer<string>> => {
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push(mfa);
    if (answer === undefined) throw new Error('no answer is scripted');
    return typeof answer === 'function' ? answer(clock.now()) : answer;
  };
  const result = mint(source, send, {
    clock,
    reporter,
    random: () => 0.5,
    memory: new FakeMemory(),
    maxAttempts: undefined,
    explainUnvalidated: async () => false,
    shrink: async () => false,
    ...context,
  });
  const [minted, failure] = await result.then(
    (value) => [value, undefined] as const,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return [undefined, error] as const;
    },
  );
  return { minted, failure, sent, clock, reporter };
}

/** The steps whose codes were sent, as offsets from step 60,000,000. */
function stepsOf({ sent }: Run, seed = SEED): readonly number[] {
  const known = new Map(
    Array.from({ length: 400 }, (_, index) => [codeOfStep(seedOf(seed), S0 - 200 + index), index - 200]),
  );
  return sent.map(({ tokenCode }) => known.get(tokenCode) ?? Number.NaN);
}

describe('a code that is accepted', () => {
  test('is the first one, without a notice or a wait', async () => {
    const result = await run(devices(), [granted('session')]);
    expect(result.minted).toEqual({ value: 'session', serial: SERIAL });
    expect(result.sent).toHaveLength(1);
    expect(stepsOf(result)).toEqual([-1]);
    expect(result.clock.slept).toEqual([]);
    expect(result.reporter.notices).toEqual([]);
  });

  test('of a pool is computed from the seed of its device', async () => {
    const result = await run(devices({ pool: true }), [refused('mfa-code-refused'), granted('session')], {
      random: cycle([0.9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
    });
    expect(result.sent.map(({ serialNumber }) => serialNumber)).toContain(OTHER_SERIAL);
    for (const { serialNumber, tokenCode } of result.sent) {
      const seed = seedOf(serialNumber === SERIAL ? SEED : OTHER_SEED);
      expect([-2, -1, 0, 1, 2].map((offset) => codeOfStep(seed, S0 + offset))).toContain(tokenCode);
    }
  });
});

describe('a code that is refused', () => {
  test('is followed by the others that may be accepted, without a wait', async () => {
    const no = refused('mfa-code-refused');
    const result = await run(devices(), [no, no, no, no, granted('session')]);
    expect(stepsOf(result).toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(result.clock.slept).toEqual([]);
  });

  test('is followed by a later one when all are used, and a notice says why it waits', async () => {
    const no = refused('mfa-code-refused');
    const result = await run(devices(), [no, no, no, no, no, granted('session')]);
    expect(stepsOf(result).at(-1)).toBe(3);
    expect(result.clock.slept).toEqual([53_000]);
    expect(result.reporter.notices).toEqual([{ kind: 'waiting', seconds: 53, because: 'refused' }]);
  });

  test('again and again proves that the seed is wrong, within the budget', async () => {
    const result = await run(devices({ maxWaitSeconds: 86_400 }), [refused('mfa-code-refused')]);
    expect(result.failure?.code).toBe('mfa-seed-wrong');
    expect(result.failure?.facts).toEqual({ refused: 7 });
    expect(new Set(result.sent.map(({ tokenCode }) => tokenCode)).size).toBe(7);
  });

  test('until the wait would be too long fails with the numbers', async () => {
    const result = await run(devices({ maxWaitSeconds: 20 }), [refused('mfa-code-refused')]);
    expect(result.failure?.code).toBe('mfa-code-refused');
    expect(result.failure?.facts).toEqual({ sent: 5, overSeconds: 0, nextInSeconds: 53, because: 'refused' });
  });
});

describe('what an earlier step of the job remembers', () => {
  const earlier = (step: number, verdict: Verdict): Attempt => ({
    serial: SERIAL,
    step: S0 + step,
    at: T0 + 9_000,
    verdict,
  });

  test('is which codes it sent, so that none of them is sent again', async () => {
    const memory = new FakeMemory({
      clockOffset: 0,
      attempts: [earlier(-1, 'accepted'), earlier(0, 'lost'), earlier(1, 'refused')],
    });
    const result = await run(devices(), [granted('session')], { memory });
    expect(stepsOf(result)).toEqual([-2]);
  });

  test('is AWS’s clock, so that the first code follows it', async () => {
    const memory = new FakeMemory({ clockOffset: 600_000, attempts: [] });
    const result = await run(devices(), [granted('session', NOW + 600_000)], { memory });
    expect(stepsOf(result)).toEqual([19]);
    expect(result.reporter.notices).toEqual([]);
    expect(memory.kept.clockOffset).toBe(600_000);
  });

  test('is the step and the verdict of each code, and neither the code nor the seed', async () => {
    const memory = new FakeMemory({ clockOffset: 0, attempts: [earlier(-2, 'lost')] });
    await run(devices(), [refused('mfa-code-refused'), refused('network'), granted('session')], { memory });
    expect(memory.kept).toEqual({
      clockOffset: 0,
      attempts: [
        earlier(-2, 'lost'),
        { serial: SERIAL, step: S0 - 1, at: NOW, verdict: 'refused' },
        { serial: SERIAL, step: S0, at: NOW, verdict: 'lost' },
        { serial: SERIAL, step: S0 + 1, at: NOW + 100, verdict: 'accepted' },
      ],
    });
  });

  test('includes what a failed step knew', async () => {
    const memory = new FakeMemory();
    await run(devices(), [refused('assume-role-denied', NOW + 600_000)], { memory });
    expect(memory.kept).toEqual({
      clockOffset: 600_000,
      attempts: [{ serial: SERIAL, step: S0 - 1, at: NOW + 600_000, verdict: 'lost' }],
    });
  });

  test.each<FailureCode>(['clock-off', 'unreachable'])(
    'doesn’t include a code that STS never saw: %s',
    async (code) => {
      const memory = new FakeMemory();
      await run(devices(), [refused(code)], { memory, maxAttempts: 1 });
      expect(memory.kept.attempts).toEqual([]);
    },
  );

  test('is dated by AWS’s clock, once that is known', async () => {
    const memory = new FakeMemory();
    await run(devices(), [refused('mfa-code-refused'), granted('session', NOW + 600_000)], { memory });
    expect(memory.kept.attempts.map(({ at }) => at)).toEqual([NOW + 600_000, NOW + 600_000]);
  });

  test('means that a second use in a job takes another code than the first', async () => {
    const memory = new FakeMemory();
    const first = await run(devices(), [granted('session')], { memory });
    const second = await run(devices(), [granted('session')], { memory });
    expect([...stepsOf(first), ...stepsOf(second)]).toEqual([-1, 0]);
  });
});

describe('a turn that is too far away', () => {
  test('fails without a call', async () => {
    const result = await run(devices({ slot: { index: 100, total: 256 } }), [granted('session')]);
    expect(result.sent).toEqual([]);
    expect(result.failure?.code).toBe('mfa-wait-too-long');
    expect(result.failure?.facts).toEqual({ sent: 0, overSeconds: 0, nextInSeconds: 2933, because: 'others-slots' });
  });
});

describe('a clock that is off', () => {
  test('is learned from a refusal, so that the next code is one of the server’s time', async () => {
    const ahead = 600_000;
    const result = await run(devices(), [
      refused('mfa-code-refused', NOW + ahead),
      (now) => refused('mfa-code-refused', now + ahead),
      (now) => granted('session', now + ahead),
    ]);
    expect(stepsOf(result)).toEqual([-1, 19, 20]);
    expect(result.minted?.value).toBe('session');
  });

  test('is reported once, with its size and direction', async () => {
    const behind = await run(devices(), [
      refused('mfa-code-refused', NOW + 600_000),
      refused('mfa-code-refused', NOW + 600_000),
      granted('session', NOW + 600_000),
    ]);
    expect(behind.reporter.notices).toEqual([{ kind: 'clock-off', secondsBehind: 600 }]);
    const ahead = await run(devices(), [refused('mfa-code-refused', NOW - 75_000), granted('session', NOW - 75_000)]);
    expect(ahead.reporter.notices).toEqual([{ kind: 'clock-off', secondsBehind: -75 }]);
  });

  test('is reported on success too', async () => {
    const result = await run(devices(), [granted('session', NOW + 60_000)]);
    expect(result.minted?.value).toBe('session');
    expect(result.reporter.notices).toEqual([{ kind: 'clock-off', secondsBehind: 60 }]);
  });

  test('by less than half a minute is corrected without a notice', async () => {
    const result = await run(devices(), [refused('mfa-code-refused', NOW + 25_000), granted('session')]);
    expect(stepsOf(result)).toEqual([-1, 0]);
    expect(result.reporter.notices).toEqual([]);
  });

  test('isn’t guessed if a response has no time', async () => {
    const result = await run(devices(), [refused('mfa-code-refused', undefined), granted('session')]);
    expect(stepsOf(result)).toEqual([-1, 0]);
  });

  test('by so much that the signature was refused costs no code: the call is repeated once with AWS’s time', async () => {
    const result = await run(devices(), [refused('clock-off', NOW + 1_200_000), granted('session', NOW + 1_200_000)]);
    expect(stepsOf(result)).toEqual([-1, 39]);
    expect(result.minted?.value).toBe('session');
  });

  test('for which the signature is refused again ends the run', async () => {
    const result = await run(devices(), [refused('clock-off')]);
    expect(result.failure?.code).toBe('clock-off');
    expect(result.sent).toHaveLength(2);
  });

  test('does not shorten the longest wait', async () => {
    const no = (now: number): Answer<string> => refused('mfa-code-refused', now + 600_000);
    const answers = [no, no, no, no, no, no, (now: number) => granted('x', now + 600_000)];
    const result = await run(devices({ maxWaitSeconds: 60 }), answers);
    expect(result.minted?.value).toBe('x');
    expect(result.clock.slept).toEqual([53_000]);
  });
});

describe('a code that STS didn’t check', () => {
  test('is explained by IAM, which can end the run', async () => {
    const asked: string[] = [];
    const result = await run(devices(), [refused('mfa-device-unknown')], {
      explainUnvalidated: async ({ text: serial }) => {
        asked.push(serial);
        throw new Failure('mfa-device-unknown', { reason: 'not-own', serial, own: [] });
      },
    });
    expect(asked).toEqual([SERIAL]);
    expect(result.sent).toHaveLength(1);
    expect(result.failure?.facts).toEqual({ reason: 'not-own', serial: SERIAL, own: [] });
  });

  test('of a device that IAM confirmed means a spent budget: it waits for the next three minutes, and continues', async () => {
    const result = await run(devices(), [refused('mfa-device-unknown'), granted('session')], {
      explainUnvalidated: async () => true,
    });
    expect(result.minted?.value).toBe('session');
    // Until three seconds into them, and half of what keeps simultaneous jobs apart.
    expect(result.clock.slept).toEqual([185_500]);
    expect(result.reporter.notices).toEqual([{ kind: 'waiting', seconds: 186, because: 'device-exhausted' }]);
  });

  test('that IAM can’t explain is tried once more in the next three minutes; then the serial is wrong', async () => {
    const result = await run(devices(), [refused('mfa-device-unknown')]);
    expect(result.sent).toHaveLength(2);
    expect(result.clock.slept).toEqual([185_500]);
    expect(result.reporter.notices).toEqual([{ kind: 'waiting', seconds: 186, because: 'not-validated' }]);
    expect(result.failure?.code).toBe('mfa-device-unknown');
    expect(result.failure?.facts).toEqual({ reason: 'never-checked', serial: SERIAL });
  });

  test('is followed by one of another device of the pool, without a wait', async () => {
    const result = await run(devices({ pool: true }), [refused('mfa-device-unknown'), granted('session')]);
    expect(new Set(result.sent.map(({ serialNumber }) => serialNumber))).toEqual(new Set([SERIAL, OTHER_SERIAL]));
    expect(result.clock.slept).toEqual([]);
  });

  test('isn’t followed by a longer wait than the user allows', async () => {
    const result = await run(devices({ maxWaitSeconds: 169 }), [refused('mfa-device-unknown')]);
    expect(result.failure?.code).toBe('mfa-wait-too-long');
    expect(result.failure?.facts).toEqual({ sent: 1, overSeconds: 0, nextInSeconds: 173, because: 'not-validated' });
  });
});

test('a code is remembered before it is sent, in case the process is killed meanwhile', async () => {
  const memory = new FakeMemory();
  const seen: (readonly Attempt[])[] = [];
  await run(
    devices(),
    [
      () => {
        seen.push(memory.recall().attempts);
        return granted('session');
      },
    ],
    { memory },
  );
  expect(seen).toEqual([[{ serial: SERIAL, step: S0 - 1, at: NOW, verdict: 'lost' }]]);
  expect(memory.recall().attempts).toMatchObject([{ step: S0 - 1, verdict: 'accepted' }]);
});

describe('an answer that says nothing about the code', () => {
  const PASSING: readonly FailureCode[] = ['throttled', 'service-unavailable', 'network'];

  test.each(PASSING)('(%s) counts it as spent: another one is sent after a pause', async (code) => {
    const result = await run(devices(), [refused(code), refused(code), granted('session')]);
    expect(result.minted?.value).toBe('session');
    expect(stepsOf(result)).toEqual([-1, 0, 1]);
    // Half of 200 ms and half of 400 ms.
    expect(result.clock.slept).toEqual([100, 200]);
    expect(result.reporter.notices).toMatchObject([
      { kind: 'retrying', failure: { code }, attempt: 2, most: 12, withAnotherCode: true },
      { kind: 'retrying', failure: { code }, attempt: 3, most: 12, withAnotherCode: true },
    ]);
  });

  test('because it is not AWS’s costs two codes, and not twelve', async () => {
    const result = await run(devices(), [refused('incomplete-answer')], { maxAttempts: 12 });
    expect(result.failure?.code).toBe('incomplete-answer');
    expect(result.sent).toHaveLength(2);
  });

  test.each([
    [undefined, 4, 3_500, 7_000],
    [1, 1, 0, 0],
    [7, 7, 30_000, 60_000],
  ])(
    'that no connection could be made is tried over seconds: retry-max-attempts %s makes %i attempts',
    async (maxAttempts, attempts, least, most) => {
      const result = await run(devices(), [refused('unreachable')], { maxAttempts });
      expect(result.failure?.code).toBe('unreachable');
      expect(result.sent).toHaveLength(attempts);
      const waited = result.clock.slept.reduce((sum, pause) => sum + pause, 0);
      expect(waited).toBeGreaterThanOrEqual(least);
      expect(waited).toBeLessThanOrEqual(most);
    },
  );

  test.each([
    ['tls-untrusted', undefined],
    ['proxy-refused', 'final'],
    ['unreachable', 'final'],
  ] as const)('that cannot change is not tried again, and spends no code: %s, %s', async (code, outlook) => {
    const memory = new FakeMemory();
    const [{ facts }] = failuresOf(code);
    const failure = new Failure(code, facts, outlook && { outlook });
    const result = await run(devices(), [{ ok: false, failure, serverTime: undefined }], { memory });
    expect(result.failure).toBe(failure);
    expect(result.sent).toHaveLength(1);
    expect(memory.recall().attempts).toEqual([]);
  });

  test('because no connection could be made costs no code: the same one is sent again', async () => {
    const result = await run(devices(), [refused('unreachable'), granted('session')]);
    expect(result.minted?.value).toBe('session');
    expect(stepsOf(result)).toEqual([-1, -1]);
    expect(result.reporter.notices).toMatchObject([
      { kind: 'retrying', failure: { code: 'unreachable' }, attempt: 2, most: 4, withAnotherCode: false },
    ]);
  });

  test('ends the run by its own code if no other code can be sent, not as a wrong code', async () => {
    const result = await run(devices({ maxWaitSeconds: 20 }), [refused('mfa-code-refused'), refused('network')]);
    expect(result.failure?.code).toBe('network');
    expect(result.failure?.context).toMatchObject({ kind: 'codes-lost', sent: 5, because: 'refused' });
  });

  test('doesn’t end the run if the codes after it were refused', async () => {
    const result = await run(devices({ maxWaitSeconds: 20 }), [refused('network'), refused('mfa-code-refused')]);
    expect(result.failure?.code).toBe('mfa-code-refused');
  });

  test('is retried as often as allowed', async () => {
    const result = await run(devices(), [refused('throttled')], { maxAttempts: 3 });
    expect(result.failure?.code).toBe('throttled');
    expect(result.sent).toHaveLength(3);
    expect(result.clock.slept).toHaveLength(2);
  });

  test('isn’t retried if retrying is off', async () => {
    const result = await run(devices(), [refused('network')], { maxAttempts: 1 });
    expect(result.failure?.code).toBe('network');
    expect(result.sent).toHaveLength(1);
    expect(result.clock.slept).toEqual([]);
  });

  test('does not spend the device’s budget unseen: eight codes in three minutes', async () => {
    const result = await run(devices(), [...Array(9).fill(refused('network')), granted('session')], {
      random: () => 0,
    });
    expect(result.minted?.value).toBe('session');
    const waits = result.clock.slept.filter((milliseconds) => milliseconds > 0);
    // Three fresh codes, 30 s each; then the rest of the three minutes.
    expect(waits).toEqual([23_000, 30_000, 30_000, 90_000]);
  });
});

describe('a call that is too large', () => {
  test('is made smaller, and takes another code, since nobody knows what became of the first', async () => {
    const shrunk: boolean[] = [];
    const result = await run(devices(), [refused('packed-policy-too-large'), granted('session')], {
      shrink: async () => shrunk.push(true) === 1,
    });
    expect(result.minted?.value).toBe('session');
    expect(stepsOf(result)).toEqual([-1, 0]);
  });

  test('fails if nothing can be left out', async () => {
    const result = await run(devices(), [refused('packed-policy-too-large')]);
    expect(result.failure?.code).toBe('packed-policy-too-large');
    expect(result.sent).toHaveLength(1);
  });
});

describe('a refusal that another attempt can’t change', () => {
  test.each<FailureCode>([
    'secret-key-wrong',
    'access-key-unknown',
    'access-denied',
    'assume-role-denied',
    'tag-session-denied',
    'explicit-deny',
    'role-duration-too-long',
    'malformed-policy',
    'region-disabled',
    'tls-untrusted',
    'session-credentials-refused',
  ])('is not retried: %s', async (code) => {
    const result = await run(devices(), [refused(code)]);
    expect(result.failure?.code).toBe(code);
    expect(result.sent).toHaveLength(1);
    expect(result.clock.slept).toEqual([]);
  });
});

test('a wait that is cancelled ends the run with the reason', async () => {
  const clock = new FakeClock(NOW);
  clock.sleep = () => Promise.reject(new Failure('cancelled', { signal: 'SIGINT' }));
  const result = await run(devices(), [refused('network')], { clock });
  expect(result.failure?.code).toBe('cancelled');
});

describe('a code from elsewhere', () => {
  const source: CodeSource = { kind: 'code', serial: device(SERIAL, SEED).serial, code: '012345' };

  test('is sent as it is', async () => {
    const result = await run(source, [granted('session')]);
    expect(result.sent).toEqual([{ serialNumber: SERIAL, tokenCode: '012345' }]);
    expect(result.minted).toEqual({ value: 'session', serial: SERIAL });
  });

  test.each<FailureCode>(['mfa-code-refused', 'throttled', 'service-unavailable', 'network', 'incomplete-answer'])(
    'is sent once, and counts as spent after %s',
    async (code) => {
      const result = await run(source, [refused(code)]);
      expect(result.sent).toHaveLength(1);
      expect(result.failure?.code).toBe('mfa-code-spent');
      expect(result.failure?.context).toMatchObject({ kind: 'because', failure: { code } });
      expect(result.failure?.cause).toMatchObject({ code });
    },
  );

  test('is sent again as long as no connection could be made', async () => {
    const lost = await run(source, [refused('unreachable')]);
    expect(lost.sent).toHaveLength(4);
    expect(lost.failure?.code).toBe('unreachable');
    const result = await run(source, [refused('unreachable'), refused('proxy-refused'), granted('session')]);
    expect(result.sent).toHaveLength(3);
    expect(result.minted?.value).toBe('session');
  });

  test('is sent again if the signature’s time was refused, since STS didn’t check the code then', async () => {
    const result = await run(source, [refused('clock-off'), granted('session')]);
    expect(result.sent).toHaveLength(2);
    expect(result.minted?.value).toBe('session');
  });

  test('is not sent a third time', async () => {
    const result = await run(source, [refused('clock-off')]);
    expect(result.sent).toHaveLength(2);
    expect(result.failure?.code).toBe('clock-off');
  });

  test('that was refused after that counts as spent', async () => {
    const result = await run(source, [refused('clock-off'), refused('mfa-code-refused')]);
    expect(result.failure?.code).toBe('mfa-code-spent');
  });

  test.each<FailureCode>(['secret-key-wrong', 'mfa-device-unknown', 'packed-policy-too-large', 'access-denied'])(
    'ends the run by its own name after %s',
    async (code) => {
      const result = await run(source, [refused(code)], { shrink: async () => true });
      expect(result.sent).toHaveLength(1);
      expect(result.failure?.code).toBe(code);
    },
  );
});

test.each<readonly [FailureCode, boolean]>([
  ['throttled', true],
  ['service-unavailable', true],
  ['network', true],
  ['unreachable', true],
  ['proxy-refused', true],
  ['incomplete-answer', true],
  ['mfa-code-refused', false],
  ['clock-off', false],
  ['tls-untrusted', false],
  ['access-denied', false],
])('%s passes by itself: %s', (code, passing) => {
  expect(isTransient(failuresOf(code)[0])).toBe(passing);
});

test.each([
  [1, 0, 0],
  [1, 0.5, 100],
  [1, 0.999, 200],
  [4, 0.5, 800],
  [8, 0.5, 10_000],
  [100, 0.5, 10_000],
])('the pause after failure %i, by the random number %d, is %i ms', (count, random, milliseconds) => {
  expect(backoff(count, () => random)).toBe(milliseconds);
});

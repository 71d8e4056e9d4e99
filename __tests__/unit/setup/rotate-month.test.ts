import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { asyncProperty, assert as check, integer } from 'fast-check';
import { propertyRuns } from '../../kit/property-runs.ts';
import {
  type Around,
  DAY,
  type Ended,
  ended,
  type Given,
  HOUR,
  Killer,
  passTo,
  type RotatingUser,
  rotatingUser,
  START,
  simulateTime,
} from '../../kit/rotating.ts';

// 30 simulated days. Keys and devices are replaced after 5 days by a daily run that may die or fall asleep at any of its calls, or run
// twice at once. Four jobs an hour get the secrets when they start or queue, run for up to six hours, and get sessions in that time.

beforeEach(simulateTime);
afterEach(() => {
  jest.useRealTimers();
});

const DAYS = 30;
const JOBS_PER_HOUR = 4;

/** Numbers from 0 up to, but not including, 1 (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Happening {
  readonly at: number;
  readonly act: () => Promise<void>;
}

/** What is to happen, in its order. */
class Calendar {
  readonly #waiting: Happening[] = [];

  add(at: number, act: () => Promise<void>): void {
    const after = this.#waiting.findLastIndex((each) => each.at <= at);
    this.#waiting.splice(after + 1, 0, { at, act });
  }

  get next(): number {
    return this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  async happen(): Promise<void> {
    await this.#waiting.shift()?.act();
  }
}

interface Counts {
  jobs: number;
  sessions: number;
  died: number;
  slept: number;
  keys: number;
  devices: number;
}

class Month {
  readonly counts: Counts = { jobs: 0, sessions: 0, died: 0, slept: 0, keys: 0, devices: 0 };
  readonly #user: RotatingUser;
  readonly #random: () => number;
  readonly #jobs = new Calendar();
  readonly #runs = new Calendar();
  /** When a key or a device was replaced, by its ID or its seed: a name may be used again. */
  readonly #replaced = new Map<string, number>();
  #last: Given;

  constructor(user: RotatingUser, random: () => number) {
    this.#user = user;
    this.#random = random;
    this.#last = user.given();
  }

  async pass(): Promise<void> {
    const end = START + DAYS * DAY;
    for (let hour = 0; hour < DAYS * 24; hour += 1)
      for (let job = 0; job < JOBS_PER_HOUR; job += 1) this.#plan(START + (hour + this.#random()) * HOUR);
    for (let day = 0; day < DAYS; day += 1)
      this.#runs.add(START + day * DAY + (3 + this.#random()) * HOUR, () => this.#rotate());
    while (Math.min(this.#jobs.next, this.#runs.next) < end) {
      if (this.#jobs.next <= this.#runs.next) await this.#nextJob();
      else {
        passTo(this.#runs.next);
        await this.#runs.happen();
        this.#look();
      }
    }
  }

  /** A job gets the secrets, may wait in the queue with them, and gets a session or two while it runs. */
  #plan(start: number): void {
    const began = start + (this.#random() < 0.1 ? 6 * HOUR * this.#random() : 0);
    this.#jobs.add(start, async () => {
      const given = this.#user.given();
      this.counts.jobs += 1;
      for (let count = this.#random() < 0.5 ? 1 : 2; count > 0; count -= 1)
        this.#jobs.add(began + 6 * HOUR * this.#random(), () => this.#use(given, start));
    });
  }

  async #use(given: Given, start: number): Promise<void> {
    const { status, code, message } = await this.#user.session(given);
    this.counts.sessions += 1;
    if (status !== 200)
      throw new Error(`the job of ${new Date(start).toISOString()} was refused: ${code} ${message}, ${given.serial}`);
  }

  async #nextJob(): Promise<void> {
    passTo(this.#jobs.next);
    await this.#jobs.happen();
    this.#look();
  }

  async #catchUp(): Promise<void> {
    while (this.#jobs.next <= Date.now()) await this.#nextJob();
  }

  /** A run, and what may become of it. One that died or sleeps is started once more by a person some hours later. */
  async #rotate(): Promise<void> {
    const fate = this.#random();
    const place = 1 + Math.floor(14 * this.#random());
    const again = (): void => this.#runs.add(Date.now() + (1 + 5 * this.#random()) * HOUR, () => this.#rotate());
    if (fate < 0.3) {
      if ((await this.#runAndDie(place)) === 'died') again();
    } else if (fate < 0.45) await Promise.all([this.#runAndDie(place), this.#run()]);
    else if (fate < 0.65) {
      await this.#runAndSleep(place);
      again();
    } else await this.#run();
  }

  readonly #around: Around = async (_, send) => {
    const value = await send();
    await this.#catchUp();
    this.#look();
    return value;
  };

  #run(): Promise<Ended> {
    return ended(this.#user.run({ around: this.#around }));
  }

  async #runAndDie(at: number): Promise<Ended> {
    const killer = new Killer(at, this.#random() < 0.5 ? 'before' : 'after', () => this.#catchUp());
    const end = await ended(this.#user.run({ around: killer.around }), killer);
    if (end === 'died') this.counts.died += 1;
    return end;
  }

  /** Resolves when it sleeps. Nothing more of it happens until the machine wakes up. */
  async #runAndSleep(at: number): Promise<void> {
    let count = 0;
    const { promise: awake, resolve: wake } = Promise.withResolvers<void>();
    const { promise: asleep, resolve: sleep } = Promise.withResolvers<void>();
    const around: Around = async (name, send) => {
      count += 1;
      if (count === at) {
        // While a request is on its way, no machine sleeps for longer: its connection would be lost.
        const hours = name === 'put' ? 10 : 40;
        this.counts.slept += 1;
        this.#runs.add(Date.now() + hours * HOUR * this.#random(), async () => {
          wake();
          await run;
        });
        sleep();
        await awake;
      }
      return this.#around(name, send);
    };
    const run = ended(this.#user.run({ around }));
    await Promise.race([run, asleep]);
  }

  #look(): void {
    const { user } = this.#user;
    const given = this.#user.given();
    const now = Date.now();
    for (const [before, after, what] of [
      [this.#last.keys.accessKeyId, given.keys.accessKeyId, 'keys'],
      [this.#last.seed, given.seed, 'devices'],
    ] as const) {
      if (before === after) continue;
      this.#replaced.set(before, now);
      this.#replaced.delete(after);
      this.counts[what] += 1;
    }
    this.#last = given;
    if (user.accessKeys.length > 2) throw new Error('more than two keys');
    const existing = [...user.accessKeys.map(({ id }) => id), ...user.devices.map(({ seed }) => seed)];
    for (const id of existing)
      if (now - (this.#replaced.get(id) ?? now) > 10 * DAY)
        throw new Error(`${id} is still there: ${JSON.stringify(this.#user.state())}`);
  }
}

test('no job is refused in a month of rotations that die, sleep and overlap', async () => {
  await check(
    asyncProperty(integer(), async (seed) => {
      simulateTime();
      const user = await rotatingUser({ rules: { maxAge: 5 * 24 }, deviceMaxAge: 5 * 24 });
      const month = new Month(user, numbersFrom(seed));
      await month.pass();
      const { jobs, sessions, died, slept, keys, devices } = month.counts;
      expect({ jobs, sessions: sessions > jobs, disturbed: died + slept > 2 }).toEqual({
        jobs: 2880,
        sessions: true,
        disturbed: true,
      });
      expect(keys).toBeGreaterThanOrEqual(2);
      expect(devices).toBeGreaterThanOrEqual(2);
      await expectConsistent(user);
      await user.emulator.close();
    }),
    { ...propertyRuns(1), endOnFailure: true },
  );
}, 3_600_000);

/** What undisturbed runs make of what a month left: sooner or later, there is nothing but what is in the secrets. */
async function expectConsistent(user: RotatingUser): Promise<void> {
  const unclean = new Set(['keys', 'devices']);
  for (let day = DAYS; unclean.size > 0; day += 1) {
    passTo(START + day * DAY);
    const findings = await user.run();
    expect(findings.map(({ move }) => move.kind)).not.toContain('stuck');
    const { keys, serial } = user.given();
    expect((await user.session(user.given())).status).toBe(200);
    if (user.state().keys.join() === keys.accessKeyId) unclean.delete('keys');
    if (user.state().devices.join() === serial) unclean.delete('devices');
    if (day > DAYS + 15) throw new Error(`something is left: ${JSON.stringify(user.state())}`);
  }
}

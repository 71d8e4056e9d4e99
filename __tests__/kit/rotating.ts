import { jest } from '@jest/globals';
import { device } from '../../lab/aws/build.ts';
import { codeOfStep, DEMO, type Emulator, stepAt, type User } from '../../lab/aws/index.ts';
import { createIamAdmin } from '../../src/aws/iam-admin.ts';
import { createSts } from '../../src/aws/sts.ts';
import type { Keys } from '../../src/core/credentials.ts';
import { Failure } from '../../src/core/failure.ts';
import { type Answer, type Clock, unwrap } from '../../src/core/ports.ts';
import { policyFor } from '../../src/setup/policy.ts';
import type { IamAdmin, SecretStore, StoredSecret } from '../../src/setup/ports.ts';
import type { RotationPorts } from '../../src/setup/rotate.ts';
import type { DeviceRotationPorts } from '../../src/setup/rotate-device.ts';
import type { RotationRules } from '../../src/setup/rotation.ts';
import { type Finding, runRotation } from '../../src/setup/rotation-run.ts';
import { call, emulate, type Reply } from '../aws/wire.ts';
import { clientSetting } from './client-setting.ts';
import { worldWith } from './worlds.ts';

// A user whose key and device rotate, in simulated time: the emulator, the clients and the rotation see the time that a test sets.

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START: number = Date.UTC(2026, 0, 1);
export const KEY_SECRET = 'AWS_ACCESS_KEY';
export const DEVICE_SECRET = 'AWS_MFA_DEVICE';

/** From now on, only tests move the time. */
export function simulateTime(): void {
  jest.useFakeTimers({
    now: START,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

/** Moves the time forwards. */
export function passTo(time: number): void {
  if (time > Date.now()) jest.setSystemTime(time);
}

export const clock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => passTo(Date.now() + milliseconds),
};

/** A store that says to the second when it was written, by its own clock. */
export class MemoryStore implements SecretStore {
  readonly title = 'the secrets of acme/site';
  readonly secrets = new Map<string, { value: string; updated: Date }>();
  /** How far its clock is ahead, in ms. */
  ahead = 0;
  /** Whether it says when a secret was written. */
  isDated = true;

  async find(name: string): Promise<Answer<StoredSecret | undefined>> {
    const secret = this.secrets.get(name);
    const value = secret && { name, updated: this.isDated ? secret.updated : undefined };
    return { ok: true, value, serverTime: this.isDated ? this.#now() : undefined };
  }

  async put(name: string, value: string): Promise<Answer<void>> {
    this.secrets.set(name, { value, updated: new Date(this.#now()) });
    return { ok: true, value: undefined, serverTime: undefined };
  }

  async remove(): Promise<Answer<void>> {
    throw new Error('a rotation removes no secret');
  }

  valueOf(name: string): string {
    return this.secrets.get(name)?.value ?? '';
  }

  #now(): number {
    return Math.floor((Date.now() + this.ahead) / 1000) * 1000;
  }
}

/** What a job has in its environment: the secrets as they were when it got them. */
export interface Given {
  readonly keys: Keys;
  readonly serial: string;
  readonly seed: string;
}

/** What a run does with each of its calls, by name. */
export type Around = <T>(name: string, send: () => Promise<T>) => Promise<T>;

export interface RunOptions {
  readonly around?: Around;
  readonly given?: Given;
  readonly mode?: 'step' | 'status';
  readonly devices?: boolean;
}

export interface RotatingUser {
  readonly emulator: Emulator;
  readonly user: User;
  readonly store: MemoryStore;
  /** What a job that starts now gets. */
  given(): Given;
  /** A job gets a session. */
  session(given: Given): Promise<Reply>;
  /** One run of the rotation. */
  run(options?: RunOptions): Promise<readonly Finding[]>;
  /** What a person would see in IAM, without secrets. */
  state(): { readonly keys: readonly string[]; readonly devices: readonly string[] };
}

const RULES: RotationRules = { maxAge: 60 * 24, grace: 24, keep: 7 * 24 };
const ARN = `arn:aws:iam::${DEMO.accountId}:user/${DEMO.userName}`;
const NEEDS = { roles: [], buckets: [], listsBuckets: false, rotates: true };

/** The demo's user with the policy of an enrollment, whose key and device were created and stored when the time began. */
export async function rotatingUser(
  given: { readonly rules?: Partial<RotationRules>; readonly deviceMaxAge?: number; readonly lag?: number } = {},
): Promise<RotatingUser> {
  const rules = { ...RULES, ...given.rules };
  const world = worldWith((_account, ci, all) => {
    ci.policies = [JSON.parse(policyFor({ userArn: ARN }, NEEDS))];
    ci.accessKeys = [{ id: DEMO.accessKeyId, secret: DEMO.secretAccessKey, createdAt: START }];
    ci.devices = [device({ serial: DEMO.serial, seed: DEMO.seed, enabledAt: START })];
    all.lastUsedLagMs = given.lag ?? 4 * HOUR;
  });
  const user = world.accounts[0]?.users[0];
  if (user === undefined) throw new Error('the demo has a user');
  const emulator = await emulate({ world });
  const store = new MemoryStore();
  await store.put(KEY_SECRET, `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`);
  await store.put(DEVICE_SECRET, `${DEMO.serial} ${DEMO.seed}`);
  const spent = new Set<string>();

  /** A code that nobody has sent. */
  async function freshCode(serial: string, seed: string): Promise<string> {
    for (;;) {
      for (const offset of [0, -1, 1, -2, 2]) {
        const step = stepAt(Date.now()) + offset;
        const id = `${serial} ${seed} ${step}`;
        if (spent.has(id)) continue;
        spent.add(id);
        return codeOfStep(seed, step);
      }
      await clock.sleep(30_000);
    }
  }

  const here: RotatingUser = {
    emulator,
    user,
    store,
    given() {
      const [accessKeyId = '', secretAccessKey = ''] = store.valueOf(KEY_SECRET).split(':');
      const [serial = '', seed = ''] = store.valueOf(DEVICE_SECRET).split(' ');
      return { keys: { accessKeyId, secretAccessKey }, serial, seed };
    },
    async session({ keys, serial, seed }) {
      const params = { SerialNumber: serial, TokenCode: await freshCode(serial, seed), DurationSeconds: '129600' };
      const { accessKeyId, secretAccessKey } = keys;
      return call(emulator, { accessKeyId, secretAccessKey }, 'GetSessionToken', params);
    },
    async run({ around = unchanged, given = here.given(), mode = 'step', devices = true } = {}) {
      const { credentials, code } = await here.session(given);
      if (code !== undefined) throw new Error(`the run got no session: ${code}`);
      const shared = clientSetting(emulator.endpoint);
      const iam: IamAdmin = intercepted(createIamAdmin(shared, credentials), around);
      const ports: RotationPorts & DeviceRotationPorts = {
        iam,
        clock,
        identify: (keys) => around('identify', () => createSts(shared).callerIdentity(keys)),
        prove: ({ keys, device: { serial, seed } }) =>
          around('prove', async () => {
            const tokenCode = await freshCode(serial, seed);
            unwrap(await createSts(shared).getSessionToken(keys, { serialNumber: serial, tokenCode }, 900));
          }),
      };
      const common = { user: DEMO.userName, store: intercepted<SecretStore>(store, around) };
      const run = {
        key: { ...common, mine: given.keys, secret: KEY_SECRET, rules },
        device: devices
          ? {
              ...common,
              keys: given.keys,
              mine: given.serial,
              secret: DEVICE_SECRET,
              separator: ' ' as const,
              rules: { maxAge: deviceMaxAge(), grace: rules.grace },
            }
          : undefined,
      };
      return runRotation(run, ports, mode);
    },
    state: () => ({
      keys: user.accessKeys.map(({ id, inactive }) => (inactive ? `${id} inactive` : id)),
      devices: user.devices.map(({ serial }) => serial),
    }),
  };
  function deviceMaxAge(): number {
    return given.deviceMaxAge ?? 365 * 24;
  }
  return here;
}

const unchanged: Around = (_, send) => send();

/** The same with something around each of its methods. */
function intercepted<Port extends object>(port: Port, around: Around): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => around(String(name), async () => Reflect.apply(member, target, args));
    },
  });
}

/** Ends a run for good at one of its calls: the promise of the call never resolves. */
export class Killer {
  readonly around: Around;
  /** Resolves when the run is dead. */
  readonly died: Promise<'died'>;
  readonly names: string[] = [];

  constructor(
    at: number,
    when: 'before' | 'after',
    afterEach: (name: string) => Promise<void> = async () => undefined,
  ) {
    const { promise, resolve } = Promise.withResolvers<'died'>();
    this.died = promise;
    let isDead = false;
    this.around = async (name, send) => {
      if (isDead) return new Promise(() => undefined);
      this.names.push(name);
      const isLast = this.names.length === at;
      const end = <T>(): Promise<T> => {
        isDead = true;
        resolve('died');
        return new Promise<T>(() => undefined);
      };
      if (isLast && when === 'before') return end();
      const value = await send();
      await afterEach(name);
      return isLast ? end() : value;
    };
  }
}

/** How a run ended: with its findings, a failure, or by being killed. */
export type Ended = readonly Finding[] | Failure | 'died';

/** Runs until it ends, whatever happens. */
export async function ended(run: Promise<readonly Finding[]>, killer?: Killer): Promise<Ended> {
  const outcome = run.catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  return killer === undefined ? outcome : Promise.race([outcome, killer.died]);
}

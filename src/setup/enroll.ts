import { startOfStep, stepAt } from '../core/codes/totp.ts';
import type { Identity, Keys } from '../core/credentials.ts';
import { asFailure, endsStep, Failure, isDenied, mayHaveWorked } from '../core/failure.ts';
import { type Answer, type Clock, unwrap } from '../core/ports.ts';
import { type BegunNote, type Enrollment, type Made, serialOf, TAGS } from './enrollment.ts';
import { enable, ServerTime, untilKnown } from './patience.ts';
import { leftoverKeys, type Step } from './plan.ts';
import type { IamAdmin, NewDevice, SecretStore, StoredSecret } from './ports.ts';
import type { Survey } from './survey.ts';
import { type Left, settled, type Thing, Undo } from './undo.ts';
import { gone } from './unenroll.ts';

/** What carrying out a plan needs. */
export interface EnrollmentPorts {
  readonly iam: IamAdmin;
  /** From now on, what ended the enrollment (a signal) doesn't end the calls of `iam` and of the stores any more. */
  readonly outlive: () => void;
  readonly clock: Clock;
  readonly note: BegunNote;
  /** Who a new key belongs to, as STS says. */
  identify(keys: Keys): Promise<Answer<Identity>>;
  /** Gets a session with the values that will be stored. Rejects with the `Failure` that says why it couldn't. */
  prove(made: Made): Promise<void>;
  /** Called before each step. */
  announce(step: Step): void;
}

/** How an enrollment ended. */
export type EnrollmentOutcome =
  /** `note`: why the user doesn't have the tags that say so. */
  | {
      readonly kind: 'done';
      readonly made: Made;
      readonly note: Failure | undefined;
      /** What an earlier enrollment made that this one replaces. Jobs that run may still use it. */
      readonly replaced: readonly Thing[];
    }
  /** Nothing was stored, and what was made is gone, except for what is left. */
  | {
      readonly kind: 'taken-back';
      readonly failure: Failure;
      readonly taken: readonly Thing[];
      readonly left: readonly Left[];
      /** What an earlier enrollment left that wasn't completed, and this one hasn't removed. */
      readonly earlier: readonly Thing[];
    }
  /** Something was stored, so everything stays. The same enrollment once more completes it. */
  | { readonly kind: 'incomplete'; readonly failure: Failure; readonly written: readonly string[] };

/**
 * Carries out a plan. Before a secret is stored, a failure takes back what was made. After that, everything stays, and a signal no longer
 * ends it: the rest takes seconds.
 */
export async function enroll(
  enrollment: Enrollment,
  steps: readonly Step[],
  found: Survey,
  ports: EnrollmentPorts,
): Promise<EnrollmentOutcome> {
  const run = new Run(enrollment, found, ports);
  try {
    for (const step of steps) {
      ports.announce(step);
      await run.take(step).catch((error: unknown) => {
        if (run.written.size === 0 || !endsStep(asFailure(error))) throw error;
        ports.outlive();
        return run.take(step);
      });
    }
    ports.note.end();
    const made = run.made();
    return { kind: 'done', made, note: run.note, replaced: replacedBy(made, found, run.removed) };
  } catch (error) {
    const failure = asFailure(error);
    if (run.written.size > 0) return { kind: 'incomplete', failure, written: [...run.written] };
    ports.outlive();
    const undone = await run.undo.run();
    if (undone.left.length === 0) ports.note.end();
    return { kind: 'taken-back', failure, ...undone, earlier: leftEarlier(enrollment, found, run.removed) };
  }
}

/** STS knows a new device after about 15 seconds. */
export const DEVICE_DELAY_MS = 15_500;
const PROOFS = 3;
/** What STS says of keys and devices that it doesn't know yet. */
const TOO_NEW = ['access-key-unknown', 'mfa-device-unknown', 'mfa-code-refused'];

/** Tries new values, and tries again while AWS doesn't know them. Throws the `Failure` of the last attempt. */
export async function proveNew(prove: () => Promise<void>, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prove();
    } catch (error) {
      const isTooNew = error instanceof Failure && TOO_NEW.includes(error.code);
      if (!isTooNew || attempt >= PROOFS) throw error;
      await clock.sleep(DEVICE_DELAY_MS);
    }
  }
}

class Run {
  readonly undo = new Undo();
  readonly written = new Set<string>();
  /** IDs of keys and serials of devices that an earlier enrollment had left. */
  readonly removed = new Set<string>();
  /** Why the user couldn't be tagged at the end. */
  note: Failure | undefined;
  #keys: Keys | undefined;
  #device: NewDevice | undefined;
  #enabledAt = 0;
  /** Without permission to tag the user, there is no mark. */
  #isMarked = true;
  readonly #time: ServerTime;
  readonly #enrollment: Enrollment;
  readonly #found: Survey;
  readonly #ports: EnrollmentPorts;

  constructor(enrollment: Enrollment, found: Survey, ports: EnrollmentPorts) {
    this.#enrollment = enrollment;
    this.#found = found;
    this.#ports = ports;
    this.#time = new ServerTime(ports.clock, found.clockOffset);
    if (enrollment.key !== 'new') this.#keys = enrollment.key;
  }

  made(): Made {
    if (this.#keys === undefined || this.#device === undefined) throw new Error('the plan makes no key or no device');
    return { keys: this.#keys, device: this.#device };
  }

  async take(step: Step): Promise<void> {
    const { iam } = this.#ports;
    switch (step.kind) {
      case 'create-user':
        return this.#createUser(step);
      case 'mark-user':
        return this.#markUser(step.user);
      case 'remove-key':
        gone(await iam.deleteKey(step.user, step.accessKeyId));
        this.removed.add(step.accessKeyId);
        return;
      case 'remove-device':
        if (step.state === 'enabled') gone(await iam.deactivateDevice(step.user, step.serial));
        gone(await iam.deleteDevice(step.serial));
        this.removed.add(step.serial);
        return;
      case 'put-policy':
        return this.#putPolicy(step);
      case 'create-device':
        return this.#createDevice(step);
      case 'create-key':
        return this.#createKey(step.user);
      case 'prove':
        return this.#prove();
      case 'store':
        return this.#store(step);
      case 'finish':
        return this.#finish(step.user);
    }
  }

  async #createUser({ user, boundary }: Extract<Step, { kind: 'create-user' }>): Promise<void> {
    const { iam } = this.#ports;
    const began = this.#mark();
    this.undo.add({ kind: 'user', name: user }, async () => {
      const existing = await iam.findUser(user);
      // Somebody else may have made it at the same time.
      const isOurs = existing.ok && existing.value?.tags[TAGS.pending] === began;
      return isOurs ? iam.deleteUser(user) : withoutValue(existing);
    });
    const tags = { [TAGS.origin]: 'created', [TAGS.pending]: began };
    this.#made(await iam.createUser({ name: user, tags, boundary }));
  }

  async #markUser(user: string): Promise<void> {
    const { iam, note } = this.#ports;
    const began = this.#mark();
    note.begin(began);
    this.undo.add({ kind: 'mark', name: user }, () => iam.untagUser(user, [TAGS.pending]));
    const answer = await iam.tagUser(user, { [TAGS.pending]: began });
    // A user that may change its own device need not be allowed to change its tags.
    this.#isMarked = answer.ok || !isDenied(answer.failure);
    if (this.#isMarked) this.#made(answer);
    else this.undo.drop();
  }

  /** IAM says to the second when a key was created. */
  #mark(): string {
    return new Date(Math.floor(this.#time.now() / 1000) * 1000).toISOString();
  }

  async #putPolicy({ user, policy, document }: Extract<Step, { kind: 'put-policy' }>): Promise<void> {
    const { iam } = this.#ports;
    this.undo.add({ kind: 'policy', name: policy }, () => iam.deletePolicy(user, policy));
    this.#made(await iam.putPolicy(user, policy, document));
  }

  async #createDevice({ user, device, serial }: Extract<Step, { kind: 'create-device' }>): Promise<void> {
    const { iam } = this.#ports;
    let isEnabling = false;
    this.undo.add({ kind: 'device', name: serial }, async () => {
      // IAM takes a while to be sure that something new isn't there.
      const deactivated = isEnabling ? await iam.deactivateDevice(user, serial) : undefined;
      if (deactivated?.ok === false && deactivated.failure.code !== 'iam-not-found') return deactivated;
      return iam.deleteDevice(serial);
    });
    let answer = await iam.createDevice(device);
    // AWS only deletes a device that nobody has: one that was created and never enabled.
    if (this.#found.unassigned === 'unknown' && isTaken(answer) && (await iam.deleteDevice(serial)).ok)
      answer = await iam.createDevice(device);
    const made = this.#made(answer);
    this.#device = made;
    isEnabling = true;
    await enable(iam, user, made, this.#time);
    this.#enabledAt = this.#time.now();
  }

  async #createKey(user: string): Promise<void> {
    const { iam } = this.#ports;
    const known = this.#found.keys.map(({ accessKeyId }) => accessKeyId);
    this.undo.add({ kind: 'key', name: user }, async () => {
      const keys = await iam.listKeys(user);
      if (!keys.ok) return keys;
      let answer: Answer<void> = withoutValue(keys);
      for (const { accessKeyId } of keys.value)
        if (!known.includes(accessKeyId)) answer = await iam.deleteKey(user, accessKeyId);
      return answer;
    });
    this.#keys = this.#made(await iam.createKey(user));
  }

  async #prove(): Promise<void> {
    const { identify, prove, clock } = this.#ports;
    const made = this.made();
    if (this.#enrollment.key === 'new') await untilKnown(() => identify(made.keys), clock);
    // The codes of this step and the one before were used to enable the device. AWS says the time only to the second.
    const next = startOfStep(stepAt(this.#enabledAt) + 1) + 1500;
    await this.#time.until(Math.max(next, this.#enabledAt + DEVICE_DELAY_MS));
    await proveNew(() => prove(made), clock);
  }

  async #store({ store, slot }: Extract<Step, { kind: 'store' }>): Promise<void> {
    const before = this.#found.stored.find(({ name, title }) => name === slot.name && title === store.title);
    const answer = await settled(() => store.put(slot.name, slot.valueOf(this.made())));
    if (!answer.ok && endsStep(answer.failure)) this.#ports.outlive();
    if (answer.ok || (await mayBeWritten(store, slot.name, before, answer.failure))) {
      this.written.add(slot.name);
      this.undo.keepAll();
    }
    unwrap(answer);
  }

  async #finish(user: string): Promise<void> {
    const { iam } = this.#ports;
    if (!this.#isMarked) return;
    const { keys, device } = this.made();
    const tagged = await iam.tagUser(user, { [TAGS.key]: keys.accessKeyId, [TAGS.device]: device.serial });
    const untagged = await iam.untagUser(user, [TAGS.pending]);
    for (const answer of [tagged, untagged]) if (!answer.ok) this.note = answer.failure;
  }

  /** The value of a call that makes something. If it certainly made nothing, nothing must be taken back. */
  #made<T>(answer: Answer<T>): T {
    this.#time.learn(answer);
    if (!answer.ok && !mayHaveWorked(answer.failure)) this.undo.drop();
    return unwrap(answer);
  }
}

/** Whether a secret was written although that failed: the answer to an earlier attempt may have been lost. */
async function mayBeWritten(
  store: SecretStore,
  name: string,
  before: StoredSecret | undefined,
  failure: Failure,
): Promise<boolean> {
  const after = await settled(() => store.find(name));
  if (!after.ok) return mayHaveWorked(failure);
  if (after.value === undefined) return false;
  if (before === undefined) return true;
  const { updated } = after.value;
  return updated === undefined ? mayHaveWorked(failure) : updated.getTime() !== before.updated?.getTime();
}

function replacedBy(
  { keys, device }: Made,
  { user, keys: listed, devices }: Survey,
  removed: ReadonlySet<string>,
): readonly Thing[] {
  const { [TAGS.key]: id, [TAGS.device]: serial } = user?.tags ?? {};
  const oldKeys = listed.filter(({ accessKeyId }) => accessKeyId === id && id !== keys.accessKeyId && !removed.has(id));
  const oldDevices = devices.filter((each) => each === serial && each !== device.serial && !removed.has(each));
  return [
    ...oldKeys.map(({ accessKeyId: name }): Thing => ({ kind: 'known-key', name })),
    ...oldDevices.map((name): Thing => ({ kind: 'device', name })),
  ];
}

function leftEarlier(enrollment: Enrollment, found: Survey, removed: ReadonlySet<string>): readonly Thing[] {
  const { user, policy, pending, stored, unassigned, devices } = found;
  const serial = serialOf(enrollment, enrollment.device);
  const hasDevice =
    (unassigned === 'yes' || (pending !== undefined && devices.includes(serial))) && !removed.has(serial);
  const device: readonly Thing[] = hasDevice ? [{ kind: 'device', name: serial }] : [];
  if (user === undefined || pending === undefined) return device;
  return [
    { kind: user.tags[TAGS.origin] === 'created' ? 'user' : 'mark', name: user.name },
    ...(enrollment.policy && policy !== undefined ? [{ kind: 'policy', name: enrollment.policy.name } as const] : []),
    ...device,
    ...leftoverKeys(found)
      .filter((id) => !removed.has(id))
      .map((name): Thing => ({ kind: 'known-key', name })),
    ...stored.map(({ name }): Thing => ({ kind: 'secret', name })),
  ];
}

function isTaken(answer: Answer<unknown>): boolean {
  return !answer.ok && answer.failure.code === 'iam-already-exists';
}

function withoutValue(answer: Answer<unknown>): Answer<void> {
  return answer.ok ? { ok: true, value: undefined, serverTime: answer.serverTime } : answer;
}

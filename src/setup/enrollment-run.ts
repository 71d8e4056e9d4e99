import type { Identity, Keys } from '../core/credentials.ts';
import { endsStep, Failure, isDenied, mayHaveWorked } from '../core/failure.ts';
import { type Answer, type Clock, unwrap } from '../core/ports.ts';
import { type BegunNote, type Enrollment, type Made, NOT_PENDING, TAGS } from './enrollment.ts';
import { enable, proveDevice, ServerTime, untilKnown } from './patience.ts';
import type { Step } from './plan.ts';
import type { IamAdmin, NewDevice, SecretStore, StoredSecret } from './ports.ts';
import type { Survey } from './survey.ts';
import { settled, Undo } from './undo.ts';
import { gone, removeDevice } from './unenroll.ts';

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

/** One enrollment, step by step: what it has made, and how that is taken back. */
export class EnrollmentRun {
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
        if (step.state === 'enabled') await removeDevice(step.user, step.serial, iam);
        else gone(await iam.deleteDevice(step.serial));
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
    // Right before: the survey may be minutes old.
    const known = unwrap(await iam.listKeys(user)).map(({ accessKeyId }) => accessKeyId);
    let made: string | undefined;
    this.undo.add({ kind: 'key', name: user }, async () => {
      if (made !== undefined) return iam.deleteKey(user, made);
      const keys = await iam.listKeys(user);
      if (!keys.ok) return keys;
      const [lost, ...others] = keys.value.map(({ accessKeyId }) => accessKeyId).filter((id) => !known.includes(id));
      if (lost === undefined) return withoutValue(keys);
      // Somebody else has created one too, and nobody knows which of them is ours.
      if (others.length > 0)
        return { ...keys, ok: false, failure: new Failure('user-keys-full', { user, keys: [lost, ...others] }) };
      return iam.deleteKey(user, lost);
    });
    this.#keys = this.#made(await iam.createKey(user));
    made = this.#keys.accessKeyId;
  }

  async #prove(): Promise<void> {
    const { identify, prove, clock } = this.#ports;
    const made = this.made();
    if (this.#enrollment.key === 'new') await untilKnown(() => identify(made.keys), clock);
    await proveDevice(this.#enabledAt, () => prove(made), this.#time, clock);
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
    // The user's own key isn't the pipeline's to remove.
    const key = this.#enrollment.key === 'new' ? { [TAGS.key]: keys.accessKeyId } : {};
    // In one call: between two, the next run would take everything for leftovers.
    const tags = { ...key, [TAGS.device]: device.serial, [TAGS.pending]: NOT_PENDING };
    const tagged = await iam.tagUser(user, tags);
    if (!tagged.ok) this.note = tagged.failure;
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

function isTaken(answer: Answer<unknown>): boolean {
  return !answer.ok && answer.failure.code === 'iam-already-exists';
}

function withoutValue(answer: Answer<unknown>): Answer<void> {
  return answer.ok ? { ok: true, value: undefined, serverTime: answer.serverTime } : answer;
}

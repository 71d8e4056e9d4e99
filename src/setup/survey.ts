import { unwrap } from '../core/ports.ts';
import { type Enrollment, namesOf, serialOf, TAGS } from './enrollment.ts';
import { lookUp, unlessDenied } from './looking.ts';
import type { DatedDevice, IamAdmin, IamKey, IamUser, StoredSecret } from './ports.ts';

/** What exists before anything is changed. */
export interface Survey {
  readonly user: IamUser | undefined;
  /** When an earlier enrollment of this user began that wasn't completed. */
  readonly pending: Date | undefined;
  /** The JSON text of the policy of the requested name. */
  readonly policy: string | undefined;
  /** The serials of the user's devices. */
  readonly devices: readonly string[];
  /** Whether a device of the requested name was created, and never enabled. */
  readonly unassigned: 'yes' | 'no' | 'unknown';
  readonly keys: readonly IamKey[];
  /** The keys and the devices among them that an enrollment left that wasn't completed. */
  readonly left: { readonly keys: readonly string[]; readonly devices: readonly string[] };
  /** The secrets that exist, with the titles of their stores. */
  readonly stored: readonly (StoredSecret & { readonly title: string })[];
  /** AWS's clock, in milliseconds ahead of the local one. */
  readonly clockOffset: number;
}

/** Looks at everything, and changes nothing. `noted`: since when a note says that an enrollment is pending. Throws the `Failure` of a call that isn't answered. */
export async function survey(
  enrollment: Enrollment,
  iam: IamAdmin,
  now: () => number,
  noted: Date | undefined,
): Promise<Survey> {
  const { user: name, who, policy, key, stores } = enrollment;
  const answer = await lookUp(name, who, iam);
  const user = unwrap(answer);
  const clockOffset = answer.serverTime === undefined ? 0 : answer.serverTime - now();
  const stored: Survey['stored'][number][] = [];
  for (const { store, secrets } of stores)
    for (const secret of secrets) {
      const found = unwrap(await store.find(secret.name));
      if (found !== undefined) stored.push({ ...found, title: store.title });
    }
  const nothing = {
    user,
    pending: undefined,
    policy: undefined,
    devices: [],
    keys: [],
    left: NOTHING_LEFT,
    stored,
    clockOffset,
  };
  const others = unlessDenied(who, await iam.listUnassignedDevices(), undefined);
  const serial = serialOf(enrollment, enrollment.device);
  const unassigned = others === undefined ? 'unknown' : others.includes(serial) ? 'yes' : 'no';
  if (user === undefined) return { ...nothing, unassigned };
  const pending = pendingSince(user) ?? noted;
  const devices = unwrap(await iam.listDatedDevices(name));
  const keys = key === 'new' ? unwrap(await iam.listKeys(name)) : [];
  return {
    ...nothing,
    unassigned,
    pending,
    policy: policy && unwrap(await iam.findPolicy(name, policy.name)),
    devices: devices.map(({ serial }) => serial),
    keys,
    left: pending === undefined ? NOTHING_LEFT : await leftSince(pending, enrollment, { user, devices, keys }, iam),
  };
}

const NOTHING_LEFT: Survey['left'] = { keys: [], devices: [] };
/** Within this, a new key is only used to try it. AWS's times are those of its own clock. */
const TRIAL_MS = 60 * 60_000;

/** What is younger than an enrollment that wasn't completed, and isn't in use: neither tagged as complete nor used since. */
async function leftSince(
  pending: Date,
  enrollment: Enrollment,
  {
    user,
    devices,
    keys,
  }: { readonly user: IamUser; readonly devices: readonly DatedDevice[]; readonly keys: readonly IamKey[] },
  iam: IamAdmin,
): Promise<Survey['left']> {
  const inUse = [user.tags[TAGS.key], user.tags[TAGS.device], enrollment.acting];
  const left: string[] = [];
  for (const { accessKeyId: id, created } of keys) {
    if (created < pending || inUse.includes(id)) continue;
    const used = unlessDenied(enrollment.who, await iam.lastUse(id), undefined);
    if (used === undefined || used.getTime() <= created.getTime() + TRIAL_MS) left.push(id);
  }
  const names = namesOf(enrollment.device).map((device) => serialOf(enrollment, device));
  const ours = devices.filter(({ serial, enabled }) => names.includes(serial) && enabled >= pending);
  return { keys: left, devices: ours.map(({ serial }) => serial).filter((serial) => !inUse.includes(serial)) };
}

function pendingSince({ tags }: IamUser): Date | undefined {
  const text = tags[TAGS.pending];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

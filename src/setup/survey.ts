import { unwrap } from '../core/ports.ts';
import { type Enrollment, serialsOf, TAGS } from './enrollment.ts';
import { type Leftovers, leftSince, NOTHING_LEFT } from './leftovers.ts';
import { lookUp, unlessDenied } from './looking.ts';
import type { IamAdmin, IamKey, IamUser, StoredSecret } from './ports.ts';

/** What exists before anything is changed. */
export interface Survey {
  readonly user: IamUser | undefined;
  /** When an earlier enrollment of this user began that wasn't completed. */
  readonly pending: Date | undefined;
  /** The JSON text of the policy of the requested name. */
  readonly policy: string | undefined;
  /** The serials of the user's devices. */
  readonly devices: readonly string[];
  /** The serials of devices that were created and never enabled, of the names that the new one may get. */
  readonly unassigned: readonly string[] | 'unknown';
  readonly keys: readonly IamKey[];
  /** The keys and the devices among them that an enrollment left that wasn't completed. */
  readonly left: Leftovers;
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
  const ours = serialsOf(enrollment);
  const unassigned = others?.filter((serial) => ours.includes(serial)) ?? 'unknown';
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

/** When an enrollment of a user began that isn't complete, as its tag says. */
export function pendingSince({ tags }: IamUser): Date | undefined {
  const text = tags[TAGS.pending];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

import { unwrap } from '../core/ports.ts';
import { type Enrollment, serialOf, TAGS } from './enrollment.ts';
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
  /** Whether a device of the requested name was created, and never enabled. */
  readonly unassigned: 'yes' | 'no' | 'unknown';
  readonly keys: readonly IamKey[];
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
  const nothing = { user, pending: undefined, policy: undefined, devices: [], keys: [], stored, clockOffset };
  const others = unlessDenied(who, await iam.listUnassignedDevices(), undefined);
  const serial = serialOf(enrollment, enrollment.device);
  const unassigned = others === undefined ? 'unknown' : others.includes(serial) ? 'yes' : 'no';
  if (user === undefined) return { ...nothing, unassigned };
  return {
    ...nothing,
    unassigned,
    pending: pendingSince(user) ?? noted,
    policy: policy && unwrap(await iam.findPolicy(name, policy.name)),
    devices: unwrap(await iam.listDevices(name)),
    keys: key === 'new' ? unwrap(await iam.listKeys(name)) : [],
  };
}

function pendingSince({ tags }: IamUser): Date | undefined {
  const text = tags[TAGS.pending];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

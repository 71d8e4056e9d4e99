import { type Enrollment, serialsOf, TAGS } from './enrollment.ts';
import { unlessDenied } from './looking.ts';
import type { DatedDevice, IamAdmin, IamKey, IamUser } from './ports.ts';

/** IDs of keys and serials of devices that an enrollment left that wasn't completed. */
export interface Leftovers {
  readonly keys: readonly string[];
  readonly devices: readonly string[];
}

export const NOTHING_LEFT: Leftovers = { keys: [], devices: [] };

/** What a user has. */
interface Existing {
  readonly user: IamUser;
  readonly devices: readonly DatedDevice[];
  readonly keys: readonly IamKey[];
}

/** Within this, a new key is only used to try it. AWS's times are those of its own clock. */
const TRIAL_MS = 60 * 60_000;

/** What is younger than an enrollment that wasn't completed, and isn't in use: neither tagged as complete nor used since. */
export async function leftSince(
  pending: Date,
  enrollment: Enrollment,
  { user, devices, keys }: Existing,
  iam: IamAdmin,
): Promise<Leftovers> {
  const inUse = [user.tags[TAGS.key], user.tags[TAGS.device], enrollment.acting];
  const left: string[] = [];
  for (const { accessKeyId: id, created } of keys) {
    if (created < pending || inUse.includes(id)) continue;
    const used = unlessDenied(enrollment.who, await iam.lastUse(id), undefined);
    if (used === undefined || used.getTime() <= created.getTime() + TRIAL_MS) left.push(id);
  }
  const ours = serialsOf(enrollment).filter((serial) => !inUse.includes(serial));
  const young = devices.filter(({ serial, enabled }) => ours.includes(serial) && enabled >= pending);
  return { keys: left, devices: young.map(({ serial }) => serial) };
}

import type { ApiCall } from '../operation.ts';
import type { AccessKey, KeyUse, World } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';
import { date } from './describe.ts';
import { isFound, noSuchEntity } from './owners.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';
import { userTarget } from './target.ts';

/** How long a use stays unknown. AWS doesn't publish it; minutes are usual. */
const USUAL_LAG_MS = 600_000;

/** Notes that a long-term key signed a request. */
export function noteUse(world: World, key: AccessKey, use: KeyUse): void {
  const uses = [...(key.uses ?? []), use];
  // Everything before the latest use that IAM shows will never be shown again.
  const shown = uses.findLastIndex(({ at }) => isShown(world, at, use.at));
  key.uses = uses.slice(Math.max(0, shown));
}

/** GetAccessKeyLastUsed: the latest use, after a while. Refused requests count, requests of the key's sessions don't. */
export function getAccessKeyLastUsed(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const id = parameters.required('AccessKeyId', 'accessKeyId');
  parameters.check();
  const user = account.users.find(({ accessKeys }) => accessKeys.some((key) => key.id === id));
  permit(call, 'iam:GetAccessKeyLastUsed', userTarget(account, user, '*'));
  const key = user?.accessKeys.find((one) => one.id === id);
  if (user === undefined || key === undefined || !isFound(call, key, key.createdAt)) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  const last = key.uses?.findLast(({ at }) => isShown(call.world, at, call.now));
  return (
    fields({ UserName: user.name }) +
    element(
      'AccessKeyLastUsed',
      last === undefined
        ? fields({ ServiceName: 'N/A', Region: 'N/A' })
        : fields({ LastUsedDate: date(last.at), ServiceName: last.service, Region: last.region }),
    )
  );
}

function isShown({ lastUsedLagMs = USUAL_LAG_MS }: World, at: number, now: number): boolean {
  return now >= at + lastUsedLagMs;
}

import { principalOf, userIdOf } from '../caller.ts';
import type { Work } from '../work.ts';
import { fields, type Xml } from '../xml.ts';

/** GetCallerIdentity: needs no permission, not even an explicit deny stops it (STS API reference). */
export function getCallerIdentity({ caller }: Work): Xml {
  return fields({ Arn: principalOf(caller).sessionArn, UserId: userIdOf(caller), Account: caller.account.id });
}

import { principalOf, userIdOf } from '../caller.ts';
import type { ApiCall, Operation } from '../operation.ts';
import { fields, type Xml } from '../xml.ts';
import { assumeRole } from './assume-role.ts';
import { getSessionToken } from './get-session-token.ts';

/** STS's operations by name. */
export const STS_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GetSessionToken', getSessionToken],
  ['AssumeRole', assumeRole],
  ['GetCallerIdentity', getCallerIdentity],
]);

/** GetCallerIdentity needs no permission: not even an explicit deny stops it (STS API reference). */
function getCallerIdentity({ caller }: ApiCall): Xml {
  return fields({ Arn: principalOf(caller).sessionArn, UserId: userIdOf(caller), Account: caller.account.id });
}

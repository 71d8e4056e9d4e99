import { timingSafeEqual } from 'node:crypto';
import { type Caller, callerOfSession, findKey } from './caller.ts';
import { AwsError } from './errors.ts';
import { noteUse } from './iam/last-used.ts';
import { partitionOfRegion } from './identifiers.ts';
import type { Request } from './request.ts';
import type { Sessions } from './sessions.ts';
import { refusalsOf } from './signature/refusals.ts';
import { checkSignature, readClaim } from './signature/verify.ts';
import type { Account, World } from './world.ts';

/**
 * Returns who signed a request.
 * @param now the emulator's time, ms since the epoch
 * @throws AwsError if it refuses the signature, the key, the token or the region
 */
export function authenticate(request: Request, world: World, sessions: Sessions, now: number): Caller {
  const refuse = refusalsOf(request.service);
  const claim = readClaim(request, now);
  const { accessKeyId, scope } = claim.authorization;
  const token = request.headers['x-amz-security-token'];

  const longTerm = findKey(world, accessKeyId, now);
  if (longTerm !== undefined) {
    // A token with a long-term key belongs to another session.
    if (token !== undefined) throw refuse.wrongToken();
    checkSignature(request, claim, longTerm.key.secret);
    checkRegion(request, longTerm.account, scope.region, accessKeyId);
    noteUse(world, longTerm.key, { at: now, service: request.service, region: scope.region });
    return { kind: 'user', region: scope.region, ...longTerm };
  }

  const session = sessions.find(accessKeyId);
  const caller = session && callerOfSession(world, session, scope.region);
  if (session === undefined || caller === undefined) throw refuse.unknownKey(accessKeyId);
  if (token === undefined) throw refuse.unknownKey(accessKeyId);
  if (!sameToken(token, session.sessionToken)) throw refuse.wrongToken();
  if (now >= session.expiresAt) throw refuse.expiredToken();
  checkSignature(request, claim, session.secretAccessKey);
  checkRegion(request, caller.account, scope.region, accessKeyId);
  return caller;
}

// Partitions don't know each other's keys. An opt-in region that is off doesn't know the account's keys.
function checkRegion(request: Request, account: Account, region: string, accessKeyId: string): void {
  if (partitionOfRegion(region) !== account.partition || account.optInRegionsOff.includes(region)) {
    throw refusalsOf(request.service).unknownKey(accessKeyId);
  }
  if (request.service === 'sts' && account.disabledRegions.includes(region)) {
    throw new AwsError(
      403,
      'RegionDisabledException',
      `STS is not activated in this region for account:${account.id}. Your account administrator can activate STS in ` +
        'this region using the IAM Console.',
    );
  }
}

function sameToken(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

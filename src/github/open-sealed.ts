import type { Session } from '../core/ports.ts';
import type { SealedSource } from '../core/request.ts';
import { openSealed } from '../core/sealing/open.ts';
import type { Mask } from './masking.ts';

/** Opens what another job sealed, and masks it. `now`: milliseconds since 1970. Rejects with the `Failure` of why it cannot be used. */
export async function openMasked(source: SealedSource, now: number, mask: Mask): Promise<Session> {
  const { credentials, identity, serial } = await openSealed(source, now);
  for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken]) mask(secret);
  return { credentials, identity, serial, by: 'a sealed session' };
}

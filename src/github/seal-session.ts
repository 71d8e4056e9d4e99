import { Failure } from '../core/failure.ts';
import type { Session } from '../core/ports.ts';
import type { Seal } from '../core/request.ts';
import { sealSession } from '../core/sealing/seal.ts';
import { maskedSpellings } from './runner-masks.ts';

/** Seals a session into a text that none of the masks of this job changes: GitHub would drop the output otherwise. */
export async function sealUnmasked(
  { credentials, identity, serial }: Session,
  seal: Seal,
  masks: Iterable<string>,
): Promise<string> {
  const { expiration } = credentials;
  if (expiration === undefined) throw new Failure('session-expiry-unknown', {});
  const spellings = maskedSpellings(masks);
  return sealSession({ credentials: { ...credentials, expiration }, identity, serial }, seal, (text) =>
    spellings.some((spelling) => text.includes(spelling)),
  );
}

/**
 * Seals a session of the usual size that does not exist, before a code is spent on a real one: throws where the masks of this
 * step are such that no sealed text could pass.
 */
export async function rehearseSealing(seal: Seal, masks: Iterable<string>): Promise<void> {
  const credentials = {
    accessKeyId: 'A'.repeat(20),
    secretAccessKey: 'A'.repeat(40),
    sessionToken: 'A'.repeat(500),
    expiration: new Date(0),
  };
  const identity = { account: '0'.repeat(12), arn: 'A'.repeat(60) };
  await sealUnmasked({ credentials, identity, serial: 'A'.repeat(40), by: 'GetSessionToken' }, seal, masks);
}

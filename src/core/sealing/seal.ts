import { randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { Failure } from '../failure.ts';
import type { Seal } from '../request.ts';
import { deriveKeys, formatContent, formatSealed, HEADER, SALT_BYTES, type SealedContent } from './format.ts';

/** How often to seal a session again if a mask occurs in the result by chance. */
const ATTEMPTS = 100;

/**
 * Seals a session for other jobs. `collides` says whether masking would change the result: then GitHub would drop the whole output, so
 * another salt is used. Throws a Failure `sealed-session-masked` if no salt helps, for example because a single letter is masked.
 */
export async function sealSession(
  session: Pick<SealedContent, 'credentials' | 'identity' | 'serial'>,
  { key, scope, repository, runId }: Seal,
  collides: (sealed: string) => boolean,
): Promise<string> {
  const content = new TextEncoder().encode(formatContent({ ...session, scope, repository, runId }));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const salt = randomBytes(SALT_BYTES);
    const { encryption, check } = deriveKeys(key, salt);
    const jwe = await new CompactEncrypt(content).setProtectedHeader(HEADER).encrypt(encryption);
    const sealed = formatSealed({ salt, keyCheck: check, jwe });
    if (!collides(sealed)) return sealed;
  }
  throw new Failure('sealed-session-masked', { attempts: ATTEMPTS });
}

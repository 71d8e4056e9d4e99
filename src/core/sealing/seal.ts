import { randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { Failure } from '../failure.ts';
import type { Seal } from '../request.ts';
import { formatContent, type SealedContent } from './content.ts';
import { deriveKeys } from './keys.ts';
import { formatSealed, HEADER, SALT_BYTES } from './text.ts';

/** How often a text is made anew where a mask occurs in it by chance. */
const ATTEMPTS = 100;

/**
 * Seals a session for other jobs. `collides` tells whether masking would change a text: then GitHub would drop the output whole,
 * so another salt is taken. Throws a Failure `sealed-session-masked` where no salt helps, as with a mask of one letter.
 */
export async function sealSession(
  session: Pick<SealedContent, 'credentials' | 'identity' | 'serial'>,
  { key, scope, repository, runId }: Seal,
  collides: (text: string) => boolean,
): Promise<string> {
  const content = new TextEncoder().encode(formatContent({ ...session, scope, repository, runId }));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const salt = randomBytes(SALT_BYTES);
    const { encryption, check } = deriveKeys(key, salt);
    const jwe = await new CompactEncrypt(content).setProtectedHeader(HEADER).encrypt(encryption);
    const text = formatSealed({ salt, keyCheck: check, jwe });
    if (!collides(text)) return text;
  }
  throw new Failure('sealed-session-masked', { attempts: ATTEMPTS });
}

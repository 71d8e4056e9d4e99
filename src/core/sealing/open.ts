import { timingSafeEqual } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { Failure } from '../failure.ts';
import type { Seal, SealedSource } from '../request.ts';
import { altered, deriveKeys, HEADER, parseContent, parseSealed, type SealedContent } from './format.ts';

// Apart from seal.ts: a step that opens a session doesn't load what encrypts one.

/**
 * Opens what another job sealed, and checks that it may be used here and now (`now` in milliseconds since 1970). Throws a Failure that
 * distinguishes an empty string, another version, an altered string, another key, another repository or run, and an expiry that is
 * too close.
 */
export async function openSealed(
  { text, seal, minimumRemainingSeconds }: SealedSource,
  now: number,
): Promise<SealedContent> {
  const { salt, keyCheck, jwe } = parseSealed(text);
  const { encryption, check } = deriveKeys(seal.key, salt);
  if (!timingSafeEqual(check, keyCheck)) throw new Failure('sealing-key-wrong', {});
  const content = parseContent(await decrypt(jwe, encryption));
  if (content === undefined) throw altered();
  requireSamePlace(content, seal);
  requireTimeLeft(content, minimumRemainingSeconds, now);
  return content;
}

async function decrypt(jwe: string, key: Uint8Array): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [HEADER.alg],
      contentEncryptionAlgorithms: [HEADER.enc],
    });
    return new TextDecoder().decode(plaintext);
  } catch (error) {
    throw altered(error);
  }
}

function requireSamePlace({ repository, runId, scope }: SealedContent, here: Seal): void {
  if (repository !== here.repository) {
    const facts = { scope: 'repository', sealedFor: repository, here: here.repository } as const;
    throw new Failure('sealed-session-elsewhere', facts);
  }
  if (runId === here.runId || (scope === 'repository' && here.scope === 'repository')) return;
  throw new Failure('sealed-session-elsewhere', { scope: 'run', sealedFor: runId, here: here.runId });
}

function requireTimeLeft({ credentials: { expiration } }: SealedContent, minimumSeconds: number, now: number): void {
  const left = expiration.getTime() - now;
  if (left > 0 && left >= minimumSeconds * 1000) return;
  throw new Failure('sealed-session-expired', { expiration, secondsLeft: Math.floor(left / 1000), minimumSeconds });
}

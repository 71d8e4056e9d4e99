import { timingSafeEqual } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { Failure } from '../failure.ts';
import type { SealedSource } from '../request.ts';
import { parseContent, type SealedContent } from './content.ts';
import { deriveKeys } from './keys.ts';
import { altered, HEADER, parseSealed } from './text.ts';

/**
 * Opens what another job sealed, and checks that it may be used here and now (`now` in milliseconds since 1970). Throws a Failure
 * that tells apart: nothing there, another version, an altered text, another key, another repository or run, an end too near.
 */
export async function openSealed(
  { text, seal, minimumRemainingSeconds }: SealedSource,
  now: number,
): Promise<SealedContent> {
  const { salt, keyCheck, jwe } = parseSealed(text);
  const { encryption, check } = deriveKeys(seal.key, salt);
  if (!timingSafeEqual(check, keyCheck)) {
    throw new Failure('sealing-key-wrong', {});
  }
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

function requireSamePlace({ repository, runId, scope }: SealedContent, here: SealedSource['seal']): void {
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

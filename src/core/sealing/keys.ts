import { hkdfSync } from 'node:crypto';
import type { SealingKey } from '../request.ts';
import { KEY_CHECK_BYTES } from './text.ts';

/** What a sealing key and a salt make (HKDF-SHA-256, RFC 5869): a key for this one text, and a value that tells the sealing key. */
export interface DerivedKeys {
  /** For A256GCM: 32 bytes. */
  readonly encryption: Uint8Array;
  readonly check: Uint8Array;
}

/** Derives both from a sealing key and a salt: the same ones for the same two. */
export function deriveKeys({ bytes }: SealingKey, salt: Uint8Array): DerivedKeys {
  const derive = (purpose: string, length: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', bytes, salt, `aws-mfa-credentials sealed session 1 ${purpose}`, length));
  return { encryption: derive('encryption', 32), check: derive('key check', KEY_CHECK_BYTES) };
}

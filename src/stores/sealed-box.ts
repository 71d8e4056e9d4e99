import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { blake2b } from '@noble/hashes/blake2.js';

const KEY_BYTES = 32;
/** "expand 32-byte k" */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** A public key as GitHub sends it; undefined if this isn't the Base64 of 32 bytes. */
export function readPublicKey(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/**
 * Seals a value for the owner of a public key, as libsodium's `crypto_box_seal` does: X25519 with a key pair that is used once,
 * XSalsa20-Poly1305, and a nonce made from both public keys with BLAKE2b. The result is Base64; undefined for a public key with which
 * anyone could open the box.
 */
export function seal(value: string, publicKey: Buffer): string | undefined {
  const pair = generateKeyPairSync('x25519');
  const once = Buffer.from(String(pair.publicKey.export({ format: 'jwk' }).x), 'base64url');
  const shared = sharedSecret(pair.privateKey, publicKey);
  if (shared === undefined) return undefined;
  const key = new Uint32Array(KEY_BYTES / 4);
  hsalsa(SIGMA, wordsOf(shared), new Uint32Array(4), key);
  const nonce = blake2b(Buffer.concat([once, publicKey]), { dkLen: 24 });
  const box = xsalsa20poly1305(new Uint8Array(key.buffer), nonce).encrypt(Buffer.from(value));
  return Buffer.concat([once, box]).toString('base64');
}

function sharedSecret(privateKey: KeyObject, publicKey: Buffer): Buffer | undefined {
  const key = { kty: 'OKP', crv: 'X25519', x: publicKey.toString('base64url') };
  try {
    return diffieHellman({ privateKey, publicKey: createPublicKey({ key, format: 'jwk' }) });
  } catch {
    // OpenSSL refuses points of low order.
    return undefined;
  }
}

/** The bytes as numbers of 32 bits, in the order of this machine's memory. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

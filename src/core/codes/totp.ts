import { createHmac, randomBytes } from 'node:crypto';
import { createCryptoPlugin } from '@otplib/core';
import { generateSync } from '@otplib/totp';
import type { Seed } from './seed.ts';

/** The length of a step: AWS's virtual devices are RFC 6238 with 30 seconds, HMAC-SHA-1 and six digits. */
export const STEP_SECONDS = 30;

/**
 * otplib's HMAC by Node's own crypto, which is loaded anyway. Its main package would bring a second implementation along (15 KB), so
 * its parts are imported.
 */
const nodeCrypto = createCryptoPlugin({
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes: (length) => randomBytes(length),
});

/** The step that a moment (milliseconds since 1970) falls into. */
export function stepAt(timeMs: number): number {
  return Math.floor(timeMs / 1000 / STEP_SECONDS);
}

/** The first moment of a step, in milliseconds since 1970. */
export function startOfStep(step: number): number {
  return step * STEP_SECONDS * 1000;
}

/** The six-digit code of a step (RFC 6238, SHA-1). */
export function codeOfStep(seed: Seed, step: number): string {
  return generateSync({
    secret: seed.bytes,
    epoch: step * STEP_SECONDS,
    period: STEP_SECONDS,
    digits: 6,
    algorithm: 'sha1',
    crypto: nodeCrypto,
  });
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type CryptoPlugin, generateSync } from 'otplib';
import type { Seed } from './seed.ts';

/** The length of a step: AWS's virtual devices are RFC 6238 with 30 seconds, HMAC-SHA-1 and six digits. */
export const STEP_SECONDS = 30;

/** Node's own crypto for otplib, since it's loaded anyway. The build leaves otplib's out (scripts/replacements.ts). */
const nodeCrypto: CryptoPlugin = {
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes: (length) => randomBytes(length),
  constantTimeEqual: (a, b) =>
    Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
};

/** The step at a time in milliseconds since 1970. */
export function stepAt(timeMs: number): number {
  return Math.floor(timeMs / 1000 / STEP_SECONDS);
}

/** When a step begins, in milliseconds since 1970. */
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

import { isPrintable } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { KeyRing, Keys } from '../core/ports.ts';

/**
 * The keys that are not given as inputs. `env` is the environment as the step found it; each key is masked as soon as it is
 * known.
 */
export function createKeyRing(
  env: Readonly<Record<string, string | undefined>>,
  mask: (secret: string) => void,
  signal: AbortSignal,
): KeyRing {
  const guarded = <T extends Keys>(keys: T): T => {
    for (const value of [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken]) {
      if (!value) continue;
      // What is shorter is no key of AWS's (emulators take any), and as a mask would hide words by chance.
      if (value.length >= 8) mask(value);
      if (!isPrintable(value)) {
        throw new Failure(
          'keys-not-found',
          'The credentials found on the runner hold white space or a character that none has.',
        );
      }
    }
    return keys;
  };
  return {
    fromEnvironment() {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = env;
      if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
      const expiration = new Date(AWS_CREDENTIAL_EXPIRATION ?? '');
      return guarded({
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        sessionToken: AWS_SESSION_TOKEN === '' ? undefined : AWS_SESSION_TOKEN,
        expiration: Number.isNaN(expiration.getTime()) ? undefined : expiration,
      });
    },
    async fromDefaultChain() {
      const { keysFromDefaultChain } = await import('./default-chain.ts');
      // A `credential_process` may wait for somebody for ever.
      return guarded(await Promise.race([keysFromDefaultChain(), rejectionOf(signal)]));
    },
  };
}

/** Rejects with the signal's reason once it is aborted. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

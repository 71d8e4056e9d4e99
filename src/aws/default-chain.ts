import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Failure, messageOf } from '../core/failure.ts';
import type { Keys } from '../core/ports.ts';

/** The keys that the SDK's default chain finds: environment, shared files, container, instance. Loaded only where no keys are given. */
export async function keysFromDefaultChain(): Promise<Keys> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider({ timeout: 1000, maxRetries: 1 })();
    return { accessKeyId, secretAccessKey, sessionToken };
  } catch (error) {
    throw new Failure(
      'keys-not-found',
      `No aws-access-key-id was given, and the runner has no AWS credentials of its own (${messageOf(error)}).`,
      { cause: error },
    );
  }
}

import { isLongTerm, isMaskable, isPrintable, secretsOf } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { FoundKeys, KeyRing, Reporter } from '../core/ports.ts';

/** What the key ring needs from the step. */
export interface KeyRingContext {
  /** The environment at the start of the step. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mask: (secret: string) => void;
  readonly reporter: Reporter;
  /**
   * A token next to a long-term key (AKIA…) is a leftover, and AWS refuses the two together. `kept`: they may be a session, since
   * some emulators name theirs so.
   */
  readonly leftoverTokens?: 'kept';
  /** Searches the default chain. */
  readonly search: () => Promise<FoundKeys>;
}

/** The keys that aren't inputs. Each is masked as soon as it is known. */
export function createKeyRing({ env, mask, reporter, leftoverTokens, search }: KeyRingContext): KeyRing {
  let said = false;
  const guarded = async (keys: FoundKeys): Promise<FoundKeys> => {
    for (const secret of secretsOf(keys)) {
      if (isMaskable(secret)) mask(secret);
      if (!isPrintable(secret)) throw new Failure('keys-not-found', { reason: 'damaged' });
    }
    if (!keys.sessionToken || leftoverTokens === 'kept' || !isLongTerm(keys.accessKeyId)) return keys;
    if (!said) {
      said = true;
      await reporter.note({ kind: 'session-token-ignored', source: keys.source });
    }
    return { ...keys, sessionToken: undefined };
  };
  return {
    profile: env['AWS_PROFILE'] || undefined,
    async fromEnvironment() {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = env;
      if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
      const expiration = new Date(AWS_CREDENTIAL_EXPIRATION ?? '');
      return guarded({
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        sessionToken: AWS_SESSION_TOKEN === '' ? undefined : AWS_SESSION_TOKEN,
        expiration: Number.isNaN(expiration.getTime()) ? undefined : expiration,
        source: 'the environment (AWS_ACCESS_KEY_ID)',
      });
    },
    fromDefaultChain: async () => guarded(await search()),
  };
}

import type { WaitReason } from './codes/situation.ts';
import type { Failure } from './failure.ts';

/**
 * What a person should know about a step that continues: a kind and its facts. Like those of a failure, the facts hold no words and
 * no secrets.
 */
export type Notice =
  | { readonly kind: 'waiting'; readonly seconds: number; readonly because: WaitReason }
  /** The same call is sent again, or the same one with another code. `attempt` is the one to come. */
  | {
      readonly kind: 'retrying';
      readonly failure: Failure;
      readonly attempt: number;
      readonly most: number;
      readonly withAnotherCode: boolean;
    }
  /** How many seconds the local clock is behind AWS's; negative if it is ahead. */
  | { readonly kind: 'clock-off'; readonly secondsBehind: number }
  | { readonly kind: 'keys-found' | 'session-found' | 'session-token-ignored'; readonly source: string }
  /** The session in the environment. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'not-reused'; readonly reason: 'hidden-terms' | 'expires-soon' | 'expiry-unknown' | 'invalid' }
  | { readonly kind: 'not-reused'; readonly reason: 'other-identity'; readonly arn: string }
  | { readonly kind: 'optional-tags-dropped' }
  | { readonly kind: 'sealed-session-unusable'; readonly failure: Failure };

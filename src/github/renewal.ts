import type { Session } from '../core/ports.ts';
import { momentInWords } from '../core/words.ts';

/** Says how long tools can renew the roles, and what can't be seen in advance. */
export function aboutRenewal({ credentials: { expiration } }: Session): readonly string[] {
  const end = expiration === undefined ? 'the session ends' : `the session ends at ${momentInWords(expiration)}`;
  return [
    `Tools renew these roles by themselves until ${end}. The job must not run longer than that.`,
    "If a role's trust policy limits aws:MultiFactorAuthAge, it can only be renewed while the session is younger than that.",
  ];
}

import type { ClientContext } from './client-options.ts';

/** What a diagnosis needs from the step. */
export type Scene = Pick<ClientContext, 'region' | 'endpoint'> & {
  /** The call was signed with keys that AWS has just made. */
  readonly keysAreNew?: boolean;
  readonly secrets: Pick<ClientContext['secrets'], 'redact'>;
};

const MAX_FOREIGN = 2_000;

/** A text from outside, as it may be shown: without anything that was sent, and cut. */
export function foreign(text: string, { secrets }: Pick<Scene, 'secrets'>): string {
  // Redacted before it is cut: a part of a secret would not be found any more.
  const shown = secrets.redact(text);
  return shown.length > MAX_FOREIGN ? `${shown.slice(0, MAX_FOREIGN)}…` : shown;
}

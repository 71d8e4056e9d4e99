import * as core from '@actions/core';

/** Registers a secret as a mask; the runner replaces it in everything that is printed from then on. */
export type Mask = (secret: string) => void;

/** The masks of this step. */
export interface Masking {
  readonly mask: Mask;
  /** All that was masked so far. */
  readonly masks: ReadonlySet<string>;
}

/** Begins with no masks. An empty secret is passed over: the runner warns of such a mask. */
export function startMasking(): Masking {
  const masks = new Set<string>();
  return {
    masks,
    mask(secret) {
      if (secret === '') return;
      masks.add(secret);
      core.setSecret(secret);
    },
  };
}

import * as core from '@actions/core';

/** Registers a secret as a mask; the runner replaces it in everything that is printed from then on. */
export type Mask = (secret: string) => void;

/** What this step keeps out of what it shows. */
export interface Masking {
  readonly mask: Mask;
  /** All that was masked so far. */
  readonly masks: ReadonlySet<string>;
  /** A text from outside without masked secrets and concealed codes, also as a URL or a form spells them. */
  redact(text: string): string;
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
    redact(text) {
      let shown = text;
      // The longest first: a secret may be a part of another.
      for (const secret of [...masks].sort((one, other) => other.length - one.length))
        for (const spelling of [secret, encodeURIComponent(secret)]) shown = shown.replaceAll(spelling, '***');
      return withoutCodes(shown);
    },
  };
}

/** For the whole process, as masks are. */
const codes = new Set<string>();

/**
 * Has a code taken out of all that is shown, without masking it: the runner's masks are substring matches, and six digits occur by
 * chance in times, IDs and outputs.
 */
export function concealCode(code: string): void {
  codes.add(code);
}

/** A text without the codes that were sent, whatever a formatter puts between their digits. */
export function withoutCodes(text: string): string {
  let shown = text;
  for (const code of codes) shown = shown.replace(new RegExp([...code].join('[\\s-]?'), 'g'), '***');
  return shown;
}

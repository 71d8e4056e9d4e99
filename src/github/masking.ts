import * as core from '@actions/core';

/** Registers a secret as a mask; the runner replaces it in everything that is printed from then on. */
export type Mask = (secret: string) => void;

/** The masks of this step. */
export interface Masking {
  readonly mask: Mask;
  /** All that was masked so far. */
  readonly masks: ReadonlySet<string>;
}

/** What `redact` takes out: for the whole process, as the runner's masks are. */
let current: ReadonlySet<string> = new Set();
/** The codes, and how each may be spelled. */
const codes = new Map<string, RegExp>();

/** Begins with no masks. An empty secret is passed over: the runner warns of such a mask. */
export function startMasking(): Masking {
  const masks = new Set<string>();
  current = masks;
  return {
    masks,
    mask(secret) {
      if (secret === '') return;
      masks.add(secret);
      core.setSecret(secret);
    },
  };
}

/**
 * Has a code taken out of all that is shown, without masking it: the runner's masks are substring matches, and six digits occur by
 * chance in times, IDs and outputs.
 */
export function concealCode(code: string): void {
  codes.set(code, new RegExp([[...code].join(BETWEEN_DIGITS), ...inBase64(code)].join('|'), 'g'));
}

/** What a formatter may put between digits. */
const BETWEEN_DIGITS = '(?:%20|[^0-9A-Za-z]){0,4}';

/** How Base64 spells six digits within a longer text, at each of the three places that they may have there. */
function inBase64(code: string): readonly string[] {
  return ['', ' ', '  '].map((before) => {
    const from = before === '' ? 0 : before.length + 1;
    return Buffer.from(before + code)
      .toString('base64')
      .slice(from, before.length + 8);
  });
}

/** A text from outside without masked secrets and concealed codes, also as a URL or a form spells them. */
export function redact(text: string): string {
  let shown = text;
  // The longest first: a secret may be a part of another.
  for (const secret of [...current].sort((one, other) => other.length - one.length))
    for (const spelling of [secret, encodeURIComponent(secret.toWellFormed())])
      shown = shown.replaceAll(spelling, '***');
  return withoutCodes(shown);
}

/** A text without the codes that were sent, whatever a formatter puts between their digits, and in Base64. */
export function withoutCodes(text: string): string {
  let shown = text;
  for (const spellings of codes.values()) shown = shown.replace(spellings, '***');
  return shown;
}

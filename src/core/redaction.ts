// How secrets and codes are taken out of strings from outside.

/** A string without secrets, also as a URL or a form spells them. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let shown = text;
  // The longest first: a secret may be part of another.
  for (const secret of [...secrets].sort((one, other) => other.length - one.length))
    for (const spelling of [secret, encodeURIComponent(secret.toWellFormed())])
      shown = shown.replaceAll(spelling, '***');
  return shown;
}

/** What a formatter may put between digits. */
const BETWEEN_DIGITS = '(?:%20|[^0-9A-Za-z]){0,4}';

/** Finds a code, whatever a formatter puts between its digits, and in Base64. */
export function spellingsOfCode(code: string): RegExp {
  return new RegExp([[...code].join(BETWEEN_DIGITS), ...inBase64(code)].join('|'), 'g');
}

/** How Base64 spells six digits within a longer string, at each of the three offsets that they may have there. */
function inBase64(code: string): readonly string[] {
  return ['', ' ', '  '].map((before) => {
    const from = before === '' ? 0 : before.length + 1;
    return Buffer.from(before + code)
      .toString('base64')
      .slice(from, before.length + 8);
  });
}

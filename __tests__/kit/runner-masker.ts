// What GitHub's runner hides, told from its sources (actions/runner 2.336.0: HostContext.cs lists the encodings, ValueEncoders.cs
// has them, AddMaskCommandExtension splits a mask into lines, SecretMasker.cs looks for all of it), not from the action's.

type Encoding = (value: string) => string;

/** .NET's Uri.EscapeDataString: all but RFC 3986's unreserved characters. */
const percentEncoded: Encoding = (value) =>
  [...Buffer.from(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** Newtonsoft's JsonConvert.ToString without the quotes around it. */
const jsonEscaped: Encoding = (value) => {
  const short: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  return Array.from({ length: value.length }, (_, index) => value.charAt(index))
    .map((unit) => {
      const code = unit.charCodeAt(0);
      const escaped = code < 0x20 || unit === '\u0085' || unit === '\u2028' || unit === '\u2029';
      return short[unit] ?? (escaped ? `\\u${code.toString(16).padStart(4, '0')}` : unit);
    })
    .join('');
};

const xmlEscaped: Encoding = (value) => {
  const names: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', '&': 'amp' };
  return value.replaceAll(/[<>"'&]/g, (mark) => `&${names[mark]};`);
};

/** Base64 of the value without its first bytes, or of all of it where no more are left. */
const base64From =
  (skipped: number): Encoding =>
  (value) => {
    const bytes = [...Buffer.from(value)];
    return Buffer.from(bytes.length > skipped ? bytes.slice(skipped) : bytes).toString('base64');
  };

const withoutQuotes: Encoding = (value) => (/^".{7,}"$/s.test(value) ? value.slice(1, -1) : '');

/** Where PowerShell takes a value apart: behind `&+` where there is one, else behind the last `&`. */
function splitAtAmpersand(value: string): readonly [string, string] {
  const [before, ...behind] = value.split('&+');
  // The letter behind `&+` is coloured, and stands in neither section.
  if (behind.length > 0) return [`${before}&+`, behind.join('&+').slice(1)];
  const parts = value.split('&');
  return parts.length > 1 ? [`${parts.slice(0, -1).join('&')}&`, parts.at(-1) ?? ''] : ['', ''];
}

/** A section of fewer than six characters is not hidden. */
const longEnough = (section: string): string => (section.length < 6 ? '' : section);

/** The encodings by the runner's own names for them. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  Base64StringEscape: base64From(0),
  Base64StringEscapeShift1: base64From(1),
  Base64StringEscapeShift2: base64From(2),
  CommandLineArgumentEscape: (value) => value.split('"').join('\\"'),
  ExpressionStringEscape: (value) => value.split("'").join("''"),
  JsonStringEscape: jsonEscaped,
  UriDataEscape: percentEncoded,
  XmlDataEscape: xmlEscaped,
  TrimDoubleQuotes: withoutQuotes,
  PowerShellPreAmpersandEscape: (value) => longEnough(splitAtAmpersand(value)[0]),
  PowerShellPostAmpersandEscape: (value) => longEnough(splitAtAmpersand(value)[1]),
};

/** Everything that the runner hides once it was told `::add-mask::` with this value: the whole of it and each of its lines. */
export function hiddenFor(mask: string): readonly string[] {
  if (mask.trim() === '') return [];
  const lines = mask.split(/[\r\n]/).map((line) => line.trim());
  const values = [mask, ...lines.filter((line) => line !== '')];
  const hidden = values.flatMap((value) => [value, ...Object.values(ENCODINGS).map((encode) => encode(value))]);
  return [...new Set(hidden)].filter((text) => text !== '');
}

/** What the runner makes of a text: an output that this changes is dropped whole. */
export function maskedText(text: string, masks: Iterable<string>): string {
  return [...masks].flatMap(hiddenFor).reduce((shown, hidden) => shown.split(hidden).join('***'), text);
}

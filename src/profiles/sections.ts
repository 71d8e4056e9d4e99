/** Which of the AWS CLI's two files a text belongs to: they spell the header of a profile differently. */
export type ProfileFile = 'config' | 'credentials';

/** A section of a profile file, as offsets into the text. */
export interface Section {
  /** Where its header begins. */
  readonly start: number;
  /** After the line of its header. */
  readonly body: number;
  /** After its last line that is neither blank nor a comment: what follows usually introduces the next section. */
  readonly contentEnd: number;
  /**
   * Its header or the next one is indented. botocore takes an indented header for the continuation of a value, the SDK for
   * JavaScript takes it for a header: so readers disagree on where the section ends.
   */
  readonly ambiguous: boolean;
  /** The string between the brackets, in each way that a parser reads it. */
  readonly headers: readonly string[];
}

/** A line of a text, as offsets. */
export interface Line {
  readonly start: number;
  /** Before its line end. */
  readonly end: number;
  /** After its line end. */
  readonly next: number;
}

export const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** The lines of a text. A lone carriage return ends a line too: Python reads files that way. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (const { 0: lineEnd, index } of text.matchAll(/\r\n|\r|\n/g)) {
    yield { start, end: index, next: index + lineEnd.length };
    start = index + lineEnd.length;
  }
  if (start < text.length) yield { start, end: text.length, next: text.length };
}

/**
 * The string between the brackets of a header, as the parsers of AWS's tools read it; empty if none of them takes the line for a
 * header. They agree on plain headers and differ on comments, on a second bracket and on what follows it.
 */
function headersIn(line: string): readonly string[] {
  if (!line.includes('[')) return [];
  const text = Buffer.from(line, 'latin1').toString('utf8').trim();
  if (!text.startsWith('[')) return [];
  const readings = [
    // botocore (Python's RawConfigParser): up to the last bracket, whatever follows it.
    /^\[(.+)\]/s.exec(text),
    // The SDK for JavaScript: a comment is cut off first, then the last character is a bracket.
    /^\[(.*)\]$/s.exec(
      text
        .split(/\s[;#]/, 1)
        .join('')
        .trim(),
    ),
    // The SDKs for Java, Go and Rust: up to the first bracket; a comment may follow.
    /^\[([^\]]*)\]\s*(?:[;#].*)?$/s.exec(text),
  ];
  return readings.flatMap((reading) => (reading?.[1] === undefined ? [] : [reading[1].trim()]));
}

/** Whether a line is neither blank nor a comment. */
export function isContent(line: string): boolean {
  const text = line.trim();
  return text !== '' && !text.startsWith('#') && !text.startsWith(';');
}

/**
 * The sections of a profile file, in their order. `text` holds the file's bytes as latin1, one character per byte, so that offsets
 * are byte offsets and bytes that aren't UTF-8 survive.
 */
export function sectionsOf(text: string): readonly Section[] {
  const sections: { -readonly [Key in keyof Section]: Section[Key] }[] = [];
  for (const line of linesOf(text)) {
    const start = line.start === 0 && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : line.start;
    const content = text.slice(start, line.end);
    const headers = headersIn(content);
    const open = sections.at(-1);
    if (headers.length > 0) {
      const indented = !content.startsWith('[');
      if (open !== undefined && indented) open.ambiguous = true;
      sections.push({ start, body: line.next, contentEnd: line.next, ambiguous: indented, headers });
    } else if (open !== undefined && isContent(content)) {
      open.contentEnd = line.next;
    }
  }
  return sections;
}

/** The header that the action writes for a profile, without its brackets. */
export function headerOf(file: ProfileFile, name: string): string {
  return file === 'config' && name !== 'default' ? `profile ${name}` : name;
}

/** A config header's name: after a space, after a word that begins with `profile`, after a dot. See `profilesIn`. */
const SPELLINGS = [/^profile\s+(.+)$/s, /^profile[^ \t]*[ \t]+(.+)$/s, /^profile\.(\S+)$/];

/**
 * The profiles that any of AWS's parsers takes a section for.
 *
 * In the config file, botocore reads `profile`, or any word that begins with it, and a name that may be quoted as in a shell; the
 * SDK for JavaScript also reads `[profile.name]`. Its version 2 and version 1 of the SDK for Go take a bare `[name]` for the
 * profile, and the former reads no profile at all from a file that has both. In the credentials file the header is the name; some
 * tools allow spaces around it.
 */
function namesOf({ headers }: Section, file: ProfileFile): ReadonlySet<string> {
  const names = new Set(headers);
  if (file === 'credentials') return names;
  for (const header of headers) {
    for (const spelling of SPELLINGS) {
      const name = spelling.exec(header)?.[1]?.replace(/["'\\]/g, '');
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** The sections of each profile in a text. The text is read once for all of them. */
export function profilesIn(text: string, file: ProfileFile): ReadonlyMap<string, readonly Section[]> {
  const profiles = new Map<string, Section[]>();
  for (const section of sectionsOf(text)) {
    for (const name of namesOf(section, file)) {
      const known = profiles.get(name);
      if (known === undefined) profiles.set(name, [section]);
      else known.push(section);
    }
  }
  return profiles;
}

/** A profile that a text already has. */
export interface ExistingProfile {
  readonly name: string;
  /** One of its sections begins or ends at an indented header, so tools disagree on what belongs to it. */
  readonly ambiguous: boolean;
}

/** The profiles of these names that a text has a section for, in any spelling that one of AWS's parsers accepts. */
export function existingProfiles(
  text: string,
  file: ProfileFile,
  names: readonly string[],
): readonly ExistingProfile[] {
  const profiles = profilesIn(text, file);
  return names.flatMap((name) => {
    const own = profiles.get(name) ?? [];
    return own.length === 0 ? [] : [{ name, ambiguous: own.some((section) => section.ambiguous) }];
  });
}

import { isContent, linesOf, type Section } from './sections.ts';

// What a section holds: settings, and comments of the action.

/** A setting in a section, with the lines that belong to its value, as offsets into the text. */
export interface Setting {
  /** In lower case, as Python reads it. */
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What gives credentials to a profile, or says whose they are: next to ours it would win over them or be used with them. */
const GIVES_CREDENTIALS: readonly string[] = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'aws_account_id',
  'role_arn',
  'source_profile',
  'credential_source',
  'credential_process',
  'web_identity_token_file',
  'mfa_serial',
  'login_session',
];

/** Whether a setting gives credentials to its profile. */
export function givesCredentials({ key }: Pick<Setting, 'key'>): boolean {
  return GIVES_CREDENTIALS.includes(key) || key.startsWith('sso_');
}

/** On what terms a role is assumed. They give no credentials, but they are nothing without those. */
const TERMS_OF_ROLE: readonly string[] = ['role_session_name', 'external_id', 'duration_seconds'];

/** Whether a setting gives credentials to its profile, or says on what terms. */
export function concernsCredentials({ key }: Pick<Setting, 'key'>): boolean {
  return givesCredentials({ key }) || TERMS_OF_ROLE.includes(key);
}

/** A line's key as Python reads it: in lower case. A line without a separator is a key as a whole. */
export function keyOf(line: string): string {
  const [key = ''] = /^[^=:]*/.exec(line) ?? [];
  return key.trim().toLowerCase();
}

/** The settings of a section, and the comments of the action in it. */
export interface Contents {
  readonly settings: readonly Setting[];
  /** Lines of the action's comment, with their line ends. */
  readonly notes: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Reads a section. A line that is indented more than a setting belongs to its value, unless it has a key that gives credentials:
 * tools differ in how they read such a line, and some take it for a setting.
 */
export function contentsOf(text: string, { body, contentEnd }: Section): Contents {
  const settings: { key: string; value: string; start: number; end: number; indent: number }[] = [];
  const notes: { start: number; end: number }[] = [];
  const part = text.slice(body, contentEnd);
  for (const { start, end, next } of linesOf(part)) {
    const line = part.slice(start, end);
    if (isNote(line)) notes.push({ start: body + start, end: body + next });
    if (!isContent(line)) continue;
    const indent = line.search(/\S/);
    const [, value = ''] = /^[^=:]*[=:](.*)$/s.exec(line) ?? [];
    const setting = {
      key: keyOf(line),
      value: value.trim(),
      start: body + start,
      end: body + next,
      indent,
    };
    const above = settings.at(-1);
    if (above !== undefined && indent > above.indent && !givesCredentials(setting)) above.end = setting.end;
    else settings.push(setting);
  }
  return { settings, notes };
}

/** Whether a line is the action's comment. */
export function isNote(line: string): boolean {
  return NOTE_LINE.test(line);
}

/** Whether the action made a file, or found it. */
export type Origin = 'new' | 'existing';

const NOTE = '# Written by aws-mfa-credentials; removed when the job ends';
const NOTE_LINE = new RegExp(`^${NOTE}(, with this file)?\\.$`);
const NOTE_IN_NEW_FILE = new RegExp(`^${NOTE}, with this file\\.\\r?$`, 'm');

/**
 * The comment above what the action wrote. It tells people who wrote it, and the action where its own bytes begin. In a file that
 * the action made, each comment says so: the step that leaves last isn't always the one that came first.
 */
export function noteFor(origin: Origin): string {
  return `${NOTE}${origin === 'new' ? ', with this file' : ''}.`;
}

/** The comment right above an offset, as a line of the text; undefined if something else is there. */
export function noteAbove(
  text: string,
  offset: number,
): { readonly start: number; readonly lineEnd: string; readonly origin: Origin } | undefined {
  const lineEnd = /\r?\n$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0];
  if (lineEnd === undefined) return undefined;
  const end = offset - lineEnd.length;
  const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1;
  const note = NOTE_LINE.exec(text.slice(start, end));
  return note === null ? undefined : { start, lineEnd, origin: note[1] === undefined ? 'existing' : 'new' };
}

/** Whether the section as a whole was written by the action. */
export function isOurs(text: string, { start }: Section): boolean {
  return noteAbove(text, start) !== undefined;
}

/** Whether the action made the file, as a comment in it says. */
export function originOf(text: string): Origin {
  return NOTE_IN_NEW_FILE.test(text) ? 'new' : 'existing';
}

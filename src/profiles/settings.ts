import { isNote } from './notes.ts';
import { isContent, linesOf, type Section } from './sections.ts';

/** A setting in a section, with the lines that belong to its value, as offsets into the text. */
export interface Setting {
  /** In lower case, as Python reads it. */
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What gives credentials to a profile, or says whose they are: next to ours it would be taken before them or go with them. */
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

export function givesCredentials({ key }: Setting): boolean {
  return GIVES_CREDENTIALS.includes(key) || key.startsWith('sso_');
}

/** What a section holds: its settings, and where comments of the action are. */
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
    const [, name = line, value = ''] = /^([^=:]*)[=:](.*)$/s.exec(line) ?? [];
    const setting = {
      key: name.trim().toLowerCase(),
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

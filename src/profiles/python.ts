import { BYTE_ORDER_MARK, linesOf } from './sections.ts';

/** What Python strips: all white space but a byte order mark within the text. */
const SPACE_BEFORE = /^[^\S\ufeff]+/;
const SPACE_AROUND = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

/**
 * Why Python's parser can't read a profile file, and so the AWS CLI and boto3 can't read any profile in it: the first problem, with
 * its line; undefined if it can. Follows `configparser.RawConfigParser` as botocore uses it.
 */
export function problemForPython(text: string): string | undefined {
  if (text.startsWith(BYTE_ORDER_MARK)) return 'line 1 begins with a byte order mark';
  const sections = new Set<string>();
  let options: Set<string> | undefined;
  let indent = 0;
  let mayContinue = false;
  let number = 0;
  for (const { start, end } of linesOf(text)) {
    number += 1;
    const line = Buffer.from(text.slice(start, end), 'latin1').toString('utf8');
    if (line.includes('\ufffd')) return `line ${number} is not UTF-8`;
    const value = line.replace(SPACE_AROUND, '');
    if (value === '' || value.startsWith('#') || value.startsWith(';')) continue;
    const own = line.length - line.replace(SPACE_BEFORE, '').length;
    if (mayContinue && own > indent) continue;
    indent = own;
    const header = /^\[(.+)\]/s.exec(value)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) return `line ${number} has the section [${header.slice(0, 80)}] again`;
      sections.add(header);
      options = new Set();
      mayContinue = false;
      continue;
    }
    if (options === undefined) return `line ${number} comes before any section`;
    const option = /^([^=:]*)[=:]/.exec(value)?.[1]?.trim().toLowerCase();
    if (option === undefined || option === '') return `line ${number} has no "="`;
    if (options.has(option)) return `line ${number} has ${option.slice(0, 80)} again`;
    options.add(option);
    mayContinue = true;
  }
  return undefined;
}

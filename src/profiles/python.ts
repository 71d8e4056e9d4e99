import { BYTE_ORDER_MARK, linesOf } from './sections.ts';

/** Why Python can't read a profile file, and in which line. */
export type PythonProblem = { readonly line: number } & (
  | { readonly problem: 'byte-order-mark' | 'not-utf-8' | 'outside-any-section' | 'no-equals-sign' }
  | { readonly problem: 'repeated-section' | 'repeated-setting'; readonly name: string }
);

/** What Python strips: all white space except a byte order mark within the text. */
const SPACE_BEFORE = /^[^\S\ufeff]+/;
const SPACE_AROUND = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

/** How much of a name is shown. */
const MAX_NAME = 80;

/**
 * Why Python's parser can't read a profile file, so that the AWS CLI and boto3 can't read any profile in it: the first problem;
 * undefined if it can. Follows `configparser.RawConfigParser` as botocore uses it.
 */
export function problemForPython(text: string): PythonProblem | undefined {
  if (text.startsWith(BYTE_ORDER_MARK)) return { line: 1, problem: 'byte-order-mark' };
  const sections = new Set<string>();
  let options: Set<string> | undefined;
  let indent = 0;
  let mayContinue = false;
  let line = 0;
  for (const { start, end } of linesOf(text)) {
    line += 1;
    const content = Buffer.from(text.slice(start, end), 'latin1').toString('utf8');
    if (content.includes('\ufffd')) return { line, problem: 'not-utf-8' };
    const value = content.replace(SPACE_AROUND, '');
    if (value === '' || value.startsWith('#') || value.startsWith(';')) continue;
    const own = content.length - content.replace(SPACE_BEFORE, '').length;
    if (mayContinue && own > indent) continue;
    indent = own;
    const header = /^\[(.+)\]/s.exec(value)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) return { line, problem: 'repeated-section', name: header.slice(0, MAX_NAME) };
      sections.add(header);
      options = new Set();
      mayContinue = false;
      continue;
    }
    if (options === undefined) return { line, problem: 'outside-any-section' };
    const option = /^([^=:]*)[=:]/.exec(value)?.[1]?.trim().toLowerCase();
    if (option === undefined || option === '') return { line, problem: 'no-equals-sign' };
    if (options.has(option)) return { line, problem: 'repeated-setting', name: option.slice(0, MAX_NAME) };
    options.add(option);
    mayContinue = true;
  }
  return undefined;
}

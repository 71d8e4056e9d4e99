import { isMaskable, isTemporary } from '../core/credentials.ts';
import type { KeySource } from '../core/request.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

// Keys other than a sound ID and secret: both in one value, and what is wrong with them. Loaded only for those.

const ID_INPUT = 'aws-access-key-id';
const SECRET_INPUT = 'aws-secret-access-key';
const INPUT = 'aws-access-key';

/** IAM user guide: an ID has only letters and digits. A secret has no colon, and none of AWS's has a quotation mark. */
const PAIR = /^(\w{1,128}):([!#-&(-9;-_a-~]{1,256})$/;
/** What AWS's IDs look like, so that one in the place of the secret is noticed. */
const ID = /^(?:AKIA|ASIA)[A-Z0-9]{12,}$/;
const QUOTES = /["'`\u2018-\u201f]/;
/** Names of the parts in JSON, CSV, an AWS file or a shell script. */
const LABEL = /^\{|access[\s_]?key/i;

/** Why a value isn't an ID and a secret. */
export type PairProblem =
  /** JSON, lines of a file or anything else that names its parts. */
  | 'labels'
  | 'quotes'
  | 'whitespace'
  | 'no-colon'
  | 'more-colons'
  | 'no-secret'
  | 'no-id'
  | 'swapped'
  /** A character that the ID or the secret never has. */
  | 'id'
  | 'secret';

/** Reads `aws-access-key`, or says what is wrong with an ID and a secret; undefined if something is. */
export function readUnusualKeys(raw: RawInputs, problems: Problems): KeySource | undefined {
  if (raw[INPUT] !== '') return readPair(raw, problems);
  const { [ID_INPUT]: id, [SECRET_INPUT]: secret } = raw;
  if (secret === '') return problems.add(SECRET_INPUT, 'empty-secret', { given: ID_INPUT });
  if (id === '') return problems.add(ID_INPUT, 'empty-secret', { given: SECRET_INPUT });
  if (ID.test(secret)) return problems.add(SECRET_INPUT, 'key', { reason: 'swapped' });
  if (isTemporary(id)) return problems.add(ID_INPUT, 'key', { reason: 'temporary' });
  return problems.add(/^\w{1,128}$/.test(id) ? SECRET_INPUT : ID_INPUT, 'key', { reason: 'malformed' });
}

function readPair(raw: RawInputs, problems: Problems): KeySource | undefined {
  const halves = ([ID_INPUT, SECRET_INPUT] as const).filter((half) => raw[half] !== '');
  for (const half of halves) problems.add(half, 'conflict', { with: INPUT });
  const text = raw[INPUT];
  if (isTemporary(text)) return problems.add(INPUT, 'key', { reason: 'temporary' });
  const [, accessKeyId, secretAccessKey] = PAIR.exec(text) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined || ID.test(secretAccessKey))
    return problems.add(INPUT, 'key-pair', { reason: problemOf(text) });
  return halves.length > 0 ? undefined : { kind: 'given', accessKeyId, secretAccessKey };
}

function problemOf(text: string): PairProblem {
  if (LABEL.test(text)) return 'labels';
  if (QUOTES.test(text)) return 'quotes';
  if (/\s/.test(text)) return 'whitespace';
  const [first = '', second, ...more] = text.split(':');
  if (second === undefined) return ID.test(text) ? 'no-secret' : 'no-colon';
  if (more.length > 0) return 'more-colons';
  if (ID.test(second)) return 'swapped';
  if (second === '') return 'no-secret';
  if (first === '') return 'no-id';
  return /^\w{1,128}$/.test(first) ? 'secret' : 'id';
}

/** Whether a variable holds more than one word. Older tools keep only the ID in AWS_ACCESS_KEY. */
export function isPair(text: string): boolean {
  return !/^["']?[\w/+]*["']?$/.test(text);
}

/** Other words of `aws iam create-access-key` and of AWS's files. As masks, they would hide parts of the log. */
const NOT_SECRET = /^(?:\w*(?:access_?key|session_?token)\w*|UserName|CreateDate)$|^\d{4}-\d\d-\d\d/i;

/** All of the value, and the secret in it; of one that is rejected, every word that may be the secret. Never the ID alone. */
export function pairSecrets(text: string): readonly string[] {
  const secret = PAIR.exec(text)?.[2];
  if (secret !== undefined && !ID.test(secret)) return [text, secret];
  const words = text.split(/[\s:=,;|{}"'`\u2018-\u201f]+/);
  // The runner would mask each line, such as a single brace.
  const whole = text.includes('\n') ? [] : [text, ...text.split(':'), text.slice(text.indexOf(':') + 1)];
  const parts = new Set([...whole, ...words]);
  return [...parts].filter((part) => isMaskable(part) && !ID.test(part) && !NOT_SECRET.test(part));
}

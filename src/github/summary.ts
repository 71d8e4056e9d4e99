import { pathOf } from '../core/request.ts';
import type { BucketReport } from '../core/session/buckets.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import { count, durationInWords, momentInWords } from '../core/words.ts';
import { appendText } from './command-file.ts';
import { neutralise } from './log.ts';
import { isRenewable } from './obtained.ts';
import { HOW, type Result } from './result.ts';

// The job summary, which GitHub renders as Markdown: of a step that succeeded, and of one that failed.

/** Appends to the job summary. Throws if the file can't be written. */
export function writeSummary(path: string, markdown: string): void {
  appendText(path, markdown);
}

/** What the job summary shows. */
export interface SummaryFacts extends Result {
  readonly region: string;
  readonly maskAccount: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How many bucket names the summary lists. */
const SHOWN_BUCKETS = 20;

/** The result as Markdown. It contains no secret, and what came from outside can't become markup. */
export function renderSummary(facts: SummaryFacts): string {
  const { session, roles, report } = facts;
  const arns = [session.serial ?? '', ...[session, ...roles].map(({ identity }) => identity.arn)];
  const accounts = facts.maskAccount ? arns.flatMap((arn) => arn.match(/(?<=:)\d{12}(?=:)/) ?? []) : [];
  const shown: Shown = (text) => code(accounts.reduce((hidden, account) => hidden.replaceAll(account, '***'), text));
  const { expiration } = session.credentials;
  const rows: Row[] = [
    ['Identity', shown(session.identity.arn)],
    ['Account', shown(session.identity.account)],
    ['Obtained with', HOW[session.by]],
    ['MFA device', session.serial === undefined ? 'none (no code was used)' : shown(session.serial)],
    [
      'Valid until',
      expiration === undefined
        ? 'unknown'
        : `${code(momentInWords(expiration))} (for ${durationInWords(expiration.getTime() - facts.now)})`,
    ],
    ['Region', code(facts.region)],
    ['Exported to later steps', exportedParts(facts, shown).join(', ') || 'nothing'],
    ...bucketRows(report, shown),
  ];
  return `### AWS credentials with MFA\n\n${namedRows(rows)}\n${roleTable(roles, shown)}${renewalLines(facts)}`;
}

/** A string from outside as Markdown, without the account if that is hidden. */
type Shown = (text: string) => string;

function exportedParts({ variables, profile, roles, outputs, sealed }: SummaryFacts, shown: Shown): readonly string[] {
  const names = ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'];
  return [
    ...variables.map(code),
    ...(profile === undefined ? [] : [`profile ${shown(profile)}`]),
    ...(roles.length > 1 ? [count(roles.length, 'profile')] : roles.map(({ name }) => `profile ${shown(name)}`)),
    ...(outputs ? names.map((name) => `output ${code(name)}`) : []),
    ...(sealed ? [`output ${code('sealed-session')}`] : []),
  ];
}

function bucketRows(report: BucketReport | undefined, shown: Shown): readonly Row[] {
  if (report === undefined) return [];
  const rows: Row[] = [];
  if (report.listed !== undefined) {
    const more = report.listed.length - SHOWN_BUCKETS;
    const names = report.listed.slice(0, SHOWN_BUCKETS).map(shown).join(', ');
    const rest = more > 0 ? ` and ${more} more` : '';
    rows.push(['Buckets listed', `${report.listed.length}${names && `: ${names}`}${rest}`]);
  }
  if (report.reached.length > 0)
    rows.push(['Buckets accessed', report.reached.map((expected) => shown(pathOf(expected))).join(', ')]);
  return rows;
}

function roleTable(roles: readonly ProfileSession[], shown: Shown): string {
  if (roles.length === 0) return '';
  const rows = roles.map((role) => {
    const { name, region, identity, credentials } = role;
    const end = credentials.expiration === undefined ? 'unknown' : code(momentInWords(credentials.expiration));
    const until = isRenewable(role) ? 'the session ends' : end;
    return [shown(name), shown(identity.account), shown(identity.arn), code(region), until];
  });
  return `${table([['Profile', 'Account', 'Role', 'Region', 'Valid until'], ...rows])}\n`;
}

function renewalLines({ renewal }: SummaryFacts): string {
  return renewal.length === 0 ? '' : `\n${renewal.map(plain).join('<br>')}\n`;
}

/** What people see of a failed step: in its annotation, and in the job summary if that is on. */
export interface FailureReport {
  /** What happened: a sentence, or a heading and a list. */
  readonly lines: readonly string[];
  readonly remedy: string;
  readonly code: string;
  /** The entry in docs/troubleshooting.md. */
  readonly url: string;
}

/**
 * The failure as Markdown. Masks are applied here: the runner looks for a secret as it is, and Markdown escapes some of its
 * characters.
 */
export function renderFailure({ lines, remedy, code: name, url }: FailureReport, masks: ReadonlySet<string>): string {
  const hide = hiding(masks);
  const rows = namedRows([
    ['What happened', lines.map((line) => withCode(hide(line))).join('<br>')],
    ['What to do', withCode(hide(remedy))],
    ['More', `[${name}](${url})`],
  ]);
  return `### AWS credentials with MFA: failed\n\n${rows}\n`;
}

/** What the summary shows of a rotation for which a person has to do something. */
export interface RotationAlarm {
  readonly alarms: readonly string[];
  /** What was found and done. */
  readonly lines: readonly string[];
  readonly document: string;
}

/** The same for a rotation. */
export function renderRotation({ alarms, lines, document }: RotationAlarm, masks: ReadonlySet<string>): string {
  const hide = hiding(masks);
  const text = (sentences: readonly string[]): string => sentences.map((line) => withCode(hide(line))).join('<br>');
  const rows = namedRows([
    ['What to know', text(alarms)],
    ['What was found and done', text(lines)],
    ['More', `[rotation](${document})`],
  ]);
  return `### Rotation of AWS keys\n\n${rows}\n`;
}

/** Replaces what is masked, the longest first, as the runner does; also each line of a mask with several. */
function hiding(masks: ReadonlySet<string>): (text: string) => string {
  const secrets = new Set([...masks].flatMap((mask) => [mask, ...mask.split(/[\r\n]/).map((line) => line.trim())]));
  secrets.delete('');
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}

/** The name of a row, and its value. */
type Row = readonly [name: string, value: string];

/** A table of names and values. Markdown has no table without a header, and an empty one shows as an empty row. */
function namedRows(rows: readonly Row[]): string {
  return table(rows.map(([name, value]) => [`**${name}**`, value]));
}

/** A table whose first row is its header. */
function table([first, ...rest]: readonly (readonly string[])[]): string {
  if (first === undefined) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `${line(first)}${line(first.map(() => ':--'))}${rest.map(line).join('')}`;
}

/** A string as it is, whatever Markdown, HTML or GitHub would make of it. A single underscore within a word is plain. */
function plain(text: string): string {
  return neutralise(text).replace(/[&<>"'|`\\[\]*~$@#]|_+(?![A-Za-z0-9])|(?<![A-Za-z0-9])_+/g, (characters) =>
    Array.from(characters, (character) => `&#${character.charCodeAt(0)};`).join(''),
  );
}

/** Inline code in a table cell: HTML's own element, because a backtick or a bar in the string would end Markdown's. */
function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** Shows what is between backticks as code. */
function withCode(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return plain(text);
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : plain(part))).join('');
}

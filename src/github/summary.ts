import type { Session } from '../core/ports.ts';
import { pathOf } from '../core/request.ts';
import type { BucketReport } from '../core/session/buckets.ts';
import type { ProfileSession } from '../core/session/many-roles.ts';
import { count, durationInWords, momentInWords } from '../core/words.ts';
import { appendText } from './command-file.ts';
import type { HandedOver } from './handover.ts';
import { code, namedRows, type Row, table } from './markup.ts';

/** What the job summary shows. */
export interface SummaryFacts extends HandedOver {
  readonly region: string;
  readonly maskAccount: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How many bucket names the summary lists; the rest is a number. */
const SHOWN_BUCKETS = 20;

/** Appends to the job summary. Throws if the file cannot be written. */
export function writeSummary(path: string, markdown: string): void {
  appendText(path, markdown);
}

/** The summary as Markdown. It holds no secret, and what came from outside cannot become markup. */
export function renderSummary(facts: SummaryFacts): string {
  const { session, roles, report } = facts;
  const arns = [session.serial ?? '', ...[session, ...roles].map(({ identity }) => identity.arn)];
  const accounts = facts.maskAccount ? arns.flatMap((arn) => arn.match(/(?<=:)\d{12}(?=:)/) ?? []) : [];
  const shown: Shown = (text) => code(accounts.reduce((hidden, account) => hidden.replaceAll(account, '***'), text));
  const { expiration } = session.credentials;
  const rows: Row[] = [
    ['Who', shown(session.identity.arn)],
    ['Account', shown(session.identity.account)],
    ['How', HOW[session.by] ?? code(session.by)],
    ['MFA device', session.serial === undefined ? 'none (no code was spent)' : shown(session.serial)],
    [
      'Valid until',
      expiration === undefined
        ? 'unknown'
        : `${code(momentInWords(expiration))} (in ${durationInWords(expiration.getTime() - facts.now)})`,
    ],
    ['Region', code(facts.region)],
    ['Exported to later steps', exported(facts, shown).join(', ') || 'nothing'],
    ...bucketRows(report, shown),
  ];
  return `### AWS credentials with MFA\n\n${namedRows(rows)}\n${roleTable(roles, shown)}`;
}

const HOW: Partial<Record<Session['by'], string>> = {
  'the environment': 'the session already in the environment',
  AWS_PROFILE: 'the session in the profile that AWS_PROFILE names',
  'a sealed session': 'a session that another job sealed',
};

function roleTable(roles: readonly ProfileSession[], shown: Shown): string {
  if (roles.length === 0) return '';
  const rows = roles.map(({ name, region, identity, credentials }) => {
    const until = credentials.expiration === undefined ? 'unknown' : code(momentInWords(credentials.expiration));
    return [shown(name), shown(identity.account), shown(identity.arn), code(region), until];
  });
  return `${table([['Profile', 'Account', 'Role', 'Region', 'Valid until'], ...rows])}\n`;
}

/** A text from outside as Markdown, without the account where that is hidden. */
type Shown = (text: string) => string;

function exported({ variables, profile, roles, outputs, sealed }: SummaryFacts, shown: Shown): readonly string[] {
  const names = ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'];
  return [
    ...variables.map(code),
    ...(profile === undefined ? [] : [`profile ${shown(profile)}`]),
    ...(roles.length === 0 ? [] : [count(roles.length, 'profile')]),
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
    rows.push([
      'Buckets',
      `${report.listed.length} listed${names && `: ${names}`}${more > 0 ? ` and ${more} more` : ''}`,
    ]);
  }
  if (report.reached.length > 0) {
    rows.push(['Reached', report.reached.map((expected) => shown(pathOf(expected))).join(', ')]);
  }
  return rows;
}

import { code, namedRows, plain } from './markup.ts';

/** What a failed step tells people: in its annotation, and in the job summary if that is on. */
export interface FailureReport {
  /** What happened: a sentence, or a heading and a list. */
  readonly lines: readonly string[];
  readonly remedy: string;
  readonly code: string;
  /** The entry in docs/troubleshooting.md. */
  readonly url: string;
}

/**
 * The failure as Markdown. Masks are applied here: the runner looks for a secret as it is, and in Markdown some of its characters
 * are escaped.
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

/** Replaces what is masked, the longest first, as the runner does: of several lines, also each one. */
function hiding(masks: ReadonlySet<string>): (text: string) => string {
  const secrets = new Set([...masks].flatMap((mask) => [mask, ...mask.split(/[\r\n]/).map((line) => line.trim())]));
  secrets.delete('');
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}

/** Shows what stands between backticks as code. */
function withCode(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return plain(text);
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : plain(part))).join('');
}

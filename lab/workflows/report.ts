/** What a run prints. */
import type { CaseResult } from './run-case.ts';

const HEAD = ['workflow', 'jobs', 'what was checked', 'seconds', 'result'] as const;

/** Whether all verdicts on a workflow are good. */
export function passed({ verdicts }: CaseResult): boolean {
  return verdicts.every(({ problem }) => problem === undefined);
}

/** The results as a table: one line per sentence. Only the first line of a workflow fills the other columns. */
export function formatTable(results: readonly CaseResult[]): string {
  const lines = results.flatMap((result) => {
    const { workflow, jobs, verdicts, seconds } = result;
    const sentences = verdicts.map(({ what, problem }) => (problem === undefined ? what : `NOT TRUE: ${what}`));
    return sentences.map((sentence, index) =>
      index === 0
        ? [workflow, String(jobs), sentence, seconds.toFixed(1), passed(result) ? 'passed' : 'FAILED']
        : ['', '', sentence, '', ''],
    );
  });
  const widths = HEAD.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [HEAD, widths.map((width) => '-'.repeat(width)), ...lines].map(format).join('\n');
}

/** What you need to find a mistake: the sentences that aren't true, and the log. */
export function explain({ workflow, verdicts }: CaseResult, log: string): string {
  const wrong = verdicts.flatMap(({ what, problem }) => (problem === undefined ? [] : `  ${what}: ${problem}`));
  return [`${workflow} failed.`, ...wrong, 'The log of the runner:', log].join('\n');
}

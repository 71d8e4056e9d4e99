import type { Series } from './series.ts';
import { STRATEGIES } from './strategies.ts';

const COLUMNS: readonly (readonly [string, (series: Series) => string])[] = [
  ['strategy', ({ scenario }) => STRATEGIES[scenario.strategy]?.title ?? scenario.strategy],
  ['jobs', ({ scenario }) => String(scenario.jobs)],
  ['devices', ({ scenario }) => String(scenario.devices)],
  ['budget', ({ scenario }) => String(scenario.budget)],
  ['adjusted', ({ scenario }) => String(scenario.adjustmentSteps)],
  ['served', ({ served, scenario }) => (served === scenario.jobs ? 'all' : served.toFixed(1))],
  ['refusals', ({ refusals }) => refusals.toFixed(1)],
  ['verifications', ({ verifications }) => verifications.toFixed(1)],
  ['last, median', ({ lastMedian }) => duration(lastMedian)],
  ['last, 90 %', ({ lastNinetieth }) => duration(lastNinetieth)],
];

/** Prints one row per scenario, aligned for a terminal or as Markdown. */
export function printTable(rows: readonly Series[], markdown: boolean): void {
  const cells = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, value]) => value(row)))];
  if (markdown) {
    const [head, ...body] = cells.map((row) => `| ${row.join(' | ')} |`);
    console.log([head, `|${COLUMNS.map(() => '---|').join('')}`, ...body].join('\n'));
    return;
  }
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${(minutes / 60).toFixed(1)} h`;
}

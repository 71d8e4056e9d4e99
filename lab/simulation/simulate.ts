/**
 * `npm run simulate`: the action's scheduler against the emulator's verification of codes, in simulated time.
 *
 *   npm run simulate -- --jobs 5,256 --devices 1,4,8 --strategy ours,slots --budget 8,9 --adjust -1,0,10 --start together --plays 20
 *
 * Prints a table. `--plot FILE.svg` also draws the median play of each row. `--seed N` is the first seed, `--runners` and
 * `--job-seconds` belong to `--start runners`, `--max-wait` is mfa-max-wait-seconds, `--markdown` prints the table for docs/.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawPlot } from './plot.ts';
import type { Scenario } from './scenario.ts';
import { playSeries, type Series } from './series.ts';
import { STRATEGIES } from './strategies.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '5' },
    devices: { type: 'string', default: '1' },
    strategy: { type: 'string', default: Object.keys(STRATEGIES).join(',') },
    budget: { type: 'string', default: '9' },
    adjust: { type: 'string', default: '0' },
    start: { type: 'string', default: 'together' },
    runners: { type: 'string', default: '20' },
    'job-seconds': { type: 'string', default: '120' },
    'max-wait': { type: 'string', default: '240' },
    plays: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    plot: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
});

const numbers = (text: string): readonly number[] => text.split(',').map(Number);
const start: Scenario['start'] =
  values.start === 'together'
    ? 'together'
    : { runners: Number(values.runners), jobSeconds: Number(values['job-seconds']) };

const rows: Series[] = [];
for (const jobs of numbers(values.jobs)) {
  for (const devices of numbers(values.devices)) {
    for (const budget of numbers(values.budget)) {
      for (const adjustmentSteps of numbers(values.adjust)) {
        for (const strategy of values.strategy.split(',')) {
          const scenario = {
            strategy,
            jobs,
            devices,
            budget,
            adjustmentSteps,
            start,
            maxWaitSeconds: Number(values['max-wait']),
          };
          rows.push(await playSeries(scenario, Number(values.plays), Number(values.seed)));
        }
      }
    }
  }
}
printTable(rows, values.markdown);
console.log(
  `\n${values.plays} plays per row, seeds from ${values.seed}; start: ${values.start}; mfa-max-wait-seconds ${values['max-wait']}`,
);
if (values.plot !== undefined) {
  const jobs = Math.max(...rows.map(({ scenario }) => scenario.jobs));
  const lines = rows.map(({ scenario, curve }) => ({
    label: `${STRATEGIES[scenario.strategy]?.title}, ${scenario.devices} device${scenario.devices === 1 ? '' : 's'}`,
    seconds: curve,
  }));
  writeFileSync(
    values.plot,
    drawPlot(
      `${jobs} jobs, ${values.start === 'together' ? 'all at the same time' : 'as runners free up'}: credentials over time`,
      jobs,
      lines,
    ),
  );
  console.log(`plot: ${values.plot}`);
}

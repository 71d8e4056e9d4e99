import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answered } from './differences.ts';
import type { Report } from './report.ts';

// docs/interop.md has the table of what was seen. It is written by `npm run test:interop -- --write`, and every other run
// compares it.

const PATH = join(import.meta.dirname, '../..', 'docs', 'interop.md');
const [START, END] = ['<!-- made by npm run test:interop -- --write -->', '<!-- end -->'];

/** Compares the document with what was seen, line by line; with `write` it writes what was seen into it first. */
export async function checkDocument(report: Report, all: readonly Answered[], write: boolean): Promise<void> {
  const seen = table(all);
  if (write) {
    const [before, , after] = partsOf(readFileSync(PATH, 'utf8'));
    writeFileSync(PATH, `${before}\n${seen.join('\n')}\n${after}`);
  }
  await report.check('docs/interop.md (--write mends it)', async () => {
    const said = partsOf(readFileSync(PATH, 'utf8'))[1].trim().split('\n');
    return {
      'what it says and nobody has seen': [said.filter((line) => !seen.includes(line)), []],
      'what was seen and it does not say': [seen.filter((line) => !said.includes(line)), []],
    };
  });
}

/** The text up to the table, the table, and what follows it. */
function partsOf(text: string): readonly [string, string, string] {
  const [from, to] = [text.indexOf(START), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PATH} lacks the marks of the table`);
  const start = from + START.length;
  return [text.slice(0, start), text.slice(start, to), text.slice(to)];
}

function table(all: readonly Answered[]): readonly string[] {
  const servers = [...(all[0]?.answers.keys() ?? [])];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const differs = all.filter(({ question, answers }) =>
    [...answers.values()].some((answer) => answer !== question.aws),
  );
  const rows = differs.map(({ question: { about, aws, observed }, answers }) =>
    row([
      about,
      aws + (observed ? ' ¹' : ''),
      ...[...answers.values()].map((answer) => (answer === aws ? '=' : answer)),
    ]),
  );
  const same = all.filter((answered) => !differs.includes(answered)).map(({ question: { about } }) => about);
  return [
    row(['asked', 'AWS', ...servers]),
    row(Array.from({ length: servers.length + 2 }, () => '---')),
    ...rows,
    '',
    `Answered alike by all: ${same.join('; ') || 'nothing'}.`,
  ];
}

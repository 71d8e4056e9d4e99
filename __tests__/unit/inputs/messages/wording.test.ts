import { expect, test } from '@jest/globals';
import { FAILURES } from '../../../../scripts/samples/failures.ts';
import { NOTICES } from '../../../../scripts/samples/notices.ts';
import { explain } from '../../../../src/inputs/messages/catalogue.ts';
import { wordNotice } from '../../../../src/inputs/messages/notices.ts';
import type { Wording } from '../../../../src/inputs/messages/wording.ts';
import { INPUT_NAMES } from '../../../../src/inputs/names.ts';

/** How a command line would word the same catalogue. */
const FLAGS: Wording = {
  input: (name) => `--${name}`,
  setting: (name, value) => (value === 'true' ? `--${name}` : `--${name} ${value}`),
  example: (name) => `--${name}`,
  has: () => true,
  emptySecret: undefined,
  terms: { tool: 'x', use: 'x', job: 'x', sender: 'x', host: 'x', run: 'x', place: 'x' },
  remedies: {},
};

/** An input's name as a workflow writes it, in a sentence. */
const WORKFLOW_NAME = new RegExp(
  `(?<![-\\w/.])(?:${INPUT_NAMES.filter((name) => name.includes('-')).join('|')})(?![-\\w])`,
);

test('a command line can name every input its own way', async () => {
  const failures = FAILURES.flatMap((failure) => Object.values(explain(failure, FLAGS)));
  const notices = await Promise.all(NOTICES.map(async (notice) => (await wordNotice(notice, FLAGS)).text));
  expect([...failures, ...notices].filter((text) => WORKFLOW_NAME.test(text))).toEqual([]);
});

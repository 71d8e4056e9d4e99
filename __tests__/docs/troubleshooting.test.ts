import { describe, expect, test } from '@jest/globals';
import { withBlocks } from '../../scripts/docs-blocks.ts';
import { asMarkdown, failures } from '../../scripts/docs-failures.ts';
import { golden } from '../../scripts/golden.ts';
import type { Session } from '../../src/core/ports.ts';
import { warnOfKeys, warnOfVariables } from '../../src/github/warnings.ts';
import { entryOf, FAILURE_CODES } from '../../src/inputs/messages/catalogue.ts';
import { FakeLog, SESSION, USER } from '../kit/fake-ports.ts';
import { requestOf, SERIAL, WITH_SEED } from '../kit/requests.ts';
import { anchorsOf, fencesOf, prose, read } from './markdown.ts';

const TEXT = read('docs/troubleshooting.md');
const LOOKALIKES = 'Not a failure, but it looks like one';
const [FAILURES = '', OTHERS = ''] = TEXT.split(`## ${LOOKALIKES}\n`);

/** What others than this action say, in their words. */
const FOREIGN = [
  "Skip output 'sealed-session' since it may contain secret.",
  'Credentials were refreshed, but the refreshed credentials are still expired.',
  'The config profile (ci) could not be found',
  "'using: node24' is not supported, use 'docker', 'node12', 'node16' or 'node20' instead.",
];

/** The warnings about other credentials on the runner. */
async function warnings(): Promise<readonly string[]> {
  const log = new FakeLog();
  const env = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_PROFILE: 'staging' };
  warnOfKeys(await requestOf({ ...WITH_SEED, 'aws-profile': 'ci' }), env, log);
  const session: Session = { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL };
  const result = {
    session,
    roles: [],
    report: undefined,
    profile: undefined,
    outputs: false,
    sealed: false,
    renewal: [],
  };
  warnOfVariables({ ...result, variables: ['AWS_ACCESS_KEY_ID'] }, env, log);
  return log.warnings;
}

const headingsOf = (markdown: string) => [...prose(markdown).matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
const examples = fencesOf(TEXT).filter(({ language }) => language === 'text');

test('every failure has one entry, and there is none of a failure that does not exist', () => {
  expect(headingsOf(FAILURES).toSorted()).toEqual(FAILURE_CODES.toSorted());
});

test.each(FAILURE_CODES)('the annotation of %s links to its entry, in the repository that workflows name', (code) => {
  const [repository, anchor = ''] = entryOf(code).split('/blob/v1/docs/troubleshooting.md#');
  const [, uses] = /uses: (\S+)@v1$/m.exec(read('README.md')) ?? [];
  expect(repository).toBe(`https://github.com/${uses}`);
  expect([...anchorsOf(TEXT)]).toContain(anchor);
});

test('the contents name every failure once', () => {
  const [contents = ''] = FAILURES.split('\n## ');
  expect([...contents.matchAll(/\[([a-z-]+)\]\(#\1\)/g)].map(([, code]) => code).toSorted()).toEqual(
    FAILURE_CODES.toSorted(),
  );
});

describe('the entry of', () => {
  test.each(failures())('$name is what the log says', ({ name, source, content }) => {
    const [, entry = ''] = FAILURES.split(`\n### ${name.replace(/.* of /, '')}\n`);
    const [own = ''] = entry.split('\n### ');
    expect(own).toContain(`<!-- ${name}: made from ${source} by npm run docs -->\n${content}\n<!-- end of ${name} -->`);
  });
});

test('what looks like a failure and is none is quoted from this action or from others, letter for letter', async () => {
  const lines = `${await golden()}\n${(await warnings()).join('\n')}\n`;
  const quoted = examples.filter(({ headings }) => headings.includes(LOOKALIKES)).map(({ text }) => text);
  const unknown = quoted.filter((text) => !FOREIGN.includes(text) && !lines.includes(`${text}\n`));
  expect(unknown).toEqual([]);
  expect(FOREIGN.filter((text) => !quoted.includes(text))).toEqual([]);
  expect(headingsOf(OTHERS).length).toBeGreaterThan(5);
});

describe('what is made for a document', () => {
  const block = { name: 'a', source: 'b.ts', content: 'new $& text' };
  const place = '<!-- a: made from b.ts by npm run docs -->\nold\n<!-- end of a -->';

  test('goes between its marks, and nowhere else', () => {
    expect(withBlocks(`before\n${place}\nafter`, [block])).toBe(
      'before\n<!-- a: made from b.ts by npm run docs -->\nnew $& text\n<!-- end of a -->\nafter',
    );
  });

  test('must have a place there, and each place something made for it', () => {
    expect(() => withBlocks('before', [block])).toThrow('no place for a');
    expect(() => withBlocks(place, [])).toThrow('nothing is made for the place <!-- a');
  });

  test('shows stars as stars, and leaves code alone', () => {
    expect(asMarkdown('If it shows ***, run `a * b`.')).toBe('If it shows \\*\\*\\*, run `a * b`.');
  });
});

import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { stilted } from './language.ts';
import { DOCUMENTS, ROOT, read } from './markdown.ts';

// Everything that people read is plain English: what a person can hear, and a machine can find.

const MANIFESTS = globSync(
  [
    'action.yml',
    'rotate/action.yml',
    'examples/**/*.yml',
    'examples/other-ci/{Dockerfile,Jenkinsfile,*.ini}',
    'templates/*.yml',
    '.gitlab-ci.yml',
    '.github/*.yml',
    '.github/ISSUE_TEMPLATE/*.yml',
    '.github/workflows/*.yml',
  ],
  { cwd: ROOT },
);

/** The texts by name. The catalogue of messages, or anything else with words in it, can be one more. */
const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ...DOCUMENTS.map((path) => [path, ownWords(read(path))] as const),
  ...[...MANIFESTS, '.github/pull_request_template.md', '__tests__/kit/messages.golden.txt'].map(
    (path) => [path, read(path)] as const,
  ),
];

/** A document without what it quotes: messages, tables that a program writes, and phrases in quotation marks. */
function ownWords(markdown: string): string {
  return markdown
    .replaceAll(/^```text\n[\s\S]*?^```$/gm, '')
    .replaceAll(/^<!-- made by [\s\S]*?^<!-- end -->$/gm, '')
    .replaceAll(/"[^"\n]*"/g, '""');
}

describe('plain English:', () => {
  test.each(TEXTS)('%s', (_name, text) => {
    expect(stilted(text)).toEqual([]);
  });

  test('is looked for in every document and every manifest', () => {
    expect(TEXTS.map(([name]) => name)).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/security.md', 'action.yml', 'examples/plain.yml']),
    );
  });
});

describe('the judge of language finds', () => {
  test.each([
    'Where a code is refused, another one is taken',
    'a value is refused where it does not apply',
    'where several are wrong, the message counts them',
    'It is refused where it is not allowed.',
    'the region is no region of AWS',
    'all but for the access key',
    'as many as you asked for',
    'the action beside it',
    'ARNs, one a line',
    'up to five jobs a device',
    'a permission of its own',
    'twenty jobs at one moment',
    'IDs, between commas',
    'it belongs into no-proxy',
    'a session to go on from',
    'handed over to later steps',
    'an empty text where the workflow may not see it',
    'a text of the old key',
    'the codes that it was told',
    'what stands between the two',
    'A duration in seconds. Default an hour.',
  ])('%s', (text) => {
    expect(stilted(text)).not.toEqual([]);
  });
});

describe('the judge of language accepts', () => {
  test.each([
    'the folder where the action writes profiles',
    'the process list, where anyone can read it',
    'The log says where it goes.',
    'leaves profiles where they are.',
    'This is where MFA counts.',
    'Where does it connect to?',
    'There is no OIDC here, and there are no secrets.',
    'The session is no longer valid.',
    'not in the role, but for example in the session',
    'Besides, a text file works too.',
    'how many jobs a device can serve',
    'none of its own masks',
    'Defaults to `AWS_REGION`. Default: 3600.',
  ])('%s', (text) => {
    expect(stilted(text)).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPair, pairSecrets } from '../../../src/inputs/access-key.ts';
import { readKeys } from '../../../src/inputs/minting.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const TEMPORARY = 'ASIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** What `aws iam create-access-key` prints. */
const CREATED = `{
    "AccessKey": {
        "UserName": "ci",
        "AccessKeyId": "${ID}",
        "Status": "Active",
        "SecretAccessKey": "${SECRET}",
        "CreateDate": "2026-11-25T01:20:08+00:00"
    }
}`;

async function read(pair: string, others: Partial<RawInputs> = {}) {
  const problems = new ProblemList();
  const keys = await readKeys(rawInputs({ 'aws-access-key': pair, ...others }), problems);
  return { keys, found: problems.found, problems: listed(problems.found) };
}

/** Values as people paste them, and what is wrong with each. */
const WRONG: readonly (readonly [what: string, value: string, reason: string])[] = [
  ['is in quotes', `"${ID}:${SECRET}"`, 'quotes'],
  ['is in single quotes', `'${ID}:${SECRET}'`, 'quotes'],
  ['has each half in quotes', `"${ID}":"${SECRET}"`, 'quotes'],
  ['is in typographic quotes', `\u201c${ID}:${SECRET}\u201d`, 'quotes'],
  ['has a space between the halves', `${ID} ${SECRET}`, 'whitespace'],
  ['has a space after the colon', `${ID}: ${SECRET}`, 'whitespace'],
  ['has a newline between the halves', `${ID}\n${SECRET}`, 'whitespace'],
  ['has a tab between the halves', `${ID}\t${SECRET}`, 'whitespace'],
  ['has a line break in the secret', `${ID}:${SECRET.slice(0, 20)}\r\n${SECRET.slice(20)}`, 'whitespace'],
  ['has an equals sign between the halves', `${ID}=${SECRET}`, 'no-colon'],
  ['has a comma between the halves', `${ID},${SECRET}`, 'no-colon'],
  ['has only the secret', SECRET, 'no-colon'],
  ['has two colons', `${ID}:${SECRET}:eu-central-1`, 'more-colons'],
  ['has a colon after the secret', `${ID}:${SECRET}:`, 'more-colons'],
  ['has only the ID', ID, 'no-secret'],
  ['has nothing after the colon', `${ID}:`, 'no-secret'],
  ['has nothing before the colon', `:${SECRET}`, 'no-id'],
  ['has the halves swapped', `${SECRET}:${ID}`, 'swapped'],
  ['has the halves swapped, and a secret like an ID', `wJalrXUtnFEMIK7MDENG:${ID}`, 'swapped'],
  ['has the ID twice', `${ID}:${ID}`, 'swapped'],
  ['has the temporary ID second', `${SECRET}:${TEMPORARY}`, 'swapped'],
  ['has an ID with a slash', `AKIA/IOSFODNN7:${SECRET}`, 'id'],
  ['has an ID that is too long', `${'A'.repeat(129)}:${SECRET}`, 'id'],
  ['has a secret with another letter', `${ID}:wJalrXUtnFEMI\u00f6K7MDENG`, 'secret'],
  ['has a secret that is too long', `${ID}:${'x'.repeat(257)}`, 'secret'],
  ['is JSON of the CLI', CREATED, 'labels'],
  ['is JSON on one line', JSON.stringify({ id: ID, secret: SECRET }), 'labels'],
  ['is a part of a credentials file', `aws_access_key_id = ${ID}\naws_secret_access_key = ${SECRET}`, 'labels'],
  ['is a script', `export AWS_ACCESS_KEY_ID=${ID} AWS_SECRET_ACCESS_KEY=${SECRET}`, 'labels'],
  ["is the console's file", `Access key ID,Secret access key\n${ID},${SECRET}`, 'labels'],
];

describe('a key pair in one value', () => {
  test.each([SECRET, `${SECRET.slice(0, 38)}+/`, 'test', 'a=b,c'])('has the secret %s', async (secret) => {
    expect(await read(`${ID}:${secret}`)).toMatchObject({
      keys: { kind: 'given', accessKeyId: ID, secretAccessKey: secret },
      problems: [],
    });
  });

  test.each(WRONG)('is refused if it %s', async (_, value, reason) => {
    expect(await read(value)).toMatchObject({
      keys: undefined,
      problems: [['aws-access-key', 'key-pair', { reason }]],
    });
  });

  test.each([`${TEMPORARY}:${SECRET}`, `${TEMPORARY}:${SECRET}:token`, TEMPORARY])(
    'is refused if it is temporary, like an ID that is',
    async (value) => {
      expect((await read(value)).problems).toEqual([['aws-access-key', 'key', { reason: 'temporary' }]]);
    },
  );

  test('is refused together with an ID and a secret', async () => {
    const halves = { 'aws-access-key-id': ID, 'aws-secret-access-key': SECRET };
    expect(await read(`${ID}:${SECRET}`, halves)).toMatchObject({
      keys: undefined,
      problems: [
        ['aws-access-key-id', 'conflict', { with: 'aws-access-key' }],
        ['aws-secret-access-key', 'conflict', { with: 'aws-access-key' }],
      ],
    });
  });

  test('is in no problem, whatever it is', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', minLength: 6, maxLength: 60 }),
      fc.base64String({ minLength: 12, maxLength: 60 }),
      fc.stringMatching(/^(?:AKIA|ASIA)[A-Z0-9]{12,16}$/),
    );
    const between = fc.constantFrom(':', ' ', '\n', '=', ',', '::', '":"', '');
    await fc.assert(
      fc.asyncProperty(part, between, part, async (id, separator, secret) => {
        const said = saidBy((await read(id + separator + secret)).found);
        for (const piece of [...piecesOf(id), ...piecesOf(secret)]) expect(said).not.toContain(piece);
      }),
      propertyRuns(200),
    );
  });
});

describe('the secrets in it', () => {
  test('are all of it and the secret, not the ID', () => {
    expect(pairSecrets(`${ID}:${SECRET}`)).toEqual([`${ID}:${SECRET}`, SECRET]);
    expect(pairSecrets(ID)).toEqual([]);
    expect(pairSecrets('')).toEqual([]);
  });

  test.each(WRONG.filter(([, value]) => value.includes(SECRET)))('include the secret if it %s', (_, value) => {
    expect(pairSecrets(value)).toContain(SECRET);
    expect(pairSecrets(value)).not.toContain(ID);
  });

  test.each(WRONG.filter(([, value]) => !value.includes('\n') && value !== ID))(
    'include all of it if it %s',
    (_, value) => {
      expect(pairSecrets(value).some((secret) => secret === value || secret === value.replace(/:$/, ''))).toBe(true);
    },
  );

  test('are the secret alone in the JSON of the CLI, whose words and lines would hide parts of the log', () => {
    expect(pairSecrets(CREATED)).toEqual([SECRET]);
  });

  test('have eight characters or more if the value is wrong', () => {
    expect(pairSecrets('a b c')).toEqual([]);
    expect(pairSecrets(`${ID} short`)).toEqual([`${ID} short`]);
  });
});

test.each([
  [`${ID}:${SECRET}`, true],
  [`"${ID}:${SECRET}"`, true],
  [`${ID} ${SECRET}`, true],
  [`${ID}:`, true],
  [CREATED, true],
  [ID, false],
  [`"${ID}"`, false],
  [SECRET, false],
])('%j has more than one word: %s', (text, pair) => {
  expect(isPair(text)).toBe(pair);
});

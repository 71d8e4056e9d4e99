import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTemporary } from '../../../src/core/credentials.ts';
import { readKeys } from '../../../src/inputs/minting.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { listed, piecesOf, rawInputs, saidBy } from '../../kit/raw-inputs.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const TEMPORARY = 'ASIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

async function read(accessKeyId: string, secretAccessKey: string) {
  const problems = new ProblemList();
  const raw = rawInputs({ 'aws-access-key-id': accessKeyId, 'aws-secret-access-key': secretAccessKey });
  return { keys: await readKeys(raw, problems), found: problems.found, problems: listed(problems.found) };
}

describe('the long-term keys', () => {
  test('are those that are given', async () => {
    expect((await read(ID, SECRET)).keys).toEqual({ kind: 'given', accessKeyId: ID, secretAccessKey: SECRET });
  });

  test('come from the default chain if none are given', async () => {
    expect(await read('', '')).toMatchObject({ keys: { kind: 'default-chain' }, problems: [] });
  });

  test.each([
    ['the secret is missing', ID, '', ['aws-secret-access-key', 'empty-secret', { given: 'aws-access-key-id' }]],
    ['the ID is missing', '', SECRET, ['aws-access-key-id', 'empty-secret', { given: 'aws-secret-access-key' }]],
    ['they are swapped', SECRET, ID, ['aws-secret-access-key', 'key', { reason: 'swapped' }]],
    ['the ID is given twice', ID, ID, ['aws-secret-access-key', 'key', { reason: 'swapped' }]],
    ['the secret is a temporary ID', ID, TEMPORARY, ['aws-secret-access-key', 'key', { reason: 'swapped' }]],
    ['they are temporary', TEMPORARY, SECRET, ['aws-access-key-id', 'key', { reason: 'temporary' }]],
  ])('are refused if %s', async (_, id, secret, problem) => {
    expect(await read(id, secret)).toMatchObject({ keys: undefined, problems: [problem] });
  });

  test.each(['AKIA IOSFODNN7EXAMPLE', 'AKIA/IOSFODNN7', `${ID}\n`, 'A'.repeat(129), '***', 'ÄKIAIOSFODNN7EXAMPLE'])(
    'are refused if the ID is %j',
    async (id) => {
      expect(await read(id, SECRET)).toMatchObject({
        keys: undefined,
        problems: [['aws-access-key-id', 'key', { reason: 'malformed' }]],
      });
    },
  );

  test.each(['two words', `${SECRET}\n`, 'tab\there', 'n\u00f6n-ascii', 'nul\0', 'x'.repeat(257), 'zero\u200bwidth'])(
    'are refused if the secret is %j',
    async (secret) => {
      expect(await read(ID, secret)).toMatchObject({
        keys: undefined,
        problems: [['aws-secret-access-key', 'key', { reason: 'malformed' }]],
      });
    },
  );

  test('are in no problem, whatever they are', async () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', minLength: 6, maxLength: 60 }),
      fc.base64String({ minLength: 12, maxLength: 60 }),
      fc.stringMatching(/^(?:AKIA|ASIA)[A-Z0-9]{12,16}$/),
    );
    await fc.assert(
      fc.asyncProperty(key, key, async (id, secret) => {
        const said = saidBy((await read(id, secret)).found);
        for (const piece of [...piecesOf(id), ...piecesOf(secret)]) expect(said).not.toContain(piece);
      }),
      propertyRuns(100),
    );
  });
});

test.each([
  [TEMPORARY, true],
  [ID, false],
  ['AROAIOSFODNN7EXAMPLE', false],
  ['', false],
])('the key %s is temporary: %s', (id, temporary) => {
  expect(isTemporary(id)).toBe(temporary);
});

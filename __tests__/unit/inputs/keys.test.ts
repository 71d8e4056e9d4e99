import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTemporary } from '../../../src/core/credentials.ts';
import { readKeys } from '../../../src/inputs/keys.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { piecesOf, problemList, rawInputs } from '../../kit/raw-inputs.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

function read(accessKeyId: string, secretAccessKey: string) {
  const problems = problemList();
  const given: Partial<RawInputs> = { 'aws-access-key-id': accessKeyId, 'aws-secret-access-key': secretAccessKey };
  return { keys: readKeys(rawInputs(given), problems), problems };
}

describe('the long-term keys', () => {
  test('are those that are given', () => {
    expect(read(ID, SECRET).keys).toEqual({ kind: 'given', accessKeyId: ID, secretAccessKey: SECRET });
  });

  test('are looked for in the default chain where none are given', () => {
    const { keys, problems } = read('', '');
    expect(keys).toEqual({ kind: 'default-chain' });
    expect(problems.found).toEqual([]);
  });

  test.each([
    ['the secret', ID, '', 'aws-secret-access-key'],
    ['the ID', '', SECRET, 'aws-access-key-id'],
  ])('are refused where %s is missing, with the reasons why a secret arrives empty', (_, id, secret, input) => {
    const { keys, problems } = read(id, secret);
    expect(keys).toBeUndefined();
    expect(problems.inputs).toEqual([input]);
    expect(problems.text).toContain('in pull requests from forks; for Dependabot');
  });

  test.each([
    ['swapped', SECRET, ID],
    ['the ID twice', ID, ID],
    ['a temporary ID in place of the secret', ID, 'ASIAIOSFODNN7EXAMPLE'],
  ])('are refused where they are %s', (_, id, secret) => {
    const { keys, problems } = read(id, secret);
    expect(keys).toBeUndefined();
    expect(problems.text).toBe('aws-secret-access-key is an access key ID; the two are swapped, or one is given twice');
  });

  test('are refused where they are temporary, with the way on from an earlier session', () => {
    const { keys, problems } = read('ASIAIOSFODNN7EXAMPLE', SECRET);
    expect(keys).toBeUndefined();
    expect(problems.text).toContain('aws-access-key-id is a temporary key (ASIA…)');
    expect(problems.text).toContain('role-chaining: true');
  });

  test.each(['AKIA IOSFODNN7EXAMPLE', 'AKIA/IOSFODNN7', `${ID}\n`, 'A'.repeat(129), '***', 'ÄKIAIOSFODNN7EXAMPLE'])(
    'have an ID that is one, and not %j',
    (id) => {
      const { keys, problems } = read(id, SECRET);
      expect(keys).toBeUndefined();
      expect(problems.inputs).toEqual(['aws-access-key-id']);
    },
  );

  test.each(['two words', `${SECRET}\n`, 'tab\there', 'n\u00f6n-ascii', 'nul\0', 'x'.repeat(257), 'zero\u200bwidth'])(
    'have a secret without white space and other damage, and not %j',
    (secret) => {
      const { keys, problems } = read(ID, secret);
      expect(keys).toBeUndefined();
      expect(problems.text).toBe(
        'aws-secret-access-key is no secret access key: it holds white space or a character that none has',
      );
    },
  );

  test('are in no message, whatever they are', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', minLength: 6, maxLength: 60 }),
      fc.base64String({ minLength: 12, maxLength: 60 }),
      fc.stringMatching(/^(?:AKIA|ASIA)[A-Z0-9]{12,16}$/),
    );
    fc.assert(
      fc.property(key, key, (id, secret) => {
        const { problems } = read(id, secret);
        for (const piece of [...piecesOf(id), ...piecesOf(secret)]) expect(problems.text).not.toContain(piece);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['ASIAIOSFODNN7EXAMPLE', true],
  ['AKIAIOSFODNN7EXAMPLE', false],
  ['AROAIOSFODNN7EXAMPLE', false],
  ['', false],
])('the key %s is temporary: %s', (id, temporary) => {
  expect(isTemporary(id)).toBe(temporary);
});

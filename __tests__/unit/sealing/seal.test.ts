import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compactDecrypt } from 'jose';
import type { Seal } from '../../../src/core/request.ts';
import { openSealed } from '../../../src/core/sealing/open.ts';
import { sealSession } from '../../../src/core/sealing/seal.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { CONTENT, SEALING_KEY, SECRETS, unsealedText } from '../../kit/sealed-text.ts';
import { shownPieces } from '../../kit/secrets.ts';

const NOW = Date.parse('2027-01-15T08:00:00Z');
const SEAL: Seal = {
  key: { bytes: Buffer.from(SEALING_KEY, 'base64') },
  scope: 'run',
  repository: 'octo-org/octo-repo',
  runId: '1658821493',
};
const { accessKeyId, secretAccessKey, sessionToken } = CONTENT;
const SESSION = {
  credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: new Date('2027-01-15T09:00:00Z') },
  identity: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ci' },
  serial: 'arn:aws:iam::111122223333:mfa/ci',
};

const never = (): boolean => false;

function seal(): Promise<string> {
  return sealSession(SESSION, SEAL, never);
}

function open(text: string): ReturnType<typeof openSealed> {
  return openSealed({ text, seal: SEAL, minimumRemainingSeconds: 300 }, NOW);
}

describe('what is sealed is what is opened', () => {
  test('with the device that made it, where it may be opened, and for how long', async () => {
    expect(await open(await seal())).toEqual({
      ...SESSION,
      repository: 'octo-org/octo-repo',
      runId: '1658821493',
      scope: 'run',
    });
  });

  test('without a device if there was none', async () => {
    const text = await sealSession({ ...SESSION, serial: undefined }, SEAL, never);
    expect((await open(text)).serial).toBeUndefined();
  });

  test('for a role, whose session is in another form', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/deploy/GitHubActions';
    const text = await sealSession({ ...SESSION, identity: { account: '111122223333', arn } }, SEAL, never);
    expect((await open(text)).identity).toEqual({ account: '111122223333', arn });
  });

  test('whatever AWS makes its keys and tokens of', async () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const token = fc
      .tuple(printable, fc.integer({ min: 1, max: 16_384 }))
      .map(([unit, length]) => (unit || 'x').repeat(length).slice(0, length));
    const id = fc.stringMatching(/^[A-Z0-9]{16,128}$/);
    await fc.assert(
      fc.asyncProperty(id, token, token, async (key, secret, session) => {
        const credentials = {
          ...SESSION.credentials,
          accessKeyId: key,
          secretAccessKey: secret,
          sessionToken: session,
        };
        const text = await sealSession({ ...SESSION, credentials }, SEAL, never);
        expect((await open(text)).credentials).toEqual(credentials);
      }),
      propertyRuns(40),
    );
  });

  test('and can be read by anybody who has the key and the specifications', async () => {
    expect(JSON.parse(unsealedText(await seal()))).toEqual({
      accessKeyId: 'ASIASEALED0000000001',
      secretAccessKey: 'sealed/secret+access+key/of+40/letters/1',
      sessionToken: CONTENT.sessionToken,
      expiration: '2027-01-15T09:00:00.000Z',
      arn: 'arn:aws:iam::111122223333:user/ci',
      serial: 'arn:aws:iam::111122223333:mfa/ci',
      repository: 'octo-org/octo-repo',
      runId: '1658821493',
      scope: 'run',
    });
  });
});

describe('a sealed text', () => {
  test('has a name with a version and seven more parts, none of which needs quoting anywhere', async () => {
    expect(await seal()).toMatch(
      /^aws-mfa-1\.[\w-]{32}\.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0\.\.[\w-]{16}\.[\w-]{100,2000}\.[\w-]{22}\.[\w-]{12}$/,
    );
  });

  test('says of its encryption what all of them say', async () => {
    const headers = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const [, , header = ''] = (await seal()).split('.');
      headers.add(Buffer.from(header, 'base64url').toString());
    }
    expect([...headers]).toEqual(['{"alg":"dir","enc":"A256GCM"}']);
  });

  test('contains a JWE that the sealing key itself doesn’t open: each has its own key', async () => {
    const jwe = (await seal()).split('.').slice(2, 7).join('.');
    await expect(compactDecrypt(jwe, Buffer.from(SEALING_KEY, 'base64'))).rejects.toThrow(
      'decryption operation failed',
    );
  });

  test('names no key, no account, no device and no place, whichever of its parts is decoded', async () => {
    const bytes = Buffer.from(SEALING_KEY, 'base64');
    const hidden = [
      SEALING_KEY,
      bytes.toString('latin1'),
      bytes.toString('hex'),
      ...SECRETS,
      ...[CONTENT.arn, CONTENT.serial, CONTENT.repository, CONTENT.runId, CONTENT.expiration, '111122223333'],
    ];
    for (let count = 0; count < 20; count += 1) {
      const text = await seal();
      const decoded = text.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      const seen = [text, ...decoded].join('\n');
      for (const secret of hidden) expect(shownPieces(seen, secret)).toEqual([]);
    }
  });

  test('is another each time, in every part but those that all have', async () => {
    const texts = await Promise.all(Array.from({ length: 100 }, seal));
    const parts = texts.map((text) => text.split('.'));
    const kinds = Array.from({ length: 8 }, (_, index) => new Set(parts.map((each) => each[index])).size);
    expect(kinds).toEqual([1, 100, 1, 1, 100, 100, 100, 100]);
  });
});

describe('a string that masking would change', () => {
  test('is made anew until it would not', async () => {
    const seen: string[] = [];
    const text = await sealSession(SESSION, SEAL, (candidate) => seen.push(candidate) < 5);
    expect(seen).toHaveLength(5);
    expect(seen.at(-1)).toBe(text);
    expect(new Set(seen.map((candidate) => candidate.split('.')[1])).size).toBe(5);
    await open(text);
  });

  test('is given up after a hundred, with the reason', async () => {
    let asked = 0;
    const sealing = sealSession(SESSION, SEAL, () => ++asked > 0);
    await expect(sealing).rejects.toMatchObject({
      code: 'sealed-session-masked',
      facts: { attempts: 100 },
    });
    expect(asked).toBe(100);
  });
});

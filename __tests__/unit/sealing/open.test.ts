import { describe, expect, test } from '@jest/globals';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { Failure } from '../../../src/core/failure.ts';
import type { SealedSource, SealScope } from '../../../src/core/request.ts';
import { openSealed } from '../../../src/core/sealing/open.ts';
import { OTHER_HEADERS, withPart, withUnusedBits } from '../../kit/sealed-changes.ts';
import {
  CONTENT,
  contentWith,
  encryptionKey,
  OTHER_KEY,
  SEALING_KEY,
  sealedText,
  textAround,
  withChecksum,
} from '../../kit/sealed-text.ts';

/** When the session of these tests ends. */
const END = Date.parse('2027-01-15T09:00:00Z');
const ALTERED = { code: 'sealed-session-altered' };

/** Where and when a string is opened, if not where it was sealed. */
interface Place {
  readonly key?: string;
  readonly scope?: SealScope;
  readonly repository?: string;
  readonly runId?: string;
  readonly minimumRemainingSeconds?: number;
  readonly now?: number;
}

function open(text: string, place: Place = {}): ReturnType<typeof openSealed> {
  const { key = SEALING_KEY, scope = 'run', repository = 'octo-org/octo-repo', runId = '1658821493' } = place;
  const { minimumRemainingSeconds = 300, now = END - 3_600_000 } = place;
  const seal = { key: { bytes: Buffer.from(key, 'base64') }, scope, repository, runId };
  const source: SealedSource = { text, seal, minimumRemainingSeconds };
  return openSealed(source, now);
}

/** Why a string isn’t opened; undefined if it is. */
async function refusalOf(text: string, place?: Place): Promise<Failure | undefined> {
  try {
    await open(text, place);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** A session that may be opened in this scope. */
function scoped(scope: string): string {
  return sealedText({ content: contentWith({ scope }) });
}

test('a session that other software sealed by the specifications is opened', async () => {
  expect(await open(sealedText())).toEqual({
    credentials: {
      accessKeyId: 'ASIASEALED0000000001',
      secretAccessKey: 'sealed/secret+access+key/of+40/letters/1',
      sessionToken: CONTENT.sessionToken,
      expiration: new Date('2027-01-15T09:00:00Z'),
    },
    identity: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ci' },
    serial: 'arn:aws:iam::111122223333:mfa/ci',
    repository: 'octo-org/octo-repo',
    runId: '1658821493',
    scope: 'run',
  });
});

describe('an empty string', () => {
  test('has its own failure', async () => {
    expect(await refusalOf('')).toMatchObject({ code: 'sealed-session-empty' });
  });

  test.each([' ', '\n', '***', 'aws-mfa-1', 'aws-mfa-1.', '.......', 'null', 'undefined', '{}', 'eyJhbGciOiJkaXIifQ'])(
    'isn’t %j, which was altered',
    async (text) => {
      expect(await refusalOf(text)).toMatchObject(ALTERED);
    },
  );
});

describe('another version', () => {
  test.each(['0', '2', '10', '01', '999999'])('has its own failure: %s', async (version) => {
    const text = sealedText().replace('aws-mfa-1.', `aws-mfa-${version}.`);
    for (const each of [text, withChecksum(text), `aws-mfa-${version}.whatever-it-will-hold`])
      expect(await refusalOf(each)).toMatchObject({
        code: 'sealed-session-version',
        facts: { found: version, supported: 1 },
      });
  });

  test.each(['aws-mfa-.', 'aws-mfa-x.', 'aws-mfa--1.', 'aws-mfa-1 .', 'aws-mfa-1234567.', 'AWS-MFA-2.', ' aws-mfa-2.'])(
    'isn’t %j, which was altered',
    async (name) => {
      expect(await refusalOf(withChecksum(sealedText().replace('aws-mfa-1.', name)))).toMatchObject(ALTERED);
    },
  );
});

describe('another key', () => {
  const wrong = { code: 'sealing-key-wrong' };

  test('isn’t confused with an altered string', async () => {
    expect(await refusalOf(sealedText({ key: OTHER_KEY }))).toMatchObject(wrong);
    expect(await refusalOf(sealedText(), { key: OTHER_KEY })).toMatchObject(wrong);
  });

  test('is one that differs in one bit, or is longer', async () => {
    const bytes = Buffer.from(SEALING_KEY, 'base64');
    const flipped = Buffer.concat([bytes.subarray(0, 31), Uint8Array.of((bytes[31] ?? 0) ^ 1)]);
    const longer = Buffer.concat([bytes, Uint8Array.of(0)]);
    for (const key of [flipped, longer])
      expect(await refusalOf(sealedText(), { key: key.toString('base64') })).toMatchObject(wrong);
  });

  test('is reported before anything that the content says', async () => {
    const text = sealedText({ key: OTHER_KEY, content: contentWith({ repository: 'else/where', scope: 'nowhere' }) });
    expect(await refusalOf(text)).toMatchObject(wrong);
  });
});

describe('an altered string', () => {
  const swap = (letter: string): string => (letter === 'A' ? 'B' : 'A');

  test.each([
    ['salt and key check', 1],
    ['header', 2],
    ['initialisation vector', 4],
    ['ciphertext', 5],
    ['tag', 6],
    ['checksum', 7],
  ])('is detected by its checksum: %s', async (_, part) => {
    for (const index of [0, 5, 11])
      expect(
        await refusalOf(
          withPart(
            sealedText(),
            part,
            (each) => each.slice(0, index) + swap(each[index] ?? '') + each.slice(index + 1),
          ),
        ),
      ).toMatchObject(ALTERED);
  });

  test.each([
    ['header', 2],
    ['encrypted key', 3],
    ['initialisation vector', 4],
    ['ciphertext', 5],
    ['tag', 6],
  ])('is detected although its checksum was forged: %s', async (_, part) => {
    const text = withChecksum(withPart(sealedText(), part, (each) => swap(each[0] ?? '').repeat(4) + each.slice(4)));
    expect(await refusalOf(text)).toMatchObject(ALTERED);
  });

  test.each(OTHER_HEADERS)('is one with the header %s instead of its own', async (header) => {
    const text = withPart(sealedText(), 2, () => Buffer.from(header).toString('base64url'));
    expect(await refusalOf(withChecksum(text))).toMatchObject(ALTERED);
  });

  test.each(OTHER_HEADERS)('is one that somebody with the key has encrypted under the header %s', async (header) => {
    expect(await refusalOf(sealedText({ header }))).toMatchObject(ALTERED);
  });

  test('is any other kind of JWE by jose, although it was made with the key and jose would open it', async () => {
    const key = encryptionKey();
    const made = (header: { alg: string; enc: string }): Promise<string> =>
      new CompactEncrypt(Buffer.from(contentWith({}))).setProtectedHeader(header).encrypt(key);
    expect(await refusalOf(textAround(await made({ alg: 'dir', enc: 'A256GCM' })))).toBeUndefined();
    for (const alg of ['A256KW', 'A256GCMKW']) {
      const jwe = await made({ alg, enc: 'A256GCM' });
      await compactDecrypt(jwe, key);
      expect(await refusalOf(textAround(jwe))).toMatchObject(ALTERED);
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7])('is one that decoders consider the same, in part %i', async (part) => {
    // Of three lengths that follow one another, two leave bits over.
    const texts = ['', 'x', 'xx'].map((more) => sealedText({ content: contentWith({ more }) }));
    let changed = 0;
    for (const text of texts) {
      expect(await refusalOf(text)).toBeUndefined();
      for (let bits = 1; bits < 16; bits += 1) {
        const other = withPart(text, part, (each) => withUnusedBits(each, bits));
        if (other === text) continue;
        changed += 1;
        expect(await refusalOf(other)).toMatchObject(ALTERED);
        if (part < 7) expect(await refusalOf(withChecksum(other))).toMatchObject(ALTERED);
      }
      for (const mark of ['=', '==', '\n', ' ', '!', '\0']) {
        const other = withPart(text, part, (each) => each + mark);
        expect(await refusalOf(other)).toMatchObject(ALTERED);
        if (part < 7) expect(await refusalOf(withChecksum(other))).toMatchObject(ALTERED);
      }
    }
    // Header, ciphertext and tag are the parts whose last letter has bits to spare.
    expect(changed > 0).toBe([2, 5, 6].includes(part));
  });

  test('is one with white space or quotes around it', async () => {
    for (const mark of [' ', '\n', '\r\n', '\t', '"', "'", '`', '\ufeff']) {
      for (const text of [mark + sealedText(), sealedText() + mark, mark + sealedText() + mark])
        expect(await refusalOf(text)).toMatchObject(ALTERED);
    }
  });

  test('is one with a part more or a part less', async () => {
    const parts = sealedText().split('.');
    for (let index = 0; index < 8; index += 1) {
      expect(await refusalOf(withChecksum(parts.toSpliced(index, 1).join('.')))).toMatchObject({ code: ALTERED.code });
      expect(await refusalOf(withChecksum(parts.toSpliced(index, 0, 'AAAA').join('.')))).toMatchObject(ALTERED);
      expect(await refusalOf(withChecksum(parts.toSpliced(index, 0, '').join('.')))).toMatchObject(ALTERED);
    }
  });

  test('keeps the cause for debugging', async () => {
    const text = withChecksum(withPart(sealedText(), 6, () => 'A'.repeat(22)));
    expect((await refusalOf(text))?.cause).toMatchObject({ message: 'decryption operation failed' });
  });
});

describe('another place', () => {
  test('is another repository, whatever the scope', async () => {
    for (const scope of ['run', 'repository'] as const)
      expect(await refusalOf(scoped(scope), { scope, repository: 'octo-org/other' })).toMatchObject({
        code: 'sealed-session-elsewhere',
        facts: { scope: 'repository', sealedFor: 'octo-org/octo-repo', here: 'octo-org/other' },
      });
  });

  test('is another repository though the run has the same number', async () => {
    expect(await refusalOf(sealedText(), { repository: 'OCTO-ORG/octo-repo' })).toMatchObject({
      code: 'sealed-session-elsewhere',
    });
  });

  test.each([
    ['run', 'run'],
    ['repository', 'run'],
    ['run', 'repository'],
  ] as const)('is another run, sealed for the %s and opened for the %s', async (sealed, scope) => {
    expect(await refusalOf(scoped(sealed), { scope, runId: '1658821494' })).toMatchObject({
      code: 'sealed-session-elsewhere',
      facts: { scope: 'run', sealedFor: '1658821493', here: '1658821494' },
    });
  });

  test('isn’t another run if both sides say repository', async () => {
    expect(await refusalOf(scoped('repository'), { scope: 'repository', runId: '1658821494' })).toBeUndefined();
  });

  test.each([
    ['run', 'repository'],
    ['repository', 'run'],
    ['repository', 'repository'],
  ] as const)('is not the same run, sealed for the %s and opened for the %s', async (sealed, scope) => {
    expect(await refusalOf(scoped(sealed), { scope })).toBeUndefined();
  });
});

describe('the expiry of a session', () => {
  test.each([
    [300, 300_000],
    [300, 300_001],
    [0, 1],
    [3600, 3_600_000],
    [129_600, 129_600_000],
  ])('with a minimum of %i s may be %i ms away', async (minimumRemainingSeconds, left) => {
    expect(await refusalOf(sealedText(), { minimumRemainingSeconds, now: END - left })).toBeUndefined();
  });

  test.each([
    [300, 299_999, 299],
    [300, 59_999, 59],
    [300, 1, 0],
    [3600, 3_599_999, 3599],
    [129_600, 7_260_000, 7260],
  ])('with a minimum of %i s may not be %i ms away', async (minimumRemainingSeconds, left, secondsLeft) => {
    expect(await refusalOf(sealedText(), { minimumRemainingSeconds, now: END - left })).toMatchObject({
      code: 'sealed-session-expired',
      facts: { expiration: new Date(END), secondsLeft, minimumSeconds: minimumRemainingSeconds },
    });
  });

  test.each([
    [0, 0],
    [300, 0],
    [0, -1],
    [300, -86_400_000],
  ])('with a minimum of %i s may not be past: %i ms away', async (minimumRemainingSeconds, left) => {
    expect(await refusalOf(sealedText(), { minimumRemainingSeconds, now: END - left })).toMatchObject({
      code: 'sealed-session-expired',
      facts: { expiration: new Date(END), secondsLeft: Math.floor(left / 1000) },
    });
  });

  test('matters less than where the session belongs', async () => {
    expect(await refusalOf(sealedText(), { now: END + 1, runId: '7' })).toMatchObject({
      code: 'sealed-session-elsewhere',
    });
  });
});

describe('what somebody with the key sealed isn’t a session if it', () => {
  const without = (name: keyof typeof CONTENT): string => contentWith({ [name]: undefined });

  test.each([
    ['is nothing', ''],
    ['isn’t JSON', '{"accessKeyId":'],
    ['is JSON followed by something', `${contentWith({})}x`],
    ['is null', 'null'],
    ['is a number', '1'],
    ['is a string', JSON.stringify(contentWith({}))],
    ['is a list', `[${contentWith({})}]`],
    ['is empty', '{}'],
    ['has no access key ID', without('accessKeyId')],
    ['has no secret', without('secretAccessKey')],
    ['has no session token', without('sessionToken')],
    ['has no expiry', without('expiration')],
    ['has no ARN', without('arn')],
    ['has no repository', without('repository')],
    ['has no run', without('runId')],
    ['has no scope', without('scope')],
    ['has an empty ID', contentWith({ accessKeyId: '' })],
    ['has an ID that is too short', contentWith({ accessKeyId: 'ASIA' })],
    ['has an ID with a line end', contentWith({ accessKeyId: `${CONTENT.accessKeyId}\n` })],
    ['has an ID that would end a command file', contentWith({ accessKeyId: 'ASIASEALED000000\nPATH=/evil' })],
    ['has an empty secret', contentWith({ secretAccessKey: '' })],
    ['has a secret with a line end', contentWith({ secretAccessKey: 'secret\nAWS_PROFILE=evil' })],
    ['has a secret with a space', contentWith({ secretAccessKey: 'se cret' })],
    ['has an empty token', contentWith({ sessionToken: '' })],
    ['has a token with a line end', contentWith({ sessionToken: 'token\r' })],
    ['has a token with a letter that no token has', contentWith({ sessionToken: 'tökén' })],
    ['has a token that isn’t a string', contentWith({ sessionToken: ['token'] })],
    ['has a token that is too long', contentWith({ sessionToken: 'x'.repeat(16_385) })],
    ['has an invalid expiry', contentWith({ expiration: 'soon' })],
    ['has an empty end', contentWith({ expiration: '' })],
    ['has an end in milliseconds', contentWith({ expiration: END })],
    ['has an end that is null', contentWith({ expiration: null })],
    ['has an invalid ARN', contentWith({ arn: 'ci' })],
    ['has an ARN of another service', contentWith({ arn: 'arn:aws:s3:::bucket' })],
    ['has an ARN of no account', contentWith({ arn: 'arn:aws:iam::12345:user/ci' })],
    ['has an ARN with a line end', contentWith({ arn: `${CONTENT.arn}\nx` })],
    ['has an invalid serial', contentWith({ serial: 'x' })],
    ['has a serial that is null', contentWith({ serial: null })],
    ['has a serial with a line end', contentWith({ serial: `${CONTENT.serial}\nx` })],
    ['has a run that is a number', contentWith({ runId: 1_658_821_493 })],
    ['has a repository that is a list', contentWith({ repository: ['octo-org/octo-repo'] })],
    ['has another scope', contentWith({ scope: 'organization' })],
    ['has its fields in another object', `{"__proto__":${contentWith({})}}`],
  ])('%s', async (_, content) => {
    expect(await refusalOf(sealedText({ content }))).toMatchObject(ALTERED);
  });

  test('is not UTF-8', async () => {
    const broken = Buffer.from(contentWith({ sessionToken: 'token-X' })).map((byte) => (byte === 0x58 ? 0xff : byte));
    expect(await refusalOf(sealedText({ content: broken }))).toMatchObject(ALTERED);
  });
});

test('what is more in it than is known does not matter', async () => {
  expect(await refusalOf(sealedText({ content: contentWith({ mfaUsed: true, more: { than: ['known'] } }) }))).toBe(
    undefined,
  );
});

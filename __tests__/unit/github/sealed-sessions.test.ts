import { describe, expect, test } from '@jest/globals';
import type { Seal } from '../../../src/core/request.ts';
import { openMasked } from '../../../src/github/open-sealed.ts';
import { sealUnmasked } from '../../../src/github/seal-session.ts';
import { CONTENT, contentWith, SEALING_KEY, SECRETS, sealedText } from '../../kit/sealed-text.ts';

const SEAL: Seal = {
  key: { bytes: Buffer.from(SEALING_KEY, 'base64') },
  scope: 'run',
  repository: 'octo-org/octo-repo',
  runId: '1658821493',
};
const NOW = Date.parse('2027-01-15T08:00:00Z');

function open(text: string, masked: string[]): ReturnType<typeof openMasked> {
  return openMasked({ text, seal: SEAL, minimumRemainingSeconds: 300 }, NOW, (secret) => masked.push(secret));
}

describe('an opened session', () => {
  test('is masked, all three of its secrets, before it is handed on', async () => {
    const masked: string[] = [];
    const { credentials, ...known } = await open(sealedText(), masked);
    expect(masked).toEqual(['ASIASEALED0000000001', 'sealed/secret+access+key/of+40/letters/1', CONTENT.sessionToken]);
    expect(credentials).toEqual({
      accessKeyId: 'ASIASEALED0000000001',
      secretAccessKey: 'sealed/secret+access+key/of+40/letters/1',
      sessionToken: CONTENT.sessionToken,
      expiration: new Date('2027-01-15T09:00:00Z'),
    });
    expect(known).toEqual({
      identity: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ci' },
      serial: 'arn:aws:iam::111122223333:mfa/ci',
      by: 'a sealed session',
    });
  });

  test('that may not be used here is not', async () => {
    const masked: string[] = [];
    await expect(open(sealedText({ content: contentWith({ runId: '7' }) }), masked)).rejects.toMatchObject({
      code: 'sealed-session-elsewhere',
    });
    expect(masked).toEqual([]);
  });

  test('is what was sealed', async () => {
    const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = SECRETS;
    const session = {
      credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: new Date('2027-01-15T09:00:00Z') },
      identity: { account: '111122223333', arn: CONTENT.arn },
      serial: undefined,
    };
    const text = await sealUnmasked({ ...session, by: 'the environment' }, SEAL, SECRETS);
    expect(await open(text, [])).toEqual({ ...session, by: 'a sealed session' });
  });
});

test('a session that does not say when it ends is not sealed', async () => {
  const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = SECRETS;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiration: undefined };
  const identity = { account: '111122223333', arn: CONTENT.arn };
  await expect(
    sealUnmasked({ credentials, identity, serial: undefined, by: 'the environment' }, SEAL, []),
  ).rejects.toMatchObject({
    code: 'session-expiry-unknown',
  });
});

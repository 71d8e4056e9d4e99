import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import type { Seal } from '../../../src/core/request.ts';
import {
  hidingAccounts,
  maskAccountsOf,
  maskKnownAccounts,
  openMasked,
  redact,
  startMasking,
} from '../../../src/github/masks.ts';
import { sealUnmasked } from '../../../src/github/sealing.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { FakeLog } from '../../kit/fake-ports.ts';
import { CHAINED, OPENING, requestOf, SEED, WITH_SEED } from '../../kit/requests.ts';
import { CONTENT, contentWith, SEALING_KEY, SECRETS, sealedText } from '../../kit/sealed-text.ts';
import { catchStdout } from '../../kit/stdout.ts';

const stdout = catchStdout();

describe('the masks of a step', () => {
  test('are none at first', () => {
    expect([...startMasking().masks]).toEqual([]);
  });

  test('are kept as they were given, each once, also for those who got the set before', () => {
    const { mask, masks } = startMasking();
    for (const secret of ['s3cret', 'one\ntwo%', 's3cret', ' ']) mask(secret);
    expect([...masks]).toEqual(['s3cret', 'one\ntwo%', ' ']);
  });

  test('contain no empty one, which occurs in every string', () => {
    const { mask, masks } = startMasking();
    mask('');
    expect(masks.size).toBe(0);
  });

  test('are independent of other steps', () => {
    const one = startMasking();
    const other = startMasking();
    one.mask('s3cret');
    expect([...other.masks]).toEqual([]);
  });

  test("are registered with the runner's command", () => {
    startMasking().mask('s3cret');
    expect(stdout.text).toBe('::add-mask::s3cret\n');
  });

  test('are not registered if they are empty: that would mask everything', () => {
    startMasking().mask('');
    expect(stdout.text).toBe('');
  });

  test('are registered without showing the second of several lines', () => {
    startMasking().mask('one\ntwo%');
    expect(stdout.text).toBe('::add-mask::one%0Atwo%25\n');
  });

  test('are taken out of strings from outside, as they are and percent-encoded', () => {
    startMasking().mask('wJalr/XUtn+FEMI');
    expect(redact('wJalr/XUtn+FEMI, wJalr%2FXUtn%2BFEMI')).toBe('***, ***');
  });

  test('are taken out of strings from outside as a whole, even if one is part of another', () => {
    const { mask } = startMasking();
    for (const secret of ['wJalr', 'wJalrXUtnFEMI']) mask(secret);
    expect(redact('wJalrXUtnFEMI, wJalr')).toBe('***, ***');
  });
});

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

describe('an opened sealed session', () => {
  test('is masked: all three secrets', async () => {
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

  test('that may not be used here is not masked', async () => {
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

/** What a call masks. */
function maskedBy(call: (mask: (secret: string) => void) => void): readonly string[] {
  const masked: string[] = [];
  call((secret) => masked.push(secret));
  return masked;
}

describe('the accounts in the inputs', () => {
  test.each<readonly [string, Partial<RawInputs>, readonly string[]]>([
    ['that of the device', WITH_SEED, ['123456789012']],
    [
      'those of a pool',
      {
        ...WITH_SEED,
        'mfa-serial': '',
        'mfa-seed': '',
        'mfa-devices': `arn:aws:iam::111122223333:mfa/a ${SEED}\nGAHT12345678 ${SEED}`,
      },
      ['111122223333'],
    ],
    [
      'those of the device and the role',
      { ...WITH_SEED, 'role-to-assume': 'arn:aws:iam::999999999999:role/deploy' },
      ['123456789012', '999999999999'],
    ],
    ['that of a chained role', CHAINED, ['123456789012']],
    [
      'those of many roles, except for one that is given by its name',
      {
        ...WITH_SEED,
        roles:
          'a = arn:aws:iam::111122223333:role/a\nb = deploy\nc = arn:aws:iam::444455556666:role/c source_profile=a',
      },
      ['123456789012', '111122223333', '444455556666'],
    ],
    ['none of a sealed session, which has its own', OPENING, []],
    [
      'those of the device and the role that replace an unusable sealed session',
      {
        ...OPENING,
        ...WITH_SEED,
        'sealed-session-fallback': 'true',
        'role-to-assume': 'arn:aws:iam::999999999999:role/deploy',
      },
      ['123456789012', '999999999999'],
    ],
    ['none of a hardware token', { ...WITH_SEED, 'mfa-serial': 'GAHT12345678' }, []],
  ])('are masked: %s', async (_, given, accounts) => {
    const request = await requestOf(given);
    expect(maskedBy((mask) => maskKnownAccounts(request, mask))).toEqual(accounts);
  });
});

describe("the accounts in AWS's answers", () => {
  test.each([
    ['in an ARN', 'It is arn:aws:iam::111122223333:user/ci.', ['111122223333']],
    [
      'in several',
      'arn:aws:iam::111122223333:user/a, arn:aws:iam::444455556666:user/b',
      ['111122223333', '444455556666'],
    ],
    ['in words of STS', 'STS is not activated in this region for account:111122223333.', ['111122223333']],
    ['but no other numbers', 'Request 111122223333 took 123456789012345 ms; id:1111222233334', []],
  ])('are masked before the line is printed: %s', (_, line, accounts) => {
    const log = new FakeLog();
    const masked: string[] = [];
    const seen: string[][] = [];
    const hiding = hidingAccounts(
      {
        info: (text) => {
          seen.push([...masked]);
          log.info(text);
        },
        warning: (text) => log.warning(text),
      },
      (secret) => masked.push(secret),
    );
    hiding.info(line);
    hiding.warning(line);
    expect(seen).toEqual([accounts]);
    expect(log.infos).toEqual([line]);
    expect(log.warnings).toEqual([line]);
  });

  test('are masked in an error and in its causes', () => {
    const cause = new Error('arn:aws:iam::444455556666:user/b');
    const error = new Error('arn:aws:iam::111122223333:user/a', { cause });
    expect(maskedBy((mask) => maskAccountsOf(error, mask))).toEqual(['111122223333', '444455556666']);
    expect(maskedBy((mask) => maskAccountsOf('arn:aws:iam::111122223333:user/a', mask))).toEqual([]);
  });

  test('are masked in the facts of a failure, and in those of its context', () => {
    const failure = new Failure('account-not-allowed', { account: '111122223333', what: 'device' });
    expect(maskedBy((mask) => maskAccountsOf(failure, mask))).toEqual(['111122223333']);
    const context = { kind: 'because', failure } as const;
    const spent = new Failure('mfa-code-spent', {}, { context });
    expect(maskedBy((mask) => maskAccountsOf(spent, mask))).toEqual(['111122223333']);
  });
});

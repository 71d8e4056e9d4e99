import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { hidingAccounts, maskAccountsOf, maskKnownAccounts } from '../../../src/github/accounts.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { FakeLog } from '../../kit/fake-ports.ts';
import { CHAINED, OPENING, requestOf, SEED, WITH_SEED } from '../../kit/requests.ts';

/** What a call masks. */
function maskedBy(call: (mask: (secret: string) => void) => void): readonly string[] {
  const masked: string[] = [];
  call((secret) => masked.push(secret));
  return masked;
}

describe('the accounts that the inputs tell', () => {
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
      'that of the role as well',
      { ...WITH_SEED, 'role-to-assume': 'arn:aws:iam::999999999999:role/deploy' },
      ['123456789012', '999999999999'],
    ],
    ['that of a chained role', CHAINED, ['123456789012']],
    [
      'those of many roles, but for one that is given by its name',
      {
        ...WITH_SEED,
        roles:
          'a = arn:aws:iam::111122223333:role/a\nb = deploy\nc = arn:aws:iam::444455556666:role/c source_profile=a',
      },
      ['123456789012', '111122223333', '444455556666'],
    ],
    ['none of a sealed session, which tells its own later', OPENING, []],
    [
      'that of the device and the role that come in where a sealed session cannot be used',
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

describe('the accounts that AWS’s answers tell', () => {
  test.each([
    ['in an ARN', 'It is arn:aws:iam::111122223333:user/ci.', ['111122223333']],
    [
      'in several',
      'arn:aws:iam::111122223333:user/a, arn:aws:iam::444455556666:user/b',
      ['111122223333', '444455556666'],
    ],
    ['in words of STS', 'STS is not activated in this region for account:111122223333.', ['111122223333']],
    ['but no other number', 'Request 111122223333 took 123456789012345 ms; id:1111222233334', []],
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

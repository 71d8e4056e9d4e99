import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { granted, ROLE_SESSION, refused, SESSION } from '../../kit/fake-ports.ts';
import { obtain, WITH_ROLE } from '../../kit/obtain.ts';
import { ROLE, SERIAL, WITH_SEED } from '../../kit/requests.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const WITHOUT_SERIAL: Partial<RawInputs> = { ...WITH_SEED, 'mfa-serial': '' };

describe('a device that isn’t given', () => {
  const U2F = 'arn:aws:iam::123456789012:u2f/user/ci/key-ABC';
  const OTHER = 'arn:aws:iam::123456789012:mfa/other';

  test('is the one that the user has', async () => {
    const { session, aws } = await obtain(WITHOUT_SERIAL, { listDevices: [granted([SERIAL])] });
    expect(aws.names).toEqual(['listDevices', 'getSessionToken', 'callerIdentity']);
    expect(aws.calls[0]).toMatchObject({ keys: { accessKeyId: KEY } });
    expect(session?.serial).toBe(SERIAL);
  });

  test('is the one that the API accepts, next to security keys', async () => {
    const { session } = await obtain(WITHOUT_SERIAL, { listDevices: [granted([U2F, SERIAL, U2F])] });
    expect(session?.serial).toBe(SERIAL);
  });

  test('is found for a code from elsewhere', async () => {
    const { session, aws } = await obtain(
      { ...WITHOUT_SERIAL, 'mfa-seed': '', 'mfa-code': '012345' },
      { listDevices: [granted(['GAHT12345678'])] },
    );
    expect(session?.serial).toBe('GAHT12345678');
    expect(aws.codes).toEqual(['012345']);
  });

  test('is found for a role too, which is in its account', async () => {
    const { aws } = await obtain(
      { ...WITHOUT_SERIAL, 'role-to-assume': 'deploy' },
      { listDevices: [granted([SERIAL])] },
    );
    expect(aws.roleCalls[0]?.roleArn).toBe(ROLE);
  });

  test.each([
    ['the user has none', [], { reason: 'none', unusable: 0 }],
    ['the user has only security keys', [U2F], { reason: 'none', unusable: 1 }],
    ['the user has several', [SERIAL, OTHER, U2F], { reason: 'several', serials: [SERIAL, OTHER] }],
  ])('isn’t guessed: %s', async (_, devices, facts) => {
    const { failure, aws } = await obtain(WITHOUT_SERIAL, { listDevices: [granted(devices)] });
    expect(failure?.code).toBe('mfa-device-not-found');
    expect(failure?.facts).toEqual(facts);
    expect(aws.codes).toEqual([]);
  });

  test('can’t be found if the user may not list devices', async () => {
    const { failure } = await obtain(WITHOUT_SERIAL, { listDevices: [refused('access-denied')] });
    expect(failure?.code).toBe('mfa-device-not-found');
    expect(failure?.facts).toEqual({ reason: 'not-listed' });
    expect(failure?.context).toMatchObject({ kind: 'because', failure: { code: 'access-denied' } });
    expect(failure?.cause).toMatchObject({ code: 'access-denied' });
  });

  test('isn’t to blame if IAM can’t be asked for another reason', async () => {
    const { failure } = await obtain(WITHOUT_SERIAL, { listDevices: [refused('secret-key-wrong')] });
    expect(failure?.code).toBe('secret-key-wrong');
  });

  test('isn’t needed to find the account of a role that is given by its ARN', async () => {
    const given = { ...WITHOUT_SERIAL, 'role-to-assume': ROLE };
    const { aws } = await obtain(given, { listDevices: [granted(['GAHT12345678'])] });
    expect(aws.names).toEqual(['listDevices', 'assumeRole']);
  });
});

describe('a code that STS didn’t check', () => {
  const unknown = refused('mfa-device-unknown');

  test.each([
    ['session token', WITH_SEED],
    ['role', WITH_ROLE],
    ['role after a session token', { ...WITH_ROLE, 'mfa-session-first': 'true' }],
  ])('for a %s: the serial is not the user’s, and IAM names the right ones', async (_, given) => {
    const { failure, aws } = await obtain(given, {
      getSessionToken: [unknown],
      assumeRole: [unknown],
      listDevices: [granted(['arn:aws:iam::123456789012:mfa/right', 'GAHT12345678'])],
    });
    expect(failure?.code).toBe('mfa-device-unknown');
    const own = ['arn:aws:iam::123456789012:mfa/right', 'GAHT12345678'];
    expect(failure?.facts).toEqual({ reason: 'not-own', serial: SERIAL, own });
    expect(aws.codes).toHaveLength(1);
  });

  test('the user has no device at all', async () => {
    const { failure } = await obtain(WITH_SEED, { getSessionToken: [unknown], listDevices: [granted([])] });
    expect(failure?.facts).toEqual({ reason: 'not-own', serial: SERIAL, own: [] });
  });

  test('the device is in another account than the keys, which needs no permission to find out', async () => {
    const { failure, aws } = await obtain(WITH_ROLE, {
      assumeRole: [unknown],
      listDevices: [refused('access-denied')],
      callerIdentity: [granted({ account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' })],
    });
    const arn = 'arn:aws:iam::999999999999:user/ci';
    expect(failure?.facts).toEqual({ reason: 'other-account', serial: SERIAL, account: '123456789012', arn });
    expect(aws.codes).toHaveLength(1);
  });

  test('the device is the user’s: its budget is spent, so the step waits for the next three minutes', async () => {
    const { session, ports } = await obtain(WITH_SEED, {
      getSessionToken: [unknown, granted(SESSION)],
      listDevices: [granted([SERIAL])],
    });
    expect(session?.by).toBe('GetSessionToken');
    expect(ports.clock.slept).toHaveLength(1);
    expect(new Date(ports.clock.now()).toISOString()).toMatch(/T08:03:/);
    expect(ports.reporter.notices).toMatchObject([{ kind: 'waiting', because: 'device-exhausted' }]);
  });

  test('the user may not list devices: one more attempt in the next three minutes shows it', async () => {
    const { failure, aws, ports } = await obtain(WITH_SEED, {
      getSessionToken: [unknown],
      listDevices: [refused('access-denied')],
    });
    expect(aws.codes).toHaveLength(2);
    expect(new Date(ports.clock.now()).toISOString()).toMatch(/T08:03:/);
    expect(failure?.code).toBe('mfa-device-unknown');
  });

  test('the user may not list devices, and who the user is isn’t known: the same', async () => {
    const { session } = await obtain(WITH_ROLE, {
      assumeRole: [unknown, granted(ROLE_SESSION)],
      listDevices: [refused('access-denied')],
      callerIdentity: [refused('network')],
    });
    expect(session?.by).toBe('AssumeRole');
  });
});

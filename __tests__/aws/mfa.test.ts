import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, codeOfStep, DEMO, type Emulator, SettableClock, type User } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate } from './wire.ts';

const { account, device, user, world } = build;

const NOON = Date.parse('2026-09-01T12:00:00Z');
const KEY: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const SERIAL = 'arn:aws:iam::111122223333:mfa/phone';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const INVALID = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
const UNABLE =
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.';

let clock: SettableClock;
let emulator: Emulator;
let dev: User;

beforeEach(async () => {
  clock = new SettableClock(NOON);
  dev = user({
    name: 'dev',
    accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
    devices: [device({ serial: SERIAL, seed: SEED })],
  });
  emulator = await emulate({ clock, world: world({ accounts: [account({ id: DEMO.accountId, users: [dev] })] }) });
});

const step = () => Math.floor(clock.now() / 30_000);
const mint = (code: string, serial = SERIAL) =>
  call(emulator, KEY, 'GetSessionToken', { SerialNumber: serial, TokenCode: code });
const mintStep = (offset: number) => mint(codeOfStep(SEED, step() + offset));
const lastMfa = () => emulator.calls.at(-1)?.mfa;

describe('a code is accepted', () => {
  test.each([-2, -1, 0, 1, 2])('%i steps from the time of the device', async (offset) => {
    expect((await mintStep(offset)).status).toBe(200);
    expect(lastMfa()?.verdict).toBe('accepted');
  });

  test.each([-3, 3])('not %i steps from it', async (offset) => {
    const reply = await mintStep(offset);
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe(INVALID);
  });

  test('until the last millisecond of its window', async () => {
    const code = codeOfStep(SEED, step());
    clock.set(NOON + 90_000);
    expect((await mint(code)).message).toBe(INVALID);
    clock.set(NOON + 89_999);
    expect((await mint(code)).status).toBe(200);
  });

  test('once', async () => {
    expect((await mintStep(0)).status).toBe(200);
    const again = await mintStep(0);
    expect(again.status).toBe(403);
    expect(again.message).toBe(INVALID);
    expect(lastMfa()?.verdict).toBe('used');
  });

  test('in any order: a later one doesn’t invalidate an earlier one', async () => {
    for (const offset of [2, -2, 1, -1, 0]) expect((await mintStep(offset)).status).toBe(200);
  });

  test('for another device of the user, after it was used for the first', async () => {
    dev.devices.push(device({ serial: 'arn:aws:iam::111122223333:mfa/tablet', seed: SEED }));
    expect((await mintStep(0)).status).toBe(200);
    expect((await mint(codeOfStep(SEED, step()), 'arn:aws:iam::111122223333:mfa/tablet')).status).toBe(200);
  });

  test('from a hardware device, by its number', async () => {
    dev.devices.push(device({ serial: 'GAHT12345678', seed: SEED }));
    expect((await mint(codeOfStep(SEED, step()), 'GAHT12345678')).status).toBe(200);
  });
});

describe('the adjustment of a device', () => {
  test('moves its window: at +10, eleven is accepted and two isn’t', async () => {
    dev.devices[0] = device({ serial: SERIAL, seed: SEED, adjustmentSteps: 10 });
    expect((await mintStep(11)).status).toBe(200);
    expect((await mintStep(2)).message).toBe(INVALID);
    expect((await mintStep(8)).status).toBe(200);
    expect((await mintStep(13)).message).toBe(INVALID);
  });
});

describe('the log shows', () => {
  test('the step of a code', async () => {
    // oathtool prints 589457 for the seed at 2026-09-01 11:59:00 UTC.
    await mint('589457');
    expect(lastMfa()).toEqual({ serial: SERIAL, code: '589457', step: 59_608_798, verdict: 'accepted' });
  });

  test('the step of a late or early code, up to twenty steps away', async () => {
    await mintStep(-20);
    expect(lastMfa()).toMatchObject({ step: step() - 20, verdict: 'wrong' });
    await mintStep(20);
    expect(lastMfa()).toMatchObject({ step: step() + 20, verdict: 'wrong' });
    await mintStep(21);
    expect(lastMfa()).toMatchObject({ step: undefined, verdict: 'wrong' });
  });
});

describe('the budget of a device', () => {
  const wrong = () => mint('000000');

  test('is nine verifications: the tenth code is refused, though it’s valid', async () => {
    for (let i = 0; i < 9; i++) expect((await wrong()).message).toBe(INVALID);
    const tenth = await mintStep(0);
    expect(tenth.status).toBe(403);
    expect(tenth.code).toBe('AccessDenied');
    expect(tenth.message).toBe(UNABLE);
    expect(lastMfa()).toMatchObject({ verdict: 'budget', step: step() });
  });

  test('counts accepted, used and wrong codes alike', async () => {
    for (const offset of [-2, -1, 0, 1, 2]) await mintStep(offset);
    for (const offset of [0, 1]) expect((await mintStep(offset)).message).toBe(INVALID);
    for (let i = 0; i < 2; i++) await wrong();
    expect((await wrong()).message).toBe(UNABLE);
  });

  test('renews after the three minutes, not earlier', async () => {
    for (let i = 0; i < 9; i++) await wrong();
    clock.set(NOON + 179_999);
    expect((await mintStep(0)).message).toBe(UNABLE);
    clock.set(NOON + 180_000);
    expect((await mintStep(0)).status).toBe(200);
  });

  test('begins at minutes 0, 3, 6 … UTC, not at the first code', async () => {
    clock.set(NOON + 170_000);
    for (let i = 0; i < 9; i++) await wrong();
    expect((await wrong()).message).toBe(UNABLE);
    clock.set(NOON + 180_000);
    for (let i = 0; i < 9; i++) expect((await wrong()).message).toBe(INVALID);
    expect((await wrong()).message).toBe(UNABLE);
  });

  test('doesn’t use codes that exceed it', async () => {
    clock.set(NOON + 150_000);
    const code = codeOfStep(SEED, step());
    for (let i = 0; i < 9; i++) await wrong();
    expect((await mint(code)).message).toBe(UNABLE);
    clock.set(NOON + 180_000);
    expect((await mint(code)).status).toBe(200);
  });

  test('is separate for each device', async () => {
    dev.devices.push(device({ serial: 'arn:aws:iam::111122223333:mfa/tablet', seed: SEED }));
    for (let i = 0; i < 10; i++) await wrong();
    expect((await mint(codeOfStep(SEED, step()), 'arn:aws:iam::111122223333:mfa/tablet')).status).toBe(200);
  });

  test('can be set for a device', async () => {
    dev.devices[0] = device({ serial: SERIAL, seed: SEED, budget: 1 });
    expect((await mintStep(0)).status).toBe(200);
    expect((await mintStep(1)).message).toBe(UNABLE);
  });

  test('isn’t affected by calls without a code', async () => {
    for (let i = 0; i < 12; i++) await call(emulator, KEY, 'GetSessionToken');
    expect((await mintStep(0)).status).toBe(200);
  });
});

describe('a device can’t be used', () => {
  test('that doesn’t exist', async () => {
    const reply = await mint(codeOfStep(SEED, step()), 'arn:aws:iam::111122223333:mfa/other');
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe(UNABLE);
    expect(lastMfa()).toMatchObject({ verdict: 'unknown-device', step: undefined });
  });

  test('that is another user’s', async () => {
    const foreign = device({ serial: 'arn:aws:iam::111122223333:mfa/colleague', seed: SEED });
    emulator.world.accounts[0]?.users.push(user({ name: 'colleague', devices: [foreign] }));
    expect((await mint(codeOfStep(SEED, step()), foreign.serial)).message).toBe(UNABLE);
  });

  test('that is a security key', async () => {
    dev.securityKeys.push({ serial: 'arn:aws:iam::111122223333:u2f/user/dev/yubikey' });
    const reply = await mint(codeOfStep(SEED, step()), 'arn:aws:iam::111122223333:u2f/user/dev/yubikey');
    expect(reply.message).toBe(UNABLE);
  });

  test('in the first twelve seconds after enabling it', async () => {
    dev.devices[0] = device({ serial: SERIAL, seed: SEED, enabledAt: NOON });
    clock.set(NOON + 11_999);
    expect((await mintStep(0)).message).toBe(UNABLE);
    clock.set(NOON + 12_000);
    expect((await mintStep(0)).status).toBe(200);
  });
});

describe('half of MFA is refused', () => {
  const MISSING = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';

  test('a serial number without a code', async () => {
    const reply = await call(emulator, KEY, 'GetSessionToken', { SerialNumber: SERIAL });
    expect(reply.status).toBe(403);
    expect(reply.code).toBe('AccessDenied');
    expect(reply.message).toBe(MISSING);
    expect(lastMfa()?.verdict).toBe('incomplete');
  });

  test('a code without a serial number', async () => {
    const reply = await call(emulator, KEY, 'GetSessionToken', { TokenCode: codeOfStep(SEED, step()) });
    expect(reply.message).toBe(MISSING);
    expect((await mintStep(0)).status).toBe(200);
  });
});

import { beforeEach } from '@jest/globals';
import { build, codeOfStep, type Emulator, SettableClock, type User } from '../../../lab/aws/index.ts';
import { type Credentials, call, emulate, type Reply } from '../wire.ts';

// An account with an administrator, and a guest who has a phone and may manage their own devices with MFA.

const { account, device, user, world } = build;

export const ACCOUNT = '111122223333';
export const ADMIN: Credentials = {
  accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
  secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
};
export const GUEST: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
export const PHONE = { serial: `arn:aws:iam::${ACCOUNT}:mfa/phone`, seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };

export let emulator: Emulator;
export let clock: SettableClock;
export let guest: User;

beforeEach(async () => {
  clock = new SettableClock(Date.parse('2026-09-01T12:00:00Z'));
  guest = user({
    name: 'guest',
    accessKeys: [{ id: GUEST.accessKeyId, secret: GUEST.secretAccessKey }],
    devices: [device(PHONE)],
    policies: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } }],
  });
  const admin = user({
    name: 'admin',
    accessKeys: [{ id: ADMIN.accessKeyId, secret: ADMIN.secretAccessKey }],
    attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  emulator = await emulate({ clock, world: world({ accounts: [account({ id: ACCOUNT, users: [admin, guest] })] }) });
});

type Params = Readonly<Record<string, string>>;

/** One call of IAM. */
export const iam = (keys: Credentials, action: string, params: Params = {}): Promise<Reply> =>
  call(emulator, keys, action, params, { service: 'iam' });

/** Status, code and message of an answer. */
export async function said(reply: Promise<Reply>): Promise<readonly [number, string | undefined, string | undefined]> {
  const { status, code, message } = await reply;
  return [status, code, message];
}

/** What `said` returns for a successful call. */
export const DONE = [200, undefined, undefined];

/** The current step. */
export const step = (): number => Math.floor(clock.now() / 30_000);

/** The codes of two steps, as parameters of EnableMFADevice and ResyncMFADevice. */
export const codes = (seed: string, first: number, second: number = first + 1): Params => ({
  AuthenticationCode1: codeOfStep(seed, first),
  AuthenticationCode2: codeOfStep(seed, second),
});

/** A session of the guest, with an unused code of the phone. */
export async function guestWithMfa(): Promise<Credentials> {
  clock.advance(30_000);
  const mfa = { SerialNumber: PHONE.serial, TokenCode: codeOfStep(PHONE.seed, step()) };
  return (await call(emulator, GUEST, 'GetSessionToken', mfa)).credentials;
}

/** Creates a virtual device and returns its serial and its seed. */
export async function createDevice(keys: Credentials, name: string): Promise<{ serial: string; seed: string }> {
  const reply = await iam(keys, 'CreateVirtualMFADevice', { VirtualMFADeviceName: name });
  const seed = Buffer.from(reply.field('Base32StringSeed') ?? '', 'base64').toString();
  return { serial: reply.field('SerialNumber') ?? '', seed };
}

/** Creates a device and enables it, with the codes of the previous and the current step. */
export async function enableDevice(keys: Credentials, name: string, UserName: string) {
  const created = await createDevice(keys, name);
  const params = { UserName, SerialNumber: created.serial, ...codes(created.seed, step() - 1) };
  return { ...created, reply: await iam(keys, 'EnableMFADevice', params) };
}

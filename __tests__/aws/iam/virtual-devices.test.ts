import { describe, expect, test } from '@jest/globals';
import {
  ACCOUNT,
  ADMIN,
  clock,
  createDevice,
  DONE,
  emulator,
  enableDevice,
  GUEST,
  guest,
  guestWithMfa,
  iam,
  PHONE,
  said,
} from './account.ts';

const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/guest-ci`;

describe('CreateVirtualMFADevice', () => {
  test('returns a serial number, and a seed of 64 Base32 characters, in base64', async () => {
    const reply = await iam(ADMIN, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'guest-ci' });
    expect(reply.status).toBe(200);
    expect(reply.field('SerialNumber')).toBe(SERIAL);
    const seed = Buffer.from(reply.field('Base32StringSeed') ?? '', 'base64').toString();
    expect(seed).toMatch(/^[A-Z2-7]{64}$/);
    expect(emulator.world.accounts[0]?.unassignedDevices).toEqual([
      { serial: SERIAL, seed, adjustmentSteps: 0, budget: 9, createdAt: clock.now() },
    ]);
  });

  test('returns a PNG', async () => {
    const reply = await iam(ADMIN, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'guest-ci' });
    const png = Buffer.from(reply.field('QRCodePNG') ?? '', 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([228, 228]);
  });

  test('has a path and tags', async () => {
    const params = {
      VirtualMFADeviceName: 'ci',
      Path: '/team/',
      'Tags.member.1.Key': 'for',
      'Tags.member.1.Value': 'ci',
    };
    expect((await iam(ADMIN, 'CreateVirtualMFADevice', params)).field('SerialNumber')).toBe(
      `arn:aws:iam::${ACCOUNT}:mfa/team/ci`,
    );
  });

  test.each(['guest-ci', 'GUEST-CI', 'phone'])('refuses the existing name %s', async (name) => {
    await createDevice(ADMIN, 'guest-ci');
    expect(await said(iam(ADMIN, 'CreateVirtualMFADevice', { VirtualMFADeviceName: name }))).toEqual([
      409,
      'EntityAlreadyExists',
      'MFADevice entity at the same path and name already exists.',
    ]);
  });

  test.each([
    [
      {},
      "1 validation error detected: Value null at 'virtualMFADeviceName' failed to satisfy constraint: Member must not be null",
    ],
    [
      { VirtualMFADeviceName: 'a b' },
      'The specified value for virtualMFADeviceName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      { VirtualMFADeviceName: 'ci', Path: 'team' },
      'The specified value for path is invalid. It must contain only alphanumeric characters and/or the following: /+=,.@_- and must begin and end with /',
    ],
  ])('refuses %j', async (params: Record<string, string>, message) => {
    expect(await said(iam(ADMIN, 'CreateVirtualMFADevice', params))).toEqual([400, 'ValidationError', message]);
  });

  test('needs permission for the device', async () => {
    guest.policies = [
      { Statement: { Effect: 'Allow', Action: 'iam:CreateVirtualMFADevice', Resource: `arn:aws:iam::*:mfa/guest` } },
    ];
    expect(await said(iam(GUEST, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'guest-ci' }))).toEqual([
      403,
      'AccessDenied',
      `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:CreateVirtualMFADevice on resource: ${SERIAL} because no identity-based policy allows the iam:CreateVirtualMFADevice action`,
    ]);
    expect(await said(iam(GUEST, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'guest' }))).toEqual(DONE);
  });
});

describe('ListVirtualMFADevices', () => {
  const serials = async (params: Record<string, string>) =>
    (await iam(ADMIN, 'ListVirtualMFADevices', params)).fields('SerialNumber');

  test('lists assigned and unassigned devices, without seeds', async () => {
    await createDevice(ADMIN, 'guest-ci');
    expect(await serials({})).toEqual([PHONE.serial, SERIAL]);
    expect(await serials({ AssignmentStatus: 'Assigned' })).toEqual([PHONE.serial]);
    expect(await serials({ AssignmentStatus: 'Unassigned' })).toEqual([SERIAL]);
    expect((await iam(ADMIN, 'ListVirtualMFADevices')).body).not.toContain(PHONE.seed);
  });

  test('has pages', async () => {
    for (const name of ['a', 'b', 'c']) await createDevice(ADMIN, name);
    const first = await iam(ADMIN, 'ListVirtualMFADevices', { AssignmentStatus: 'Unassigned', MaxItems: '2' });
    expect(first.fields('SerialNumber')).toHaveLength(2);
    expect(first.field('IsTruncated')).toBe('true');
    const rest = { AssignmentStatus: 'Unassigned', Marker: first.field('Marker') ?? '' };
    const second = await iam(ADMIN, 'ListVirtualMFADevices', rest);
    expect([second.fields('SerialNumber'), second.field('IsTruncated')]).toEqual([
      [`arn:aws:iam::${ACCOUNT}:mfa/c`],
      'false',
    ]);
  });

  test.each([
    [
      { AssignmentStatus: 'assigned', MaxItems: '0' },
      "2 validation errors detected: Value 'assigned' at 'assignmentStatus' failed to satisfy constraint: Member must satisfy enum value set: [Assigned, Unassigned, Any]; Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [{ Marker: 'nowhere' }, 'Invalid Marker.'],
  ])('refuses %j', async (params: Record<string, string>, message) => {
    expect(await said(iam(ADMIN, 'ListVirtualMFADevices', params))).toEqual([400, 'ValidationError', message]);
  });
});

describe('DeleteVirtualMFADevice', () => {
  test('deletes an unassigned device, and frees its name for another seed', async () => {
    const first = await createDevice(ADMIN, 'guest-ci');
    expect(await said(iam(ADMIN, 'DeleteVirtualMFADevice', { SerialNumber: SERIAL }))).toEqual(DONE);
    expect((await createDevice(ADMIN, 'guest-ci')).seed).not.toBe(first.seed);
  });

  test('refuses an assigned device until it’s deactivated', async () => {
    await enableDevice(ADMIN, 'guest-ci', 'guest');
    expect(await said(iam(ADMIN, 'DeleteVirtualMFADevice', { SerialNumber: SERIAL }))).toEqual([
      409,
      'DeleteConflict',
      'MFA VirtualDevice in use. Must deactivate first.',
    ]);
    const session = await guestWithMfa();
    const params = { UserName: 'guest', SerialNumber: SERIAL };
    expect(await said(iam(session, 'DeactivateMFADevice', params))).toEqual(DONE);
    expect(await said(iam(session, 'DeleteVirtualMFADevice', { SerialNumber: SERIAL }))).toEqual(DONE);
  });

  test('refuses a device that doesn’t exist', async () => {
    expect(await said(iam(ADMIN, 'DeleteVirtualMFADevice', { SerialNumber: SERIAL }))).toEqual([
      404,
      'NoSuchEntity',
      `VirtualMFADevice with serial number ${SERIAL} doesn't exist.`,
    ]);
  });
});

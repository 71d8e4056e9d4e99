import { AwsError, accessDenied } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { codeOfKey, decodeSeed, stepAt } from '../totp.ts';
import type { MfaDevice, User } from '../world.ts';
import { fields, type Xml } from '../xml.ts';
import { date } from './describe.ts';
import { alreadyExists, isFound, noSuchEntity, permittedUser } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';

// The devices of users: listing, enabling, resynchronising, deactivating.

/** Including security keys and passkeys. */
const MAX_DEVICES = 8;

/** ListMFADevices: without UserName, the caller's. The list includes security keys, though no API call can use them. */
export function listMfaDevices(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.optional('UserName', 'userName');
  const page = readPage(parameters);
  parameters.check();
  const user = permittedUser(call, 'iam:ListMFADevices', name);
  const found = [...user.devices, ...user.securityKeys].filter((one) => isFound(call, one, one.enabledAt));
  const members = found.map(({ serial, enabledAt }) =>
    fields({ UserName: user.name, SerialNumber: serial, EnableDate: date(enabledAt) }),
  );
  return pageXml('MFADevices', members, page);
}

/** EnableMFADevice: gives a virtual device to a user. Two consecutive codes set the device's time. */
export function enableMfaDevice(call: ApiCall): undefined {
  const { account } = call.caller;
  const { name, serial, first, second } = readCodes(call);
  const user = permittedUser(call, 'iam:EnableMFADevice', name);
  refuseOwnWithoutMfa(call, 'iam:EnableMFADevice', user);
  if (account.users.some(({ devices }) => devices.some((one) => one.serial === serial))) {
    throw alreadyExists('MFA Device is already in use.');
  }
  const device = account.unassignedDevices.find((one) => one.serial === serial);
  if (device === undefined || !isFound(call, device, device.createdAt)) {
    throw noSuchEntity(`VirtualMFADevice with serial number ${serial} doesn't exist.`);
  }
  if (user.devices.length + user.securityKeys.length >= MAX_DEVICES) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for MFADevicesPerUser: ${MAX_DEVICES}`);
  }
  const adjustmentSteps = adjustmentFrom(device, first, second, call.now);
  account.unassignedDevices.splice(account.unassignedDevices.indexOf(device), 1);
  user.devices.push({ ...device, adjustmentSteps, enabledAt: call.now });
}

/** ResyncMFADevice: two consecutive codes set the device's time again. */
export function resyncMfaDevice(call: ApiCall): undefined {
  const { name, serial, first, second } = readCodes(call);
  const user = permittedUser(call, 'iam:ResyncMFADevice', name);
  const device = deviceOf(call, user, serial);
  device.adjustmentSteps = adjustmentFrom(device, first, second, call.now);
  device.enabledAt = call.now;
}

/** DeactivateMFADevice: a virtual device stays in the account, with its seed. A security key is deleted. */
export function deactivateMfaDevice(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.optional('UserName', 'userName');
  const serial = parameters.required('SerialNumber', 'serialNumber');
  parameters.check();
  const user = permittedUser(call, 'iam:DeactivateMFADevice', name);
  refuseOwnWithoutMfa(call, 'iam:DeactivateMFADevice', user);
  const securityKey = user.securityKeys.findIndex((one) => one.serial === serial);
  if (securityKey >= 0) {
    user.securityKeys.splice(securityKey, 1);
    return;
  }
  const device = deviceOf(call, user, serial);
  user.devices.splice(user.devices.indexOf(device), 1);
  const { enabledAt: _, ...unassigned } = device;
  if (serial.startsWith('arn:')) account.unassignedDevices.push({ ...unassigned, adjustmentSteps: 0 });
}

function readCodes({ request }: ApiCall) {
  const parameters = new Parameters(request.params);
  const name = parameters.required('UserName', 'userName');
  const serial = parameters.required('SerialNumber', 'serialNumber');
  const first = parameters.required('AuthenticationCode1', 'authenticationCode');
  const second = parameters.required('AuthenticationCode2', 'authenticationCode');
  parameters.check();
  return { name, serial, first, second };
}

function deviceOf(call: ApiCall, user: User, serial: string): MfaDevice {
  const device = user.devices.find((one) => one.serial === serial);
  if (device === undefined || !isFound(call, device, device.enabledAt))
    throw noSuchEntity('MFA Device invalid for user.');
  return device;
}

/**
 * A user who has a device needs a session with MFA to add or remove their own, even if the policies allow it. We don't know AWS's
 * message for this refusal.
 * @throws AwsError AccessDenied
 */
function refuseOwnWithoutMfa({ caller }: ApiCall, action: string, user: User): void {
  const isOwn = caller.kind === 'user' && caller.user === user;
  if (!isOwn || user.devices.length + user.securityKeys.length === 0) return;
  throw accessDenied(
    `User: ${user.name} is not authorized to perform: ${action} on resource: user ${user.name} without multi-factor authentication`,
  );
}

/**
 * How far from now the two codes may be, in steps. AWS doesn't publish it. Users have seen adjustments of hundreds of steps after a
 * resync.
 */
const SEARCHED = 500;

/**
 * The adjustment of a device from two consecutive codes: the second one's step is the device's time. The codes may have been used
 * with STS, and can still be. Codes that are too old for STS are accepted here, and leave the device out of sync
 * (EnableMFADevice, IAM API reference).
 * @param now the emulator's time, ms since the epoch
 * @throws AwsError InvalidAuthenticationCode
 */
function adjustmentFrom({ seed }: MfaDevice, first: string, second: string, now: number): number {
  const key = decodeSeed(seed);
  const current = stepAt(now);
  for (let distance = 0; distance <= SEARCHED; distance++) {
    for (const step of [current - distance, current + distance]) {
      if (step > 0 && codeOfKey(key, step) === second && codeOfKey(key, step - 1) === first) return step - current;
    }
  }
  throw new AwsError(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.');
}

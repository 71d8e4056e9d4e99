import { randomBytes } from 'node:crypto';
import { device as newDevice } from '../build.ts';
import { AwsError } from '../errors.ts';
import { base32Upper } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { element, fields, type Xml } from '../xml.ts';
import { date, userXml } from './describe.ts';
import { alreadyExists, isFound, noSuchEntity, sameName } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';
import { qrCodePng } from './qr-code.ts';
import { byArn } from './target.ts';

// The virtual devices of an account: creating, listing, deleting.

const SEED_CHARACTERS = 64;

/** CreateVirtualMFADevice: the only answer that contains the seed, in Base32, and that in base64. */
export function createVirtualMfaDevice(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('VirtualMFADeviceName', 'deviceName');
  const path = parameters.optional('Path', 'path') ?? '/';
  const tags = parameters.tags();
  parameters.check();
  const serial = `arn:${account.partition}:iam::${account.id}:mfa${path}${name}`;
  permit(call, 'iam:CreateVirtualMFADevice', byArn(serial), { requestTags: tags });
  if (Object.keys(tags).length > 0) permit(call, 'iam:TagMFADevice', byArn(serial), { requestTags: tags });
  const assigned = account.users.flatMap(({ devices }) => devices);
  if ([...assigned, ...account.unassignedDevices].some((other) => sameName(other.serial, serial))) {
    throw alreadyExists('MFADevice entity at the same path and name already exists.');
  }
  const seed = base32Upper(randomBytes(SEED_CHARACTERS), SEED_CHARACTERS);
  account.unassignedDevices.push(newDevice({ serial, seed, createdAt: call.now }));
  const uri = `otpauth://totp/Amazon%20Web%20Services:${encodeURIComponent(`${name}@${account.id}`)}?secret=${seed}&issuer=Amazon%20Web%20Services`;
  return element(
    'VirtualMFADevice',
    fields({
      SerialNumber: serial,
      Base32StringSeed: Buffer.from(seed).toString('base64'),
      QRCodePNG: qrCodePng(uri).toString('base64'),
    }),
  );
}

/** DeleteVirtualMFADevice: only if no user has it. */
export function deleteVirtualMfaDevice(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const serial = parameters.required('SerialNumber', 'serialNumber');
  parameters.check();
  permit(call, 'iam:DeleteVirtualMFADevice', byArn(serial));
  if (account.users.some(({ devices }) => devices.some((one) => one.serial === serial))) {
    throw new AwsError(409, 'DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.');
  }
  const device = account.unassignedDevices.find((one) => one.serial === serial);
  if (device === undefined || !isFound(call, device, device.createdAt)) {
    throw noSuchEntity(`VirtualMFADevice with serial number ${serial} doesn't exist.`);
  }
  account.unassignedDevices.splice(account.unassignedDevices.indexOf(device), 1);
}

/** ListVirtualMFADevices: the whole account's, without seeds. */
export function listVirtualMfaDevices(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const status = parameters.choice('AssignmentStatus', ['Assigned', 'Unassigned', 'Any']) ?? 'Any';
  const page = readPage(parameters);
  parameters.check();
  permit(call, 'iam:ListVirtualMFADevices', byArn(`arn:${account.partition}:iam::${account.id}:mfa/`));
  const assigned = account.users.flatMap((user) =>
    user.devices
      .filter((one) => one.serial.startsWith('arn:') && isFound(call, one, one.enabledAt))
      .map(
        ({ serial, enabledAt }) =>
          fields({ SerialNumber: serial }) +
          element('User', userXml(account, user)) +
          fields({ EnableDate: date(enabledAt) }),
      ),
  );
  const free = account.unassignedDevices.filter((one) => isFound(call, one, one.createdAt));
  const unassigned = free.map(({ serial }) => fields({ SerialNumber: serial }));
  const members = [...(status === 'Unassigned' ? [] : assigned), ...(status === 'Assigned' ? [] : unassigned)];
  return pageXml('VirtualMFADevices', members, page);
}

import type { AccessKey, AccessKeyMetadata, User, VirtualMFADevice } from '@aws-sdk/client-iam';
import { plainSeed, plainSpellings } from '../core/codes/totp.ts';
import { isMaskable, isPrintable, type Keys } from '../core/credentials.ts';
import type { IamKey, IamUser, NewDevice } from '../setup/ports.ts';
import type { Secrets } from './client-context.ts';

// What IAM answers, checked: undefined if something is missing from it, or isn't what AWS puts there.

export function userIn(user: User | undefined): IamUser | undefined {
  const { UserName: name, Arn: arn, Tags: tags = [], PermissionsBoundary: boundary } = user ?? {};
  if (!name || !arn) return undefined;
  const pairs = tags.map(({ Key = '', Value = '' }) => [Key, Value]);
  return { name, arn, tags: Object.fromEntries(pairs), boundary: boundary?.PermissionsBoundaryArn };
}

/** A listed key; none if it isn't complete. */
export function keyIn({ AccessKeyId: accessKeyId, Status, CreateDate: created }: AccessKeyMetadata): readonly IamKey[] {
  return accessKeyId && created ? [{ accessKeyId, active: Status === 'Active', created }] : [];
}

/** A new device, its seed masked before anything else happens to it. The QR code in the answer isn't kept. */
export function newDeviceIn(device: VirtualMFADevice | undefined, { mask }: Secrets): NewDevice | undefined {
  const { SerialNumber: serial, Base32StringSeed: bytes = new Uint8Array() } = device ?? {};
  const seed = Buffer.from(bytes).toString();
  // The API and the CLI return it in base64.
  const spellings = [...plainSpellings(seed), Buffer.from(seed).toString('base64')];
  for (const secret of spellings.filter(isMaskable)) mask(secret);
  return serial && plainSeed(seed) ? { serial, seed } : undefined;
}

/** A new key, its secret masked before anything else happens to it. Its ID isn't a secret. */
export function newKeyIn(key: AccessKey | undefined, { mask }: Secrets): Keys | undefined {
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = key ?? {};
  if (isMaskable(secretAccessKey)) mask(secretAccessKey);
  return /^\w{16,128}$/.test(accessKeyId) && isPrintable(secretAccessKey)
    ? { accessKeyId, secretAccessKey }
    : undefined;
}

/** A policy's JSON: IAM sends it percent-encoded (RFC 3986). */
export function decoded(document: string | undefined): string | undefined {
  try {
    return document && decodeURIComponent(document);
  } catch {
    return undefined;
  }
}

/** Where the next page begins, if there is one. */
export function markerIn(page: object): { readonly marker: string } | 'missing' | undefined {
  const { IsTruncated, Marker }: { readonly IsTruncated?: unknown; readonly Marker?: unknown } = page;
  if (IsTruncated !== true) return undefined;
  return typeof Marker === 'string' && Marker !== '' ? { marker: Marker } : 'missing';
}

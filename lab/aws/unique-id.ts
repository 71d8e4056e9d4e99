import { createHash } from 'node:crypto';

/** IAM's unique ID of a user (AIDA…), a role (AROA…) or a managed policy (ANPA…): the same for the same ARN, so that logs can be compared. */
export function uniqueId(prefix: 'AIDA' | 'AROA' | 'ANPA', arn: string): string {
  return prefix + base32Upper(createHash('sha256').update(arn).digest(), 17);
}

/** `length` characters of A–Z and 2–7 made from `bytes`, as in the IDs of IAM. */
export function base32Upper(bytes: Buffer, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(0, length)) text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte & 31);
  return text;
}

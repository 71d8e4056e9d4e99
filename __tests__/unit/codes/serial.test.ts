import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSerial } from '../../../src/core/codes/serial.ts';
import { piecesOf } from '../../kit/raw-inputs.ts';

function problemOf(text: string): string {
  const serial = parseSerial(text);
  return 'problem' in serial ? serial.problem : 'none';
}

describe('a serial number', () => {
  test.each([
    ['aws', 'arn:aws:iam::123456789012:mfa/ci'],
    ['aws-cn', 'arn:aws-cn:iam::123456789012:mfa/ci'],
    ['aws-us-gov', 'arn:aws-us-gov:iam::123456789012:mfa/ci'],
    ['aws-eusc', 'arn:aws-eusc:iam::123456789012:mfa/ci'],
    ['aws-iso-f', 'arn:aws-iso-f:iam::123456789012:mfa/ci'],
  ])('of a virtual device is its ARN, in the partition %s too', (partition, text) => {
    expect(parseSerial(text)).toEqual({ kind: 'virtual', text, partition, account: '123456789012' });
  });

  test.each([
    'arn:aws:iam::000000000012:mfa/ci',
    'arn:aws:iam::123456789012:mfa/a.name+with=all,of@it-_',
    'arn:aws:iam::123456789012:mfa/path/to/ci',
    `arn:aws:iam::123456789012:mfa/${'x'.repeat(128)}`,
  ])('of a virtual device may be %s', (text) => {
    expect(parseSerial(text)).toMatchObject({ kind: 'virtual', text });
  });

  test.each(['GAHT12345678', '123456789', 'GAHT-1234_5678', '0'.repeat(256)])(
    'of a hardware token is the number on it: %s',
    (text) => {
      expect(parseSerial(text)).toEqual({ kind: 'hardware', text });
    },
  );
});

describe('what is no serial number is refused with what to write instead', () => {
  test.each([
    ['the ARN of a user', 'arn:aws:iam::123456789012:user/ci', 'is the ARN of a user;'],
    ['the ARN of a user in China', 'arn:aws-cn:iam::123456789012:user/path/ci', 'is the ARN of a user;'],
    ['a security key', 'arn:aws:iam::123456789012:u2f/user/ci/key-ABC', 'is a FIDO security key or passkey;'],
    ['the ARN of a role', 'arn:aws:iam::123456789012:role/ci', 'is not the ARN of an MFA device;'],
    ['an account of eleven digits', 'arn:aws:iam::12345678901:mfa/ci', 'is not the ARN of an MFA device;'],
    ['an account with letters', 'arn:aws:iam::ACCOUNT:mfa/ci', 'is not the ARN of an MFA device;'],
    ['no name', 'arn:aws:iam::123456789012:mfa/', 'is not the ARN of an MFA device;'],
    ['a space in the name', 'arn:aws:iam::123456789012:mfa/c i', 'is not the ARN of an MFA device;'],
    ['a line end behind it', 'arn:aws:iam::123456789012:mfa/ci\n', 'is not the ARN of an MFA device;'],
    ['another service', 'arn:aws:sts::123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['a letter too many in front', 'aarn:aws:iam::123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['capitals', 'ARN:AWS:IAM::123456789012:MFA/CI', 'is not the ARN of an MFA device;'],
    ['a capital', 'Arn:aws:iam::123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['a comma after it', 'arn:aws:iam::123456789012:mfa/ci,', 'is not the ARN of an MFA device;'],
    ['two ARNs', 'arn:aws:iam::123456789012:mfa/a,arn:aws:iam::123456789012:mfa/b', 'is not the ARN of an MFA device;'],
    ['quotes', '"arn:aws:iam::123456789012:mfa/ci"', 'is not the ARN of an MFA device;'],
    ['a colon for the slash', 'arn:aws:iam::123456789012:mfa:ci', 'is not the ARN of an MFA device;'],
    ['no arn:', 'aws:iam::123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['half of one', '123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['the name with its type', 'mfa/ci-device', 'is not the ARN of an MFA device;'],
    ['one colon', 'arn:aws:iam:123456789012:mfa/ci', 'is not the ARN of an MFA device;'],
    ['a link to it', 'https://console.aws.amazon.com/iam/mfa/ci', 'is not the ARN of an MFA device;'],
    ['a number with a comma after it', 'GAHT12345678,', 'is not a serial number:'],
    ['two numbers', 'GAHT12345678,GAHT87654321', 'is not a serial number:'],
    ['a URI of a seed in a QR code', 'QR-Code:otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', 'looks like a seed;'],
    ['a seed', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'looks like a seed;'],
    ['a short seed', 'GEZDGNBVGY3TQOJQ', 'looks like a seed;'],
    ['a seed with hyphens', 'GEZD-GNBV-GY3T-QOJQ', 'looks like a seed;'],
    ['a seed in lower case with padding', 'gezdgnbvgy3tqojqgezdgnbvgy3tqojq====', 'looks like a seed;'],
    ['an otpauth URI', 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', 'looks like a seed;'],
    ['eight characters', '12345678', 'is not a serial number:'],
    ['257 characters', '0'.repeat(257), 'is not a serial number:'],
    ['white space', 'GAHT 12345678', 'is not a serial number:'],
    ['a letter that is not ASCII', 'GÄHT12345678', 'is not a serial number:'],
    ['a masked one', '*********', 'is not a serial number:'],
    ['nothing', '', 'is not a serial number:'],
  ])('%s', (_, text, beginning) => {
    expect(problemOf(text).startsWith(beginning)).toBe(true);
  });

  test('and never quoted, since a seed may have been put there', () => {
    const seeds = fc
      .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), { minLength: 32, maxLength: 64 })
      .map((letters) => letters.join(''));
    const wrap = fc.constantFrom(
      (seed: string) => seed,
      (seed: string) => seed.toLowerCase(),
      (seed: string) => seed.replace(/(.{4})/g, '$1 '),
      (seed: string) => `OTPAUTH://totp/x?secret=${seed}`,
      (seed: string) => `arn:${seed}`,
      (seed: string) => `arn:aws:iam::${seed}:mfa/x`,
    );
    fc.assert(
      fc.property(seeds, wrap, (seed, wrapped) => {
        const problem = problemOf(wrapped(seed)).toUpperCase();
        expect(problem).not.toBe('NONE');
        for (const piece of piecesOf(seed)) expect(problem).not.toContain(piece);
      }),
      { numRuns: 1000 },
    );
  });
});

test('any text is a serial number that STS would take, or none', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...'arn:aws:iam::0123456789012:mfa/xyz-\n') }).map((text) => `arn:aws${text}`),
    fc.stringMatching(/^arn:aws[a-z-]*:iam::\d{11,13}:(?:mfa|user|u2f)\/[\w+=,.@/-]*$/),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const serial = parseSerial(text);
      if ('problem' in serial) return;
      // STS API reference, GetSessionToken, SerialNumber.
      expect(serial.text).toBe(text);
      expect(text).toMatch(/^[\w+=/:,.@-]{9,256}$/);
      if (serial.kind === 'hardware') expect(text).not.toMatch(/[:/,]/);
      else expect(text.startsWith(`arn:${serial.partition}:iam::${serial.account}:mfa/`)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

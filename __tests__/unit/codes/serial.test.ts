import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSerial, type SerialProblem } from '../../../src/core/codes/serial.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

function problemOf(text: string): SerialProblem | undefined {
  const serial = parseSerial(text);
  return 'problem' in serial ? serial.problem : undefined;
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

describe('what isn’t a serial number is refused', () => {
  test.each([
    ['the ARN of a user', 'arn:aws:iam::123456789012:user/ci', 'user-arn'],
    ['the ARN of a user in China', 'arn:aws-cn:iam::123456789012:user/path/ci', 'user-arn'],
    ['a security key', 'arn:aws:iam::123456789012:u2f/user/ci/key-ABC', 'security-key'],
    ['the ARN of a role', 'arn:aws:iam::123456789012:role/ci', 'not-device-arn'],
    ['an account of eleven digits', 'arn:aws:iam::12345678901:mfa/ci', 'not-device-arn'],
    ['an account with letters', 'arn:aws:iam::ACCOUNT:mfa/ci', 'not-device-arn'],
    ['no name', 'arn:aws:iam::123456789012:mfa/', 'not-device-arn'],
    ['a space in the name', 'arn:aws:iam::123456789012:mfa/c i', 'not-device-arn'],
    ['a line end after it', 'arn:aws:iam::123456789012:mfa/ci\n', 'not-device-arn'],
    ['another service', 'arn:aws:sts::123456789012:mfa/ci', 'not-device-arn'],
    ['an extra letter before it', 'aarn:aws:iam::123456789012:mfa/ci', 'not-device-arn'],
    ['capitals', 'ARN:AWS:IAM::123456789012:MFA/CI', 'not-device-arn'],
    ['a capital', 'Arn:aws:iam::123456789012:mfa/ci', 'not-device-arn'],
    ['a comma after it', 'arn:aws:iam::123456789012:mfa/ci,', 'not-device-arn'],
    ['two ARNs', 'arn:aws:iam::123456789012:mfa/a,arn:aws:iam::123456789012:mfa/b', 'not-device-arn'],
    ['quotes', '"arn:aws:iam::123456789012:mfa/ci"', 'not-device-arn'],
    ['a colon instead of the slash', 'arn:aws:iam::123456789012:mfa:ci', 'not-device-arn'],
    ['no arn:', 'aws:iam::123456789012:mfa/ci', 'not-device-arn'],
    ['half of one', '123456789012:mfa/ci', 'not-device-arn'],
    ['the name with its type', 'mfa/ci-device', 'not-device-arn'],
    ['one colon', 'arn:aws:iam:123456789012:mfa/ci', 'not-device-arn'],
    ['a link to it', 'https://console.aws.amazon.com/iam/mfa/ci', 'not-device-arn'],
    ['a number with a comma after it', 'GAHT12345678,', 'characters'],
    ['two numbers', 'GAHT12345678,GAHT87654321', 'characters'],
    ['a URI of a seed in a QR code', 'QR-Code:otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', 'seed'],
    ['a seed', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'seed'],
    ['a short seed', 'GEZDGNBVGY3TQOJQ', 'seed'],
    ['a seed with hyphens', 'GEZD-GNBV-GY3T-QOJQ', 'seed'],
    ['a seed in lower case with padding', 'gezdgnbvgy3tqojqgezdgnbvgy3tqojq====', 'seed'],
    ['an otpauth URI', 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', 'seed'],
    ['eight characters', '12345678', 'characters'],
    ['257 characters', '0'.repeat(257), 'characters'],
    ['white space', 'GAHT 12345678', 'characters'],
    ['a letter that is not ASCII', 'GÄHT12345678', 'characters'],
    ['a masked one', '*********', 'characters'],
    ['nothing', '', 'characters'],
  ])('%s', (_, text, problem) => {
    expect(problemOf(text)).toBe(problem);
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
    propertyRuns(500),
  );
});

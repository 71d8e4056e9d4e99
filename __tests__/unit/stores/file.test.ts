import { expect, test } from '@jest/globals';
import { fileText } from '../../../src/stores/file.ts';

const VALUES = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  serial: 'arn:aws:iam::111122223333:mfa/ci',
  seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

test('JSON has the names of the inputs', () => {
  expect(fileText('json', VALUES)).toBe(`{
  "aws-access-key-id": "AKIAIOSFODNN7EXAMPLE",
  "aws-secret-access-key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "mfa-serial": "arn:aws:iam::111122223333:mfa/ci",
  "mfa-seed": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
}
`);
});

test('dotenv has the names of the variables', () => {
  expect(fileText('dotenv', VALUES)).toBe(`AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
MFA_SERIAL=arn:aws:iam::111122223333:mfa/ci
MFA_SEED=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
`);
});

test.each(['two words', 'a\nb', '$(id)', '"quoted"', 'a#b', ''])(
  'dotenv can’t hold %j, and the error doesn’t show it',
  (seed) => {
    expect(() => fileText('dotenv', { ...VALUES, seed })).toThrow(
      "MFA_SEED contains characters that a dotenv file can't hold",
    );
  },
);

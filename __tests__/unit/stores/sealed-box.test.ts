import { beforeAll, expect, test } from '@jest/globals';
import sodium from 'libsodium-wrappers';
import { readPublicKey, seal } from '../../../src/stores/sealed-box.ts';

beforeAll(() => sodium.ready);

test.each([
  ['nothing', ''],
  ['a pair of keys', 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['letters of more than one byte', 'grüße 秘密 🔑'],
  ['one block and a byte', 'x'.repeat(65)],
  ['the largest secret that GitHub takes', 'y'.repeat(48 * 1024)],
])('libsodium opens what was sealed: %s', (_what, value) => {
  for (let times = 0; times < 20; times += 1) {
    const { publicKey, privateKey } = sodium.crypto_box_keypair();
    const sealed = Buffer.from(seal(value, Buffer.from(publicKey)) ?? '', 'base64');
    expect(sealed).toHaveLength(Buffer.byteLength(value) + sodium.crypto_box_SEALBYTES);
    expect(Buffer.from(sodium.crypto_box_seal_open(sealed, publicKey, privateKey)).toString()).toBe(value);
  }
});

test('no two boxes are alike', () => {
  const publicKey = Buffer.from(sodium.crypto_box_keypair().publicKey);
  expect(seal('value', publicKey)).not.toBe(seal('value', publicKey));
});

test('a box for another key does not open', () => {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const other = Buffer.from(sodium.crypto_box_keypair().publicKey);
  const sealed = Buffer.from(seal('value', other) ?? '', 'base64');
  expect(() => sodium.crypto_box_seal_open(sealed, publicKey, privateKey)).toThrow();
});

test('nothing is sealed for a key of low order, whose boxes anyone could open', () => {
  expect(seal('value', Buffer.alloc(32))).toBeUndefined();
  const one = Buffer.alloc(32);
  one[0] = 1;
  expect(seal('value', one)).toBeUndefined();
});

test('a public key is the Base64 of 32 bytes, and nothing else', () => {
  expect(readPublicKey('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')).toEqual(Buffer.from([...Array(32).keys()]));
  for (const text of [
    '',
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= ',
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh==',
    '_AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    null,
    32,
  ])
    expect(readPublicKey(text)).toBeUndefined();
});

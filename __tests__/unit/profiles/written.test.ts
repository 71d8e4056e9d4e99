import { describe, expect, test } from '@jest/globals';
import { parseWrittenProfiles } from '../../../src/profiles/written.ts';

const SHA256 = '0123456789abcdef'.repeat(4);
const WRITTEN = {
  config: { path: '/home/me/.aws/config', sections: [{ name: 'ci', sha256: SHA256 }] },
  credentials: { path: '/home/me/.aws/credentials', sections: [{ name: 'ci', sha256: SHA256 }] },
};

/** The state with one thing in its config file changed. */
function withConfig(config: unknown): string {
  return JSON.stringify({ ...WRITTEN, config });
}

describe('the state of the post step', () => {
  test('is read as it was saved', () => {
    expect(parseWrittenProfiles(JSON.stringify(WRITTEN))).toEqual(WRITTEN);
  });

  test('is read with what is restored', () => {
    const kept = {
      name: 'ci',
      sha256: SHA256,
      region: 'eu-west-1',
      noted: true,
      header: '[profile "ci"] # mine',
      emptied: true,
    };
    const state = { ...WRITTEN, config: { ...WRITTEN.config, sections: [{ ...kept, cached: '0'.repeat(40) }] } };
    expect(parseWrittenProfiles(JSON.stringify(state))).toEqual(state);
  });

  test.each([
    ['a region that is invalid', { region: 'x\n[evil]' }],
    ['a region that is too long', { region: 'x'.repeat(41) }],
    ['a header of two lines', { header: '[a]\n[b]' }],
    ['a header that is invalid', { header: 'role_arn = x' }],
    ['a header that is too long', { header: `[${'x'.repeat(101)}` }],
    ['a note that is a string', { noted: 'true' }],
    ['what is emptied if that is false', { emptied: false }],
    ['a cache that is a path', { cached: `../${'0'.repeat(37)}` }],
    ['a cache with a line end', { cached: `${'0'.repeat(40)}\n` }],
  ])('is not read from %s', (_, kept) => {
    expect(
      parseWrittenProfiles(withConfig({ ...WRITTEN.config, sections: [{ name: 'ci', sha256: SHA256, ...kept }] })),
    ).toBeUndefined();
  });

  test.each([
    ['an empty string', ''],
    ['broken JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['part of it', JSON.stringify({ config: WRITTEN.config })],
    ['more than it', JSON.stringify({ ...WRITTEN, more: 1 })],
    ['a path that is not absolute', withConfig({ ...WRITTEN.config, path: 'config' })],
    ['a path that is not a string', withConfig({ ...WRITTEN.config, path: 1 })],
    ['a path with a NUL', withConfig({ ...WRITTEN.config, path: '/x\0' })],
    ['sections that are not a list', withConfig({ ...WRITTEN.config, sections: {} })],
    ['a section that is not an object', withConfig({ ...WRITTEN.config, sections: ['ci'] })],
    ['a name that cannot be one', withConfig({ ...WRITTEN.config, sections: [{ name: 'a b', sha256: SHA256 }] })],
    ['a name that is not a string', withConfig({ ...WRITTEN.config, sections: [{ name: ['ci'], sha256: SHA256 }] })],
    ['a digest that is invalid', withConfig({ ...WRITTEN.config, sections: [{ name: 'ci', sha256: 'abc' }] })],
    ['a digest with a line end', withConfig({ ...WRITTEN.config, sections: [{ name: 'ci', sha256: `${SHA256}\n` }] })],
    ['one more key', withConfig({ ...WRITTEN.config, sections: [{ name: 'ci', sha256: SHA256, text: 'x' }] })],
  ])('is not read from %s', (_, text) => {
    expect(parseWrittenProfiles(text)).toBeUndefined();
  });
});

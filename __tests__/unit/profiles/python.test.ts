import { describe, expect, test } from '@jest/globals';
import { problemForPython } from '../../../src/profiles/python.ts';

describe('Python can read', () => {
  test.each([
    '',
    '# only a comment\n',
    '[a]\nx = 1\n[b]\nx = 1\n',
    '[a]\r\nx = 1\r\n\r\n# c\r\ny: 2\r\n',
    '[a]\ns3 =\n  max = 1\n  max = 2\nx =\n\n  junk\n',
    '[a]\n[ a]\n',
    '[profile a]\n[a]\n',
    '[a]\nx = \xc3\xa9\n',
  ])('%j', (text) => {
    expect(problemForPython(text)).toBeUndefined();
  });
});

describe('Python cannot read', () => {
  test.each([
    ['\xef\xbb\xbf[a]\n', 'line 1 begins with a byte order mark'],
    ['x = 1\n[a]\n', 'line 1 comes before any section'],
    ['# c\n\njunk\n', 'line 3 comes before any section'],
    ['[a]\nx = 1\n[b]\n[a]\n', 'line 4 has the section [a] again'],
    ['[a]\r[b]\r[a] # x\r', 'line 3 has the section [a] again'],
    ['[a]\nX = 1\nx: 2\n', 'line 3 has x again'],
    ['[a]\nregion\n', 'line 2 has no "="'],
    ['[a]\n= x\n', 'line 2 has no "="'],
    ['[a]\nx = \xff\n', 'line 2 is not UTF-8'],
  ])('%j: %s', (text, problem) => {
    expect(problemForPython(text)).toBe(problem);
  });

  test('a long name, of which it says only the beginning', () => {
    expect(problemForPython(`[${'a'.repeat(500)}]\n[${'a'.repeat(500)}]\n`)?.length).toBeLessThan(120);
  });
});

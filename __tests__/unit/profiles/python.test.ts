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
    ['\xef\xbb\xbf[a]\n', { line: 1, problem: 'byte-order-mark' }],
    ['x = 1\n[a]\n', { line: 1, problem: 'outside-any-section' }],
    ['# c\n\njunk\n', { line: 3, problem: 'outside-any-section' }],
    ['[a]\nx = 1\n[b]\n[a]\n', { line: 4, problem: 'repeated-section', name: 'a' }],
    ['[a]\r[b]\r[a] # x\r', { line: 3, problem: 'repeated-section', name: 'a' }],
    ['[a]\nX = 1\nx: 2\n', { line: 3, problem: 'repeated-setting', name: 'x' }],
    ['[a]\nregion\n', { line: 2, problem: 'no-equals-sign' }],
    ['[a]\n= x\n', { line: 2, problem: 'no-equals-sign' }],
    ['[a]\nx = \xff\n', { line: 2, problem: 'not-utf-8' }],
  ])('%j: %j', (text, problem) => {
    expect(problemForPython(text)).toEqual(problem);
  });

  test('a long name, and it shows only the beginning', () => {
    const header = `[${'a'.repeat(500)}]\n`;
    expect(problemForPython(header + header)).toMatchObject({ name: 'a'.repeat(80) });
  });
});

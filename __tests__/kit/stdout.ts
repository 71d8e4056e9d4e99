import { EOL } from 'node:os';
import { afterEach, beforeEach, jest } from '@jest/globals';

/**
 * Catches what each test of a file writes to standard output, where the runner reads. `text` has it, with `\n` for the line ends of
 * any system.
 */
export function catchStdout(): { readonly text: string } {
  const caught = { text: '' };
  beforeEach(() => {
    caught.text = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      caught.text += String(text).replaceAll(EOL, '\n');
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return caught;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { golden } from '../../../../scripts/golden.ts';

test('every message and remedy is worded as in the golden file', async () => {
  expect(await golden()).toBe(readFileSync(join(__dirname, '../../../kit/messages.golden.txt'), 'utf8'));
});

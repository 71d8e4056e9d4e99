import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../src/core/failure.ts';
import type { Session } from '../../../src/core/ports.ts';
import { openMasked } from '../../../src/github/masks.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { anyChange, changedText } from '../../kit/sealed-changes.ts';
import { contentWith, SEALING_KEY, SECRETS, sealedText } from '../../kit/sealed-text.ts';

const SEAL = {
  key: { bytes: Buffer.from(SEALING_KEY, 'base64') },
  scope: 'repository',
  repository: 'octo-org/octo-repo',
  runId: '1658821493',
} as const;
const NOW = Date.parse('2027-01-15T08:00:00Z');

const KNOWN = ['sealed-session-empty', 'sealed-session-version', 'sealed-session-altered', 'sealing-key-wrong'];

/** Three lengths that follow one another: of each part one has bits to spare. */
const TEXTS = ['', 'x', 'xx'].map((more) => sealedText({ content: contentWith({ scope: 'repository', more }) }));

/** What opening a string gives: a session, or an error with everything that it and its causes say; and what was masked. */
async function opened(text: string) {
  const masked: string[] = [];
  const source = { text, seal: SEAL, minimumRemainingSeconds: 0 };
  try {
    const session: Session = await openMasked(source, NOW, (secret) => masked.push(secret));
    return { session, error: undefined, masked, said: '' };
  } catch (error) {
    const said: string[] = [];
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      said.push(each.message, JSON.stringify(each), each.stack ?? '');
    return { session: undefined, error, masked, said: said.join('\n') };
  }
}

test.each(TEXTS)('a string that nobody changed is opened, so that the next test means something', async (text) => {
  const { session, masked } = await opened(text);
  expect(session?.credentials.accessKeyId).toBe('ASIASEALED0000000001');
  expect(masked).toEqual(SECRETS);
});

test('a changed string is refused with its own failure, and nothing of it is shown', async () => {
  const kinds = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...TEXTS), anyChange, async (text, change) => {
      const changed = changedText(text, change);
      fc.pre(changed !== text);
      const { session, error, masked, said } = await opened(changed);
      expect({ session, masked }).toEqual({ session: undefined, masked: [] });
      expect(error).toBeInstanceOf(Failure);
      expect(KNOWN).toContain((error as Failure).code);
      for (const secret of SECRETS) expect(said.includes(secret)).toBe(false);
      const kind = change.kind.split(/[ ,:]/)[0] + (change.forged ? ', forged' : '');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }),
    propertyRuns(300),
  );
  // There were changes of every kind, with and without a forged checksum.
  expect(kinds.size).toBeGreaterThanOrEqual(16);
});

import { Failure } from '../core/failure.ts';
import type { Session } from '../core/ports.ts';
import type { Seal } from '../core/request.ts';
import { sealSession } from '../core/sealing/seal.ts';

// A sealed session is an output, and GitHub drops an output that a mask would change.

/** Seals a session into a string that none of the masks of this job changes. */
export async function sealUnmasked(
  { credentials, identity, serial }: Session,
  seal: Seal,
  masks: Iterable<string>,
): Promise<string> {
  const { expiration } = credentials;
  if (expiration === undefined) throw new Failure('session-expiry-unknown', {});
  const spellings = maskedSpellings(masks);
  return sealSession({ credentials: { ...credentials, expiration }, identity, serial }, seal, (text) =>
    spellings.some((spelling) => text.includes(spelling)),
  );
}

/**
 * Seals a made-up session of the usual size before a code is spent on a real one: throws if no sealed string could get past the masks
 * of this step.
 */
export async function rehearseSealing(seal: Seal, masks: Iterable<string>): Promise<void> {
  const credentials = {
    accessKeyId: 'A'.repeat(20),
    secretAccessKey: 'A'.repeat(40),
    sessionToken: 'A'.repeat(500),
    expiration: new Date(0),
  };
  const identity = { account: '0'.repeat(12), arn: 'A'.repeat(60) };
  await sealUnmasked({ credentials, identity, serial: 'A'.repeat(40), by: 'GetSessionToken' }, seal, masks);
}

/**
 * What GitHub's runner looks for in addition to a masked value itself (ValueEncoders.cs, HostContext.cs and ActionCommandManager.cs of
 * actions/runner 2.336.0): eleven encodings, and each line of a mask with several, trimmed. Encodings that add a character that no
 * sealed session contains (JSON, URI, XML, expression and command-line escapes: backslash, %, &, ', ") equal the value itself wherever
 * they could match.
 */
export function maskedSpellings(masks: Iterable<string>): readonly string[] {
  const spellings = new Set<string>();
  for (const mask of masks) {
    if (mask.trim() === '') continue;
    for (const value of [mask, ...mask.split(/[\r\n]/).map((line) => line.trim())])
      for (const spelling of spellingsOf(value)) spellings.add(spelling);
  }
  spellings.delete('');
  return [...spellings];
}

function spellingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const shifted = [0, 1, 2].map((shift) => bytes.subarray(bytes.length > shift ? shift : 0).toString('base64'));
  const quoted = value.length > 8 && value.startsWith('"') && value.endsWith('"');
  return [value, ...shifted, ...(quoted ? [value.slice(1, -1)] : []), afterAmpersand(value)];
}

/** What PowerShell may print of a value on a separate line: what follows `&+` and one letter, or the last `&`. */
function afterAmpersand(value: string): string {
  const coloured = value.indexOf('&+');
  const plain = value.lastIndexOf('&');
  const part = coloured >= 0 ? value.slice(coloured + 3) : plain >= 0 ? value.slice(plain + 1) : '';
  return part.length >= 6 ? part : '';
}

/**
 * What GitHub's runner looks for beside a masked value itself (ValueEncoders.cs, HostContext.cs and ActionCommandManager.cs of
 * actions/runner 2.336.0: eleven encodings, of a mask of several lines also each line, trimmed). Those that add a character which no sealed session has (JSON,
 * URI, XML, expression and command-line escapes: backslash, %, &, ', ") are the value itself wherever they could match.
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
  return [value, ...shifted, ...(quoted ? [value.slice(1, -1)] : []), behindAmpersand(value)];
}

/** What PowerShell may print of a value on a line of its own: what follows `&+` and one letter, or the last `&`. */
function behindAmpersand(value: string): string {
  const coloured = value.indexOf('&+');
  const plain = value.lastIndexOf('&');
  const part = coloured >= 0 ? value.slice(coloured + 3) : plain >= 0 ? value.slice(plain + 1) : '';
  return part.length >= 6 ? part : '';
}

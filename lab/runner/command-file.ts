/**
 * Parses a command file as the runner does: `NAME=VALUE` lines, and `NAME<<DELIMITER` with lines up to the delimiter. Throws if the
 * runner would fail the step.
 */
export function parseCommandFile(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc > 0 && (equals < 0 || heredoc < equals)) {
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`the delimiter of ${line.slice(0, heredoc)} is missing`);
      entries.set(line.slice(0, heredoc), lines.slice(index + 1, end).join('\n'));
      index = end;
    } else if (equals > 0) {
      entries.set(line.slice(0, equals), line.slice(equals + 1));
    } else {
      throw new Error(`this line in the command file isn't an entry: ${line}`);
    }
  }
  return entries;
}

/**
 * Whether a host is reached without the proxy. `except` is the value of `no_proxy`: names separated by commas or white space, each
 * with its subdomains as in curl, Go and GitHub's toolkit. A leading dot or `*.` changes nothing, `:PORT` limits an entry to a
 * port, and `*` is every host.
 */
export function bypassesProxy(host: string, port: number, except: string): boolean {
  const name = withoutBrackets(host.toLowerCase());
  return except
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [pattern, limit] = splitPort(entry);
      if (limit !== undefined && limit !== String(port)) return false;
      const suffix = withoutBrackets(pattern.replace(/^\*?\./, ''));
      return pattern === '*' || (suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`)));
    });
}

/** An entry and its port. An IPv6 address has a port only after brackets. */
function splitPort(entry: string): readonly [string, string | undefined] {
  const colon = entry.lastIndexOf(':');
  const hasPort = colon > 0 && (entry.indexOf(':') === colon || entry.charAt(colon - 1) === ']');
  return hasPort ? [entry.slice(0, colon), entry.slice(colon + 1)] : [entry, undefined];
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

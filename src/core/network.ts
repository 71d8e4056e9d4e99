/** Where the calls go, as far as the user says. */
export interface Connection {
  readonly stsEndpoint: string | undefined;
  readonly s3Endpoint: string | undefined;
  /** Undefined if IAM cannot be asked: it isn't needed, and its endpoint is unusable. */
  readonly iam: { readonly endpoint: string | undefined } | undefined;
  readonly proxy: ProxyServer | undefined;
}

/** A proxy, and the hosts that don't need it (as in `no_proxy`). */
export interface ProxyServer {
  readonly url: URL;
  readonly except: string;
}

/** Whether a URL's host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * Whether a host doesn't need the proxy. `except` is the value of `no_proxy`: names separated by commas or white space, each with its
 * subdomains, as in curl, Go and GitHub's toolkit. A leading dot or `*.` changes nothing, `:PORT` limits an entry to a port, and `*`
 * means every host.
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

/** Splits an entry from its port. An IPv6 address has a port only after brackets. */
export function splitPort(entry: string): readonly [string, string | undefined] {
  const colon = entry.lastIndexOf(':');
  const hasPort = colon > 0 && (entry.indexOf(':') === colon || entry.charAt(colon - 1) === ']');
  return hasPort ? [entry.slice(0, colon), entry.slice(colon + 1)] : [entry, undefined];
}

/** An IPv6 address without the brackets that a URL puts around it. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

declare module 'proxy-from-env' {
  /** The proxy for a URL by the variables of this process; an empty text where there is none. */
  export function getProxyForUrl(url: string | URL): string;
}

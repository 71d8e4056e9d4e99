import { Agent as HttpsAgent } from 'node:https';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { ProxyServer } from '../core/request/connection.ts';

/**
 * An agent that reaches its hosts through a proxy, but for those that `no_proxy` excepts. Loaded only where a proxy is set.
 *
 * Plain http never goes through it: that is spoken to loopback only.
 */
export function createProxyAgent({ url, except }: ProxyServer): ProxyAgent {
  // proxy-from-env decides by the variables of this process, and knows one spelling before the other; so each is set to what
  // the request says, for this process alone.
  // Without the password: a child process would inherit it.
  for (const name of ['https_proxy', 'HTTPS_PROXY']) process.env[name] = url.origin;
  for (const name of ['no_proxy', 'NO_PROXY']) process.env[name] = except;
  return new ProxyAgent(url);
}

/** Hands each connection to the proxy's agent or to the plain one. */
class ProxyAgent extends Agent {
  readonly #proxied: HttpsProxyAgent<string>;
  readonly #direct = new HttpsAgent({ keepAlive: true });

  constructor(url: URL) {
    super({ keepAlive: true });
    this.#proxied = new HttpsProxyAgent(url.href, { keepAlive: true });
  }

  override connect(_request: unknown, { host, port }: AgentConnectOpts): Agent | HttpsAgent {
    return getProxyForUrl(`https://${host}:${port}`) === '' ? this.#direct : this.#proxied;
  }

  override destroy(): void {
    this.#proxied.destroy();
    this.#direct.destroy();
    super.destroy();
  }
}

import type { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type Connection, isLoopback } from '../core/request/connection.ts';
import type { Region } from '../core/request/partition.ts';

/** How the calls of all clients travel: one agent, so that they share connections. */
export interface Transport {
  readonly httpsAgent: Agent;
  /** Closes idle connections, so that the process can end. */
  close(): void;
}

/** The switches of the environment that change the host names of AWS's endpoints. */
export interface EndpointVariants {
  readonly fips: boolean;
  readonly dualstack: boolean;
}

/**
 * Makes the transport, and where no proxy is in the way opens `expected` connections to STS at once, one for each call that is
 * sent side by side: their handshakes run while the SDK is still being loaded, which hides most of a round trip. Where the
 * guess at the host is wrong, they are dropped unused.
 */
export async function openTransport(
  connection: Connection,
  region: Region,
  variants: EndpointVariants,
  expected: number,
): Promise<Transport> {
  if (connection.proxy !== undefined) {
    const { createProxyAgent } = await import('./proxy.ts');
    return transportOf(createProxyAgent(connection.proxy));
  }
  const agent = createEarlyAgent();
  const host = stsHost(connection, region, variants);
  if (host !== undefined) for (let count = 0; count < expected; count += 1) agent.openEarly(host);
  return transportOf(agent);
}

function transportOf(httpsAgent: Transport['httpsAgent']): Transport {
  return {
    httpsAgent,
    close() {
      httpsAgent.destroy();
    },
  };
}

interface Host {
  readonly host: string;
  readonly port: number;
}

/** Where STS will most likely be asked, or undefined where plain http is spoken (loopback, nothing to gain). */
function stsHost(
  { stsEndpoint }: Connection,
  { name, partition }: Region,
  { fips, dualstack }: EndpointVariants,
): Host | undefined {
  if (stsEndpoint !== undefined) {
    const url = new URL(stsEndpoint);
    if (url.protocol !== 'https:' || (isLoopback(url.hostname) && url.hostname.startsWith('['))) return undefined;
    return { host: url.hostname, port: url.port === '' ? 443 : Number(url.port) };
  }
  return fips || dualstack ? undefined : { host: `sts.${name}.${partition.dnsSuffix}`, port: 443 };
}

interface EarlyAgent extends Agent {
  openEarly(host: Host): void;
}

/**
 * An agent that hands its first requests the connections that were opened early.
 *
 * Node's modules for it are loaded here and not at the top: a sealed session is opened, and a wrong input refused, without them.
 */
function createEarlyAgent(): EarlyAgent {
  const { Agent } = process.getBuiltinModule('node:https');
  const { isIP } = process.getBuiltinModule('node:net');
  class Early extends Agent implements EarlyAgent {
    readonly #early = new Set<Host & { readonly socket: Duplex; readonly forget: () => void }>();

    openEarly({ host, port }: Host): void {
      // TLS takes names only for a server name, no addresses (RFC 6066, section 3).
      const servername = isIP(host) === 0 ? host : '';
      const socket = super.createConnection({ ...this.options, host, port, servername });
      if (!socket) return;
      const early = { host, port, socket, forget: () => void this.#early.delete(early) };
      this.#early.add(early);
      // Whoever takes the socket hears of its failure; until then a failure only means that there is nothing to take.
      socket.once('error', early.forget);
      socket.once('close', early.forget);
    }

    override createConnection(
      options: Parameters<Agent['createConnection']>[0],
      callback?: Parameters<Agent['createConnection']>[1],
    ): ReturnType<Agent['createConnection']> {
      for (const early of this.#early) {
        if (options.host !== early.host || Number(options.port) !== early.port) continue;
        early.forget();
        early.socket.off('error', early.forget);
        early.socket.off('close', early.forget);
        return early.socket;
      }
      return super.createConnection(options, callback);
    }

    override destroy(): void {
      for (const { socket } of this.#early) socket.destroy();
      super.destroy();
    }
  }
  return new Early({ keepAlive: true, maxSockets: 50 });
}

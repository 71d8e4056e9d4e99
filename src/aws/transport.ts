import { Agent } from 'node:https';
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
 * Makes the transport, and where no proxy is in the way opens the connection to STS at once: its handshake runs while the SDK
 * is still being loaded (22 ms of a 20 ms round trip won). Where the guess at the host is wrong, the socket is dropped unused.
 */
export async function openTransport(
  connection: Connection,
  region: Region,
  variants: EndpointVariants,
): Promise<Transport> {
  if (connection.proxy !== undefined) {
    const { createProxyAgent } = await import('./proxy.ts');
    return transportOf(createProxyAgent(connection.proxy));
  }
  const agent = new EarlyAgent({ keepAlive: true, maxSockets: 50 });
  const host = stsHost(connection, region, variants);
  if (host !== undefined) agent.openEarly(host);
  return transportOf(agent);
}

function transportOf(httpsAgent: Agent): Transport {
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

/** An agent that hands its first request the connection that was opened early. */
class EarlyAgent extends Agent {
  #early: (Host & { readonly socket: Duplex }) | undefined;

  openEarly({ host, port }: Host): void {
    const socket = super.createConnection({ ...this.options, host, port, servername: host });
    if (!socket) return;
    this.#early = { host, port, socket };
    // Whoever takes the socket hears of its failure; until then a failure only means that there is nothing to take.
    socket.once('error', this.#forget);
    socket.once('close', this.#forget);
  }

  readonly #forget = (): void => {
    this.#early = undefined;
  };

  override createConnection(
    options: Parameters<Agent['createConnection']>[0],
    callback?: Parameters<Agent['createConnection']>[1],
  ): ReturnType<Agent['createConnection']> {
    const early = this.#early;
    if (early !== undefined && options.host === early.host && Number(options.port) === early.port) {
      this.#early = undefined;
      early.socket.off('error', this.#forget);
      early.socket.off('close', this.#forget);
      return early.socket;
    }
    return super.createConnection(options, callback);
  }

  override destroy(): void {
    this.#early?.socket.destroy();
    super.destroy();
  }
}

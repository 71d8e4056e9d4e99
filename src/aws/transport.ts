import type { Agent } from 'node:https';
import { type Connection, isLoopback } from '../core/network.ts';
import type { Region } from '../core/region.ts';
import { type Host, openAgent } from '../net/agent.ts';
import { stsUrl } from './partitions.ts';

/** How the requests of all clients travel: one agent, so that they share connections. */
export interface Transport {
  readonly httpsAgent: Agent;
  /** Closes all connections, so that the process can end. */
  close(): void;
}

/** The environment's switches for other AWS endpoints. */
export interface EndpointVariants {
  readonly fips: boolean;
  readonly dualstack: boolean;
}

/**
 * Creates the transport. Without a proxy, it also opens `expected` connections to STS right away, one for each call that is sent at
 * the same time: their handshakes run while the SDK is still loading, which hides most of a round trip. If the host turns out to be
 * a different one, they are dropped unused.
 */
export async function openTransport(
  connection: Connection,
  region: Region,
  variants: EndpointVariants,
  expected: number,
): Promise<Transport> {
  const agent = await openAgent(connection.proxy);
  const host = connection.proxy === undefined ? stsHost(connection, region, variants) : undefined;
  if (host !== undefined) for (let count = 0; count < expected; count += 1) agent.openEarly(host);
  return { httpsAgent: agent, close: () => agent.destroy() };
}

/** The host that STS will most likely be called at, or undefined for plain http (loopback, nothing to gain). */
function stsHost(
  { stsEndpoint }: Connection,
  { name }: Region,
  { fips, dualstack }: EndpointVariants,
): Host | undefined {
  if (stsEndpoint === undefined && (fips || dualstack)) return undefined;
  const { protocol, hostname, port } = stsUrl(name, stsEndpoint);
  if (protocol !== 'https:' || (isLoopback(hostname) && hostname.startsWith('['))) return undefined;
  return { host: hostname, port: port === '' ? 443 : Number(port) };
}

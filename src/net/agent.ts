import type { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ProxyServer } from '../core/network.ts';
import { SECURE, secured, targetOf } from './secure-socket.ts';

/** Opens a tunnel through a proxy to a host and port; undefined if that host is reached without the proxy. */
export type Tunnels = (host: string, port: number) => Promise<Duplex> | undefined;

export interface Host {
  readonly host: string;
  readonly port: number;
}

/** An agent that can also open a connection before there is a request for it. */
export interface ReadyAgent extends Agent {
  openEarly(host: Host): void;
}

/** Creates the agent of all requests, with the proxy if there is one. */
export async function openAgent(proxy: ProxyServer | undefined): Promise<ReadyAgent> {
  return createAgent(proxy && (await import('./proxy.ts')).createTunnels(proxy));
}

/**
 * An agent that gives a request its connection only when it is secure: the proxy has opened the tunnel, and the certificate was
 * checked. So whatever fails earlier is a `ConnectError`, and nothing of the request was sent.
 *
 * Node's modules are loaded here and not at the top, because opening a sealed session or refusing an invalid input doesn't need them.
 */
function createAgent(tunnels: Tunnels | undefined): ReadyAgent {
  const { Agent } = process.getBuiltinModule('node:https');
  const { isIP } = process.getBuiltinModule('node:net');
  type Options = Parameters<Agent['createConnection']>[0];
  class Ready extends Agent implements ReadyAgent {
    readonly #early = new Set<Host & { readonly socket: Promise<TLSSocket> }>();

    openEarly({ host, port }: Host): void {
      // In TLS, a server name can't be an address (RFC 6066, section 3).
      const servername = isIP(host) === 0 ? host : '';
      const early = { host, port, socket: this.#open({ ...this.options, host, port, servername }) };
      this.#early.add(early);
      const forget = (): void => void this.#early.delete(early);
      // If it fails before anyone uses it, there is just nothing to use.
      early.socket.then((socket) => socket.once('close', forget), forget);
    }

    /** Always calls back later, so it returns undefined, as Node requires. */
    override createConnection(options: Options, callback?: Parameters<Agent['createConnection']>[1]): undefined {
      const early = [...this.#early].find(({ host, port }) => host === options.host && port === Number(options.port));
      if (early !== undefined) this.#early.delete(early);
      const answer = (error: Error | null, socket?: TLSSocket): void => callback?.(error, socket as Duplex);
      (early?.socket ?? this.#open(options)).then((socket) => answer(null, socket), answer);
    }

    async #open(options: Options): Promise<TLSSocket> {
      const host = options.host ?? 'localhost';
      const port = options.port ?? 443;
      const tunnel = await tunnels?.(host, Number(port));
      const socket = super.createConnection({ ...options, ...SECURE, ...(tunnel && { socket: tunnel }) });
      return secured(socket as TLSSocket, tunnel ? 'tls' : 'connect', targetOf(host, port));
    }

    override destroy(): void {
      for (const { socket } of this.#early)
        socket.then(
          (open) => open.destroy(),
          () => undefined,
        );
      super.destroy();
    }
  }
  return new Ready({ keepAlive: true, maxSockets: 50 });
}

import type { Duplex } from 'node:stream';

/** The stage at which a connection failed. */
export type ConnectStage = 'connect' | 'proxy' | 'tls';

/** No connection could be made, so nothing of the request was sent. */
export class ConnectError extends Error {
  readonly stage: ConnectStage;
  /** HOST:PORT of what couldn't be reached. */
  readonly target: string;
  /** HOST:PORT of the proxy that the connection should go through. */
  readonly proxy: string | undefined;
  /** The proxy's response, if it didn't open the tunnel. */
  readonly status: number | undefined;

  constructor(
    stage: ConnectStage,
    target: string,
    cause: unknown,
    { proxy, status }: { readonly proxy?: string; readonly status?: number | undefined } = {},
  ) {
    super(`${stage}: ${target}`, { cause });
    this.stage = stage;
    this.target = target;
    this.proxy = proxy;
    this.status = status;
  }
}

/**
 * The options of every connection, whatever the environment says. Certificates are always checked, since any earlier step can set
 * NODE_TLS_REJECT_UNAUTHORIZED=0. And Node tries each address of a name for 250 ms only, which is too short for a slow link.
 */
export const SECURE = { rejectUnauthorized: true, autoSelectFamilyAttemptTimeout: 2_000 } as const;

/** The longest that each stage may take, in milliseconds. */
export const STAGE_LIMITS: Readonly<Record<ConnectStage, number>> = { connect: 5_000, proxy: 10_000, tls: 10_000 };

/** HOST:PORT as a URL has it, with an IPv6 address in brackets. */
export function targetOf(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The socket once its TLS handshake is done and its certificate checked. Rejects with a `ConnectError`, and destroys it then. */
export function secured<Socket extends Duplex>(socket: Socket, first: ConnectStage, target: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let stage = first;
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new ConnectError(stage, target, cause));
    };
    const slow = (): void => fail(new Error(`no answer within ${STAGE_LIMITS[stage] / 1000} s`));
    const closed = (): void => fail(new Error('the connection was closed'));
    let timer = setTimeout(slow, STAGE_LIMITS[stage]);
    socket.once('connect', () => {
      stage = 'tls';
      clearTimeout(timer);
      timer = setTimeout(slow, STAGE_LIMITS.tls);
    });
    // This listener stays: an error on an idle connection does no harm.
    socket.on('error', fail);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}

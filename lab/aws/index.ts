import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Aws } from './aws.ts';
import { checkWorld } from './build.ts';
import type { Call, OpenCall } from './calls.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { type EmulatorClock, systemClock } from './clock.ts';
import { demoWorld } from './demo-world.ts';
import { Faults } from './faults.ts';
import { requestListener } from './server.ts';
import type { Session } from './sessions.ts';
import type { World } from './world.ts';

export * as build from './build.ts';
export type { Call } from './calls.ts';
export { type EmulatorClock, OffsetClock, SettableClock, systemClock } from './clock.ts';
export { DEMO, demoWorld } from './demo-world.ts';
export { type Fault, type FaultKind, type FaultScope, Faults } from './faults.ts';
export type { Judgement, Verdict } from './mfa.ts';
export type { PolicyDocument, PolicyStatement } from './policy/document.ts';
export type { Session } from './sessions.ts';
export { codeOfStep, stepAt } from './totp.ts';
export type * from './world.ts';

/** How an emulator is started. */
export interface EmulatorOptions {
  /** Default: `demoWorld()`. */
  readonly world?: World;
  /** Default: the clock of this machine. */
  readonly clock?: EmulatorClock;
  /** Default 0: any free one. */
  readonly port?: number;
  /** https with a certificate of its own for localhost, 127.0.0.1 and ::1. Default false. */
  readonly tls?: boolean;
  /** Every answer is late by that much, as over a network. Default 0. */
  readonly latencyMs?: number;
  /** Called with every request once it is answered, or once it is certain that it will not be. */
  readonly answered?: (call: Call) => void;
}

/** A local AWS that is running. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS. */
  readonly endpoint: string;
  /** The certificate that clients have to trust (`NODE_EXTRA_CA_CERTS`, `AWS_CA_BUNDLE`), with TLS. */
  readonly caPem: string | undefined;
  /** May be changed between calls. */
  readonly world: World;
  readonly clock: EmulatorClock;
  /** Every request, in order of arrival. */
  readonly calls: readonly Call[];
  /** Every session given out so far, in order, whether its answer arrived or not. */
  readonly sessions: readonly Session[];
  readonly faults: Faults;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * Starts a local AWS on the loopback interface.
 * @throws Error where the world has something that the emulator does not know, or the port is taken
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { world = demoWorld(), clock = systemClock, port = 0, tls = false, latencyMs = 0, answered } = options;
  checkWorld(world);
  const aws = new Aws(world);
  const calls: OpenCall[] = [];
  const faults = new Faults();
  const listener = requestListener({ aws, clock, faults, calls, latencyMs, tls, answered });
  const certificate: Certificate | undefined = tls ? await makeCertificate() : undefined;
  const server: Server =
    certificate === undefined ? createHttpServer(listener) : createHttpsServer({ ...certificate }, listener);
  // Idle connections of SDKs live longer than Node's five seconds, as AWS's do; close() ends them.
  server.keepAliveTimeout = 60_000;
  const bound = await listen(server, port);
  return {
    endpoint: certificate === undefined ? `http://127.0.0.1:${bound}` : `https://localhost:${bound}`,
    caPem: certificate?.cert,
    world,
    clock,
    calls,
    get sessions() {
      return aws.sessions;
    },
    faults,
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => {
    server.off('error', reject);
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}

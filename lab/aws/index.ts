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
export type { Delay, Delays } from './consistency.ts';
export { DEMO, demoWorld } from './demo-world.ts';
export { type Fault, type FaultKind, type FaultScope, Faults } from './faults.ts';
export type { Judgement, Verdict } from './mfa.ts';
export type { PolicyDocument, PolicyStatement } from './policy/document.ts';
export type { Session } from './sessions.ts';
export { codeOfStep, stepAt } from './totp.ts';
export type * from './world.ts';

/** Options of an emulator. */
export interface EmulatorOptions {
  /** Defaults to `demoWorld()`. */
  readonly world?: World;
  /** Defaults to the clock of this machine. */
  readonly clock?: EmulatorClock;
  /** Defaults to 0, any free port. */
  readonly port?: number;
  /** https, with a self-signed certificate for localhost, 127.0.0.1 and ::1. Defaults to false. */
  readonly tls?: boolean;
  /** Delays every answer, as a network does. Defaults to 0. */
  readonly latencyMs?: number;
  /** Called for every request, when it's answered or certainly won't be. */
  readonly answered?: (call: Call) => void;
}

/** A running local AWS. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS. */
  readonly endpoint: string;
  /** With TLS, the certificate that clients must trust (`NODE_EXTRA_CA_CERTS`, `AWS_CA_BUNDLE`). */
  readonly caPem: string | undefined;
  /** Tests may change it between calls. */
  readonly world: World;
  readonly clock: EmulatorClock;
  /** Every request, in order of arrival. */
  readonly calls: readonly Call[];
  /** Every session issued so far, in order, even if its answer got lost. */
  readonly sessions: readonly Session[];
  readonly faults: Faults;
  /** Stops listening and closes open connections. */
  close(): Promise<void>;
}

/**
 * Starts a local AWS on the loopback interface.
 * @throws Error if the world has something that the emulator doesn't know, or the port is taken
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
  // As with AWS, idle connections live longer than Node's five seconds. close() ends them.
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

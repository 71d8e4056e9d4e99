import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP link to a local port that delays every byte. */
export interface SlowLink {
  readonly port: number;
  close(): void;
}

/**
 * Opens a link with a round trip of `roundTripMs`. Loopback connects at once, so the round trip of the connection itself is added to
 * the first bytes.
 */
export async function openSlowLink(target: number, roundTripMs: number): Promise<SlowLink> {
  const server = createServer((near) => {
    const far = connect({ port: target, host: '127.0.0.1' });
    forward(near, far, roundTripMs / 2, roundTripMs);
    forward(far, near, roundTripMs / 2, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

function forward(from: Socket, to: Socket, delayMs: number, firstMs: number): void {
  let extra = firstMs;
  from.setNoDelay(true);
  from.on('data', (chunk) => {
    setTimeout(() => to.writable && to.write(chunk), delayMs + extra);
    extra = 0;
  });
  from.on('close', () => setTimeout(() => to.destroy(), delayMs + firstMs));
  from.on('error', () => to.destroy());
}

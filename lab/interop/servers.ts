import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Belongings } from './belongings.ts';
import { freePort, startServer } from './child.ts';

// The servers of a run, each on a free port of the loopback interface. They end with this process however it ends
// (python/serve.py, end-with-parent.ts); what they would put into temporary folders goes into the run's own.

const ROOT = join(import.meta.dirname, '../..');
const SERVE = join(import.meta.dirname, 'python', 'serve.py');

/** Starts moto; its endpoint. It looks at no signature until `controlAccess` is called. */
export async function startMoto(python: string, belongings: Belongings): Promise<string> {
  const port = await freePort();
  const args = [SERVE, 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  return startServer({ command: python, args }, /Running on (http:\S+)/, belongings);
}

/** Has moto check signatures, keys and permissions from now on. */
export async function controlAccess(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  if (!answer.ok) throw new Error(`moto does not turn its access control on: HTTP ${answer.status}`);
}

/** Starts MiniStack with its access control on; its endpoint. */
export async function startMiniStack(python: string, belongings: Belongings): Promise<string> {
  const port = await freePort();
  const env = {
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // Where it finds Docker it removes containers of its name when it starts: they may be somebody's.
    DOCKER_HOST: `unix://${belongings.folder}/no-docker`,
  };
  return startServer({ command: python, args: [SERVE, 'ministack'], env }, /Running on (http:\S+)/, belongings);
}

/** Starts this repository's emulator as `npm run emulator` does; its endpoint. */
export function startEmulatorCommand(belongings: Belongings): Promise<string> {
  const endWithParent = pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href;
  const args = ['--import', endWithParent, join(ROOT, 'lab', 'aws', 'main.ts'), '--port', '0'];
  return startServer({ command: process.execPath, args }, /^endpoint +(http:\S+)$[\s\S]*Ctrl-C/m, belongings);
}

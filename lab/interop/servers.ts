import { join } from 'node:path';
import { freePort, startServer } from './child.ts';
import type { Cleanup } from './cleanup.ts';

// The servers of a run, each on a free port of the loopback interface. However this process ends, their standard input ends
// with it, and so do they.

const ROOT = join(import.meta.dirname, '../..');
const END_WITH_INPUT = 'data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()';

/** Starts MiniStack with its access control. Returns its endpoint. */
export async function startMiniStack(python: string, cleanup: Cleanup): Promise<string> {
  const port = await freePort();
  const env = {
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // If it finds Docker, it removes containers of its name when it starts. They may be somebody's.
    DOCKER_HOST: `unix://${cleanup.folder}/no-docker`,
  };
  return startServer(
    { command: python, args: [join(import.meta.dirname, 'python', 'serve.py'), 'ministack'], env },
    /Running on (http:\S+)/,
    cleanup,
  );
}

/** Starts our emulator as `npm run emulator` does. Returns its endpoint. */
export function startEmulatorCommand(cleanup: Cleanup): Promise<string> {
  const args = ['--import', END_WITH_INPUT, join(ROOT, 'lab', 'aws', 'main.ts'), '--port', '0'];
  return startServer({ command: process.execPath, args }, /^endpoint +(http:\S+)$[\s\S]*Ctrl-C/m, cleanup);
}

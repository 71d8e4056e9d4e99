import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requestLine } from './calls.ts';
import { playgroundWorld } from './demo-world.ts';
import { type Emulator, startEmulator } from './index.ts';
import { welcome } from './welcome.ts';

// npm run emulator -- [--port 4599] [--tls] [--latency 20] [--log]
// A local AWS for the AWS CLI, every SDK and whole workflows. All keys and seeds that it prints are made up.

const HELP = `npm run emulator -- [options]

  --port N        port to listen on (default 4599; 0 for any free port)
  --tls           use https, with a self-signed certificate
  --latency MS    delay every answer
  --log           print each request, without codes, tokens and signatures
`;

function wholeNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (/^\d{1,6}$/.test(value) && number <= max) return number;
  throw new Error(`--${name} must be a whole number from 0 to ${max}, not ${value}`);
}

async function start(): Promise<Emulator | undefined> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4599' },
      tls: { type: 'boolean', default: false },
      latency: { type: 'string', default: '0' },
      log: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  return startEmulator({
    world: playgroundWorld(),
    port: wholeNumber('port', values.port, 65_535),
    tls: values.tls,
    latencyMs: wholeNumber('latency', values.latency, 60_000),
    ...(values.log && { answered: (call) => console.log(requestLine(call)) }),
  });
}

/** Makes a folder, deleted at the end, with what clients need: the action as a runner downloads it, and the certificate. */
function prepare({ caPem }: Emulator): { readonly action: string; readonly certificate: string | undefined } {
  const folder = mkdtempSync(join(tmpdir(), 'aws-emulator-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const action = join(folder, 'action');
  // Not the clone itself, because act copies the whole folder, including node_modules.
  for (const part of ['action.yml', 'dist']) {
    cpSync(join(import.meta.dirname, '../..', part), join(action, part), { recursive: true });
  }
  const certificate = caPem === undefined ? undefined : join(folder, 'ca.pem');
  if (certificate !== undefined) writeFileSync(certificate, caPem ?? '');
  return { action, certificate };
}

try {
  const emulator = await start();
  if (emulator !== undefined) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
    process.stdout.write(welcome({ endpoint: emulator.endpoint, ...prepare(emulator) }));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

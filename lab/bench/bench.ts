/**
 * `npm run bench`: what the action costs compared with `node -e 0`, what it loads, and what the command costs compared with the action.
 * Fails if a budget is exceeded; with `--ci`, a time only fails beyond 1.3 × its budget, since a noisy machine must not decide.
 * `--pairs N` sets how often each pair runs. `--peer PATH` also measures another action that assumes a role: the dist/index.js of
 * aws-actions/configure-aws-credentials.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { builtCommand } from '../command/built.ts';
import { type Command, measureRatio } from './measure.ts';
import { openSlowLink } from './slow-link.ts';
import {
  commandRun,
  dist,
  type Endpoint,
  mainStep,
  openingStep,
  peerStep,
  postStep,
  refusedStep,
  roleStep,
  sealSession,
  work,
} from './steps.ts';

const { values } = parseArgs({
  options: {
    ci: { type: 'boolean', default: false },
    pairs: { type: 'string', default: '21' },
    peer: { type: 'string' },
  },
});
const pairs = Number(values.pairs);
const ROUND_TRIP_MS = 20;

/**
 * Sizes are in bytes, times are ratios within this run: to `node -e 0` if nothing is sent, and to a bare https POST (Node, one call,
 * no dependencies) if something is. What a call costs compared with Node's own start differs by machine: that POST alone took 1.6 ×
 * and 2.2 × as long as `node -e 0` on two of them, and nothing of ours can change it.
 */
const BUDGETS = {
  role: 1.6,
  main: 1.75,
  roundTrip: 1.25,
  post: 1.2,
  mainChunk: 71_000,
  plainRun: 139_000,
  archive: 280_900,
  opening: 2.2,
  command: 1.15,
};
const CI_ALLOWANCE = 1.3;
const FORBIDDEN_BUILTINS = /undici|webstreams|webcrypto|fs\/promises/;

interface Server extends Endpoint {
  readonly port: number;
  close(): void;
}

let failed = false;

async function startServer(kind: 'http' | 'tls'): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), kind, String(pairs * 12 + 20)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { endpoint, caPem }: { endpoint: string; caPem?: string } = JSON.parse(line);
    const caFile = caPem === undefined ? undefined : join(work, 'ca.pem');
    if (caFile !== undefined && caPem !== undefined) writeFileSync(caFile, caPem);
    return { url: endpoint, port: Number(new URL(endpoint).port), caFile, close: () => child.kill() };
  }
  throw new Error('the emulator did not start');
}

const bareNode = (): Command => ({ args: ['-e', '0'], env: {}, exitCode: 0 });

async function checkTime(
  what: string,
  budget: number | undefined,
  command: () => Command,
  against: () => Command,
): Promise<void> {
  const { median, min, max, milliseconds } = await measureRatio(pairs, command, against);
  const [own, other] = milliseconds.map((value) => value.toFixed(0));
  const found = `${median.toFixed(2)} × (${min.toFixed(2)}–${max.toFixed(2)}; ${own} ms against ${other} ms)`;
  if (budget === undefined) return report(what, found, 'none', '');
  const fails = median > budget * (values.ci ? CI_ALLOWANCE : 1);
  failed ||= fails;
  report(what, found, `${budget} ×`, median <= budget ? 'ok' : fails ? 'BROKEN' : 'ALARM');
}

function checkSize(what: string, bytes: number, budget: number): void {
  failed ||= bytes > budget;
  report(what, `${bytes} bytes`, `${budget} bytes`, bytes > budget ? 'BROKEN' : 'ok');
}

function report(what: string, found: string, budget: string, verdict: string): void {
  console.log(`${what.padEnd(44)} ${found.padEnd(52)} budget ${budget.padEnd(14)} ${verdict}`);
}

/** Runs a plain main step once, checks what it loaded and returns the size of that. */
function checkLoaded(endpoint: Endpoint): number {
  const { args, env } = mainStep(endpoint);
  const file = join(work, 'loaded.json');
  const run = spawnSync(process.execPath, ['--require', join(import.meta.dirname, 'loaded.cjs'), ...args], {
    env: { ...env, LOADED_FILE: file },
  });
  if (run.status !== 0) throw new Error(`the main step failed: ${run.stdout}${run.stderr}`);
  const { builtins, files }: { builtins: readonly string[]; files: readonly string[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const sizes = files.map((path) => statSync(path).size);
  checkSize('main chunk (the largest of a plain run)', Math.max(...sizes), BUDGETS.mainChunk);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  checkSize(`plain run (${files.map((path) => basename(path)).join(' + ')})`, total, BUDGETS.plainRun);
  const forbidden = builtins.filter((name) => FORBIDDEN_BUILTINS.test(name));
  failed ||= forbidden.length > 0;
  report(
    `built-in modules loaded beyond start-up`,
    `${builtins.length}${forbidden.length > 0 ? `, among them ${forbidden.join(', ')}` : ''}`,
    'none forbidden',
    forbidden.length > 0 ? 'BROKEN' : 'ok',
  );
  return total;
}

/** What a plain run of ours costs compared with the other action's. */
async function compareWithPeer(main: string, ourSize: number, endpoint: Endpoint, bare: () => Command): Promise<void> {
  const size = statSync(main).size;
  report('plain run ÷ peer, bytes', `${(ourSize / size).toFixed(3)} × (peer: ${size} bytes)`, 'none', '');
  const peer = (): Command => peerStep(main, endpoint);
  await checkTime('role step, TLS ÷ peer', undefined, () => roleStep(endpoint), peer);
  await checkTime('session step, TLS ÷ peer', undefined, () => mainStep(endpoint), peer);
  await checkTime('peer ÷ bare https POST', undefined, peer, bare);
}

function checkArchive(): void {
  const sizeOf = (...paths: readonly string[]): number =>
    execFileSync('git', ['archive', '--format=tar.gz', 'HEAD', '--', ...paths], {
      cwd: dirname(dist),
      maxBuffer: 1 << 28,
    }).length;
  const whole = sizeOf('.');
  checkSize('archive that a runner downloads (HEAD)', whole, BUDGETS.archive);
  const rotation = whole - sizeOf('.', ':(exclude)rotate', ':(exclude)dist/rotate.js');
  report('of it, the rotation', `${rotation} bytes`, 'none', '');
}

console.log(
  `Node ${process.version}, ${process.platform}, ${pairs} pairs each; medians of the ratios, with their range\n`,
);
const http = await startServer('http');
const tls = await startServer('tls');
const link = await openSlowLink(tls.port, ROUND_TRIP_MS);
try {
  const far: Endpoint = { url: `https://localhost:${link.port}`, caFile: tls.caFile };
  const bare =
    ({ url, caFile }: Endpoint) =>
    (): Command => ({
      args: [join(import.meta.dirname, 'bare-post.cjs'), url],
      exitCode: 0,
      env: { NODE_EXTRA_CA_CERTS: caFile ?? '' },
    });
  const main = (endpoint: Endpoint) => (): Command => mainStep(endpoint);
  const size = checkLoaded(tls);
  checkArchive();
  await checkTime('role step, TLS ÷ bare https POST', BUDGETS.role, () => roleStep(tls), bare(tls));
  await checkTime('session step, TLS ÷ bare https POST', BUDGETS.main, main(tls), bare(tls));
  await checkTime(
    `session step, ${ROUND_TRIP_MS} ms round trip ÷ bare https POST`,
    BUDGETS.roundTrip,
    main(far),
    bare(far),
  );
  const command = await builtCommand();
  await checkTime('command, TLS ÷ session step', BUDGETS.command, () => commandRun(command, tls), main(tls));
  if (values.peer !== undefined) await compareWithPeer(values.peer, size, tls, bare(tls));
  await checkTime('post step ÷ node -e 0', BUDGETS.post, postStep, bareNode);
  const sealed = sealSession(http.url);
  const opening = (): Command => openingStep(sealed);
  await checkTime('opening a sealed session ÷ node -e 0', BUDGETS.opening, opening, bareNode);
  await checkTime('opening ÷ a step refused for its inputs', undefined, opening, refusedStep);
  await checkTime('session step, TLS ÷ node -e 0', undefined, main(tls), bareNode);
  await checkTime('session step, http ÷ node -e 0', undefined, main(http), bareNode);
  await checkTime('bare https POST ÷ node -e 0', undefined, bare(tls), bareNode);
} finally {
  link.close();
  http.close();
  tls.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

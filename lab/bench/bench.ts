/**
 * `npm run bench`: what the action costs beside `node -e 0`, and what it loads. Fails where a budget is broken; with `--ci` a time
 * fails only beyond 1.3 × its budget, since a noisy machine must not decide. `--pairs N` sets how often each pair runs.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Command, measureRatio } from './measure.ts';
import { openSlowLink } from './slow-link.ts';
import { dist, mainStep, openingStep, postStep, refusedStep, sealSession, work } from './steps.ts';

const { values } = parseArgs({
  options: { ci: { type: 'boolean', default: false }, pairs: { type: 'string', default: '21' } },
});
const pairs = Number(values.pairs);
const ROUND_TRIP_MS = 20;

/**
 * Sizes are in bytes. Times are ratios within this run. Against `node -e 0` where nothing is sent; against a bare https POST (Node,
 * one call, no dependencies) where something is, because what a call costs beside Node's own start differs by machine: that
 * POST alone has been 1.6 × and 2.2 × `node -e 0`, and nothing of ours can change it.
 */
const BUDGETS = {
  main: 1.9,
  roundTrip: 1.25,
  post: 1.2,
  mainChunk: 175_000,
  plainRun: 220_000,
  archive: 175_000,
  opening: 2.2,
};
const CI_ALLOWANCE = 1.3;
const FORBIDDEN_BUILTINS = /undici|webstreams|webcrypto|fs\/promises/;

interface Server {
  readonly endpoint: string;
  readonly port: number;
  readonly caFile: string | undefined;
  close(): void;
}

let failed = false;

async function startServer(kind: 'http' | 'tls'): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), kind, String(pairs * 4 + 11)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { endpoint, caPem }: { endpoint: string; caPem?: string } = JSON.parse(line);
    const caFile = caPem === undefined ? undefined : join(work, 'ca.pem');
    if (caFile !== undefined && caPem !== undefined) writeFileSync(caFile, caPem);
    return { endpoint, port: Number(new URL(endpoint).port), caFile, close: () => child.kill() };
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

/** Runs a plain main step once and looks at what it loaded. */
function checkLoaded(endpoint: string, caFile: string | undefined): void {
  const { args, env } = mainStep(endpoint, caFile);
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
  checkSize(
    `plain run (${files.map((path) => basename(path)).join(' + ')})`,
    sizes.reduce((sum, size) => sum + size, 0),
    BUDGETS.plainRun,
  );
  const forbidden = builtins.filter((name) => FORBIDDEN_BUILTINS.test(name));
  failed ||= forbidden.length > 0;
  report(
    `built-in modules loaded beyond start-up`,
    `${builtins.length}${forbidden.length > 0 ? `, among them ${forbidden.join(', ')}` : ''}`,
    'none forbidden',
    forbidden.length > 0 ? 'BROKEN' : 'ok',
  );
}

function checkArchive(): void {
  const root = dirname(dist);
  const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { cwd: root, maxBuffer: 1 << 28 });
  checkSize('archive that a runner downloads (HEAD)', archive.length, BUDGETS.archive);
}

console.log(
  `Node ${process.version}, ${process.platform}, ${pairs} pairs each; medians of the ratios, with their range\n`,
);
const http = await startServer('http');
const tls = await startServer('tls');
const link = await openSlowLink(tls.port, ROUND_TRIP_MS);
try {
  const far = `https://localhost:${link.port}`;
  const bare = (endpoint: string) => (): Command => ({
    args: [join(import.meta.dirname, 'bare-post.cjs'), endpoint],
    exitCode: 0,
    env: { NODE_EXTRA_CA_CERTS: tls.caFile ?? '' },
  });
  const main = (endpoint: string) => (): Command => mainStep(endpoint, tls.caFile);
  checkLoaded(tls.endpoint, tls.caFile);
  checkArchive();
  await checkTime('main step, TLS ÷ bare https POST', BUDGETS.main, main(tls.endpoint), bare(tls.endpoint));
  await checkTime(
    `main step, ${ROUND_TRIP_MS} ms round trip ÷ bare https POST`,
    BUDGETS.roundTrip,
    main(far),
    bare(far),
  );
  await checkTime('post step ÷ node -e 0', BUDGETS.post, postStep, bareNode);
  const sealed = sealSession(http.endpoint);
  const opening = (): Command => openingStep(sealed);
  await checkTime('opening a sealed session ÷ node -e 0', BUDGETS.opening, opening, bareNode);
  await checkTime('opening ÷ a step refused for its inputs', undefined, opening, refusedStep);
  await checkTime('main step, TLS ÷ node -e 0', undefined, main(tls.endpoint), bareNode);
  await checkTime('main step, http ÷ node -e 0', undefined, main(http.endpoint), bareNode);
  await checkTime('bare https POST ÷ node -e 0', undefined, bare(tls.endpoint), bareNode);
} finally {
  link.close();
  http.close();
  tls.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

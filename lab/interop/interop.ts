/**
 * `npm run test:interop`: AWS's own clients (the AWS CLI, boto3) on our emulator, the built action on an emulator that we didn't
 * write (MiniStack), roles that SDKs renew by themselves, the command's ways to renew credentials, and its package on each line of Node.
 * `-- renewal`, `-- serving` and `-- package` run only one of the last three parts. Exits with 1 if anything isn't as expected.
 */
import { join } from 'node:path';
import { DEMO } from '../aws/index.ts';
import { installEnvironment, pinnedVersion, SetupError } from '../python/environment.ts';
import { checkOnMiniStack } from './action-on-ministack.ts';
import { checkAwsCli } from './aws-cli-on-emulator.ts';
import { checkBoto3 } from './boto3-on-emulator.ts';
import { Cleanup } from './cleanup.ts';
import { AwsCli, Boto3 } from './clients.ts';
import { checkPackage, makePackage } from './package-on-node.ts';
import { provision } from './provision.ts';
import { checkRenewal } from './renewal/check.ts';
import { buildPrograms, type Programs } from './renewal/programs.ts';
import { Report, type RunContext } from './report.ts';
import { startEmulatorCommand, startMiniStack } from './servers.ts';
import { checkServing } from './serving/check.ts';
import { packageCommand } from './serving/command.ts';

const cleanup = new Cleanup();

async function runAll(only: string | undefined): Promise<Report> {
  const began = performance.now();
  const report = new Report(cleanup.signal);
  if (only !== 'package') await checkClientsAndRenewal(report, only);
  if (only === undefined || only === 'package') {
    report.note('\nThe package of the command on each line of Node, in an empty folder with an empty home');
    await checkPackage({ report, cleanup }, await makePackage());
  }
  report.note(`\n${((performance.now() - began) / 1000).toFixed(0)} s\n${report.summary}`);
  return report;
}

async function checkClientsAndRenewal(report: Report, only: string | undefined): Promise<void> {
  const clients = join(installEnvironment('clients'), 'bin', 'python3');
  // Takes a minute the first time, so it begins now.
  const programs = buildPrograms(cleanup);
  const command = packageCommand(cleanup);
  // A failure is reported when its turn comes.
  for (const build of [programs, command]) build.catch(() => undefined);
  const run: RunContext = {
    report,
    boto3: new Boto3(clients, cleanup),
    aws: new AwsCli(clients, cleanup),
    cleanup,
  };

  if (only === undefined) await checkClientsAndAction(run);
  await noteMissing(report, await programs);
  if (only !== 'serving') {
    report.note('\nRoles that SDKs renew by themselves, on our emulator');
    await checkRenewal(run, clients, await programs);
  }
  if (only !== 'renewal') {
    report.note('\nThe command renews credentials for programs, on our emulator');
    await checkServing(run, clients, await programs, await command);
  }
}

/** Without some clients, the others still prove something. */
async function noteMissing(report: Report, { missing }: Programs): Promise<void> {
  if (missing.length > 0 && process.env['REQUIRE_CLIENTS'] === '1') {
    await report.check('every client is there', async () => ({ missing: [missing, []] }));
  } else if (missing.length > 0) {
    report.note(`Some clients are left out. Missing: ${missing.join('; ')}.`);
  }
}

async function checkClientsAndAction(run: RunContext): Promise<void> {
  const miniStack = join(installEnvironment('ministack'), 'bin', 'python3');
  const account = startMiniStack(miniStack, cleanup).then((endpoint) => provision(endpoint, run.boto3));
  account.catch(() => undefined);
  run.report.note(
    `AWS CLI ${pinnedVersion('clients', 'awscli')} and boto3 ${pinnedVersion('clients', 'boto3')} on our emulator`,
  );
  await checkClients(run);
  run.report.note(
    `\nThe action on MiniStack ${pinnedVersion('ministack', 'ministack')}, which checks signatures and permissions`,
  );
  await checkOnMiniStack(run, await account);
}

/** All codes are computed now. In this order, each is still valid when it's used. */
async function checkClients(run: RunContext): Promise<void> {
  const endpoint = await startEmulatorCommand(run.cleanup);
  const code = (steps: number): Promise<string> => run.boto3.code(DEMO.seed, steps);
  const [first, ...rest] = [await code(-1), await code(0), await code(1), await code(2)] as const;
  await checkBoto3(run, endpoint, first);
  await checkAwsCli(run, endpoint, rest);
}

try {
  const { failed } = await runAll(process.argv[2]);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  if (!cleanup.signal.aborted) console.error(error instanceof SetupError ? error.message : error);
} finally {
  await cleanup.close();
}

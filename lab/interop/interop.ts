/**
 * `npm run test:interop`: AWS's own clients (the AWS CLI, boto3) on this repository's emulator, the built action on emulators
 * of AWS that nobody here wrote (moto, MiniStack), and the same questions to all of them.
 *
 * Exits with 1 where something is not as expected. `--write` writes what was seen into docs/interop.md.
 */
import { DEMO } from '../aws/index.ts';
import { checkSessionsOnMoto, checkUseOnMoto } from './action-on-moto.ts';
import { checkOnMiniStack, checkSignedOnMoto } from './action-with-signatures.ts';
import { AwsCli } from './aws-cli.ts';
import { Belongings } from './belongings.ts';
import { Boto3 } from './boto3.ts';
import { checkBoto3 } from './boto3-on-emulator.ts';
import { checkAwsCli } from './cli-on-emulator.ts';
import { checkDocument } from './difference-table.ts';
import { askEverybody } from './differences.ts';
import { furnish } from './furnish.ts';
import { CannotRun, packagesOf, pythonWith, versionOf } from './python-environment.ts';
import { Report } from './report.ts';
import type { Run } from './run.ts';
import { controlAccess, startEmulatorCommand, startMiniStack, startMoto } from './servers.ts';

const belongings = new Belongings();

async function runAll(): Promise<Report> {
  const python = await pythonWith('moto', belongings);
  const miniStackPython = await pythonWith('ministack', belongings);
  const began = performance.now();
  const report = new Report(belongings.signal);
  const boto3 = new Boto3(python, belongings);
  const run: Run = { report, boto3, aws: new AwsCli(python, belongings), belongings };
  report.note([...packagesOf('moto'), ...packagesOf('ministack')].join(', '));
  const [moto, strictMoto, miniStack] = await Promise.all([
    startMoto(python, belongings).then((endpoint) => furnish(endpoint, boto3)),
    startMoto(python, belongings).then((endpoint) => furnish(endpoint, boto3)),
    startMiniStack(miniStackPython, belongings).then((endpoint) => furnish(endpoint, boto3)),
  ]);
  await controlAccess(strictMoto.endpoint);

  report.note("\nAWS's clients on this repository's emulator");
  await checkClients(run);
  report.note('\nThe action on moto, which checks no signature');
  await checkSessionsOnMoto(run, moto);
  await checkUseOnMoto(run, moto);
  report.note('\nThe action on moto with its access control on');
  await checkSignedOnMoto(run, strictMoto);
  report.note('\nThe action on MiniStack with its access control on');
  await checkOnMiniStack(run, miniStack);
  report.note('\nThe same questions to everybody');
  const others = new Map([
    [`moto ${versionOf('moto')}`, moto],
    [`moto ${versionOf('moto')}, access control on`, strictMoto],
    [`MiniStack ${versionOf('ministack')}`, miniStack],
  ]);
  await checkDocument(report, await askEverybody(run, others), process.argv.includes('--write'));

  report.note(`\n${((performance.now() - began) / 1000).toFixed(0)} s\n${report.summary}`);
  return report;
}

/** One code after the other, all computed at one moment: in this order each is still good when its turn comes. */
async function checkClients(run: Run): Promise<void> {
  const endpoint = await startEmulatorCommand(run.belongings);
  const code = (steps: number): Promise<string> => run.boto3.code(DEMO.seed, steps);
  const [first, ...rest] = [await code(-1), await code(0), await code(1), await code(2)] as const;
  await checkBoto3(run, endpoint, first);
  await checkAwsCli(run, endpoint, rest);
}

try {
  const { failed } = await runAll();
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  if (!belongings.signal.aborted) console.error(error instanceof CannotRun ? error.message : error);
} finally {
  await belongings.close();
}

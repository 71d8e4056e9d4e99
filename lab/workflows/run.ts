/**
 * `npm run test:workflows`: act and Gitea's fork of act run real workflows on this machine, against the emulator, with the action
 * as users download it. Arguments name workflows, to run only those.
 *
 *     --install           install act, the AWS CLI, boto3 and Gitea's act into the cache folder first
 *     --work-in-progress  test the tracked files as they are now instead of HEAD
 *     --keep              keep the run's folder
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type WorkflowCase, workflowName } from './case.ts';
import { CASES } from './cases.ts';
import { buildCommand } from './command.ts';
import { EMULATOR_COMMAND, runEmulatorCommand } from './emulator-command.ts';
import { abortOnSignals } from './processes.ts';
import { explain, formatTable, passed } from './report.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { type Secret, SecretSearch } from './search.ts';
import { proveSearch } from './self-check.ts';
import { findTools, installTools } from './tools.ts';
import { commitToTest, differsOnDisk, unpackAction } from './workspace.ts';
import { runZeroToGreen, ZERO_TO_GREEN } from './zero-to-green.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    install: { type: 'boolean', default: false },
    'work-in-progress': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

function chosenCases(): readonly WorkflowCase[] {
  const names = [...CASES.map(workflowName), EMULATOR_COMMAND, ...ZERO_TO_GREEN];
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`No such workflow: ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  return CASES.filter((one) => isChosen(workflowName(one)));
}

function isChosen(name: string): boolean {
  return positionals.length === 0 || positionals.includes(name);
}

async function runAll(cases: readonly WorkflowCase[], folder: string, signal: AbortSignal): Promise<boolean> {
  const { folders: toolFolders, versions, runners } = findTools(folder);
  const workInProgress = values['work-in-progress'];
  const commit = commitToTest(workInProgress);
  console.log(`Testing ${commit.slice(0, 12)} with ${versions.join('; ')}; Node ${process.version}`);
  if (!workInProgress && differsOnDisk()) {
    console.log('This tests HEAD, but action.yml or dist/ differ from it. --work-in-progress tests them as they are.');
  }
  const action = join(folder, 'action');
  unpackAction(commit, action);
  buildCommand();
  const results: CaseResult[] = [];
  const left = cases.filter(({ runner = 'act' }) => !runners.includes(runner));
  if (left.length > 0) {
    const names = left.map(workflowName).join(', ');
    const why = "Gitea's act isn't built. --install builds it, with Go 1.26.";
    if (positionals.length > 0) throw new Error(`Can't run ${names}: ${why}`);
    console.log(`Left out: ${names}. ${why}`);
  }
  for (const one of cases.filter((candidate) => !left.includes(candidate))) {
    results.push(shown(await runCase(one, { folder, action, toolFolders, signal })));
  }
  if (isChosen(EMULATOR_COMMAND)) {
    results.push(shown(await runEmulatorCommand({ folder, action, toolFolders, signal })));
  }
  for (const name of ZERO_TO_GREEN.filter(isChosen)) {
    results.push(shown(await runZeroToGreen(name, { folder, action, toolFolders, signal })));
  }
  console.log(`\n${formatTable(results)}\n`);
  const secrets = results.flatMap((result) => result.secrets);
  const isClean = searchAll(folder, secrets);
  const all = [...results.map(passed), isClean];
  const good = all.filter(Boolean).length;
  console.log(`\n${good} passed, ${all.length - good} failed`);
  return good === all.length;
}

/** Prints a failure immediately. */
function shown(result: CaseResult): CaseResult {
  if (!passed(result)) console.log(`\n${explain(result, readFileSync(result.log, 'utf8'))}`);
  return result;
}

function searchAll(folder: string, secrets: readonly Secret[]): boolean {
  const planted = proveSearch(secrets, join(folder, 'planted'));
  const search = new SecretSearch(secrets);
  const findings = search.searchFolder(folder);
  console.log(
    `Searched ${search.places} files and folders that the runs left behind for ${secrets.length} secrets, with a search ` +
      `that found all ${planted} planted ones: ${findings.length === 0 ? 'found none.' : 'LEAKED.'}`,
  );
  for (const { place, secret } of findings) console.log(`  ${secret} in ${place}`);
  return findings.length === 0;
}

const signal = abortOnSignals();
const folder = mkdtempSync(join(tmpdir(), 'workflow-tests-'));
try {
  if (process.platform === 'win32') throw new Error('The workflow tests run on Linux and macOS.');
  const cases = chosenCases();
  if (values.install) installTools();
  process.exitCode = (await runAll(cases, folder, signal)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  if (values.keep) console.log(`The run's folder: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

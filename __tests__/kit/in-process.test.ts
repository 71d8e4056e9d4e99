import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../lab/aws/index.ts';
import { type Execute, executeAsProcess } from '../../lab/runner/execute.ts';
import { Job, type StepResult } from '../../lab/runner/job.ts';
import { emulate } from '../aws/wire.ts';
import { ACTION, closeAfterTest, SESSION } from './action.ts';
import { executeInProcess } from './in-process.ts';
import { SEALING_KEY } from './sealed-text.ts';
import { filesOf } from './secrets.ts';

// Most behavior tests execute dist/ within their own process. Here each kind of step runs both ways, with the same result.

type Inputs = Readonly<Record<string, string>>;

/** The steps of a job, and `env:` of it. */
interface Scenario {
  readonly steps: readonly Inputs[];
  readonly env?: Inputs;
  readonly debug?: boolean;
}

const CHAINED = { 'aws-region': DEMO.region, 'role-chaining': 'true', 'role-to-assume': 'deploy' };
const SEAL = { 'seal-session': 'true', 'sealing-key': SEALING_KEY };

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'variables, outputs and a summary': {
    steps: [{ ...SESSION, 'output-credentials': 'true', summary: 'true', 'list-buckets': 'true' }],
  },
  'debug logging': { steps: [SESSION], debug: true },
  'a role, and a second step with its session': { steps: [{ ...SESSION, 'mfa-session-first': 'true' }, CHAINED] },
  'a profile': { steps: [{ ...SESSION, 'aws-profile': 'ci' }] },
  'roles in files of the job, and a sealed session': {
    steps: [{ ...SESSION, ...SEAL, roles: 'one = deploy', 'profiles-location': 'temp' }],
  },
  'inputs that are wrong': { steps: [{ ...SESSION, 'mfa-seed': 'no seed!', summary: 'true' }] },
  'a refusal of AWS': { steps: [{ ...SESSION, 'role-to-assume': 'no-such-role' }] },
  'keys that nobody has': { steps: [{ 'aws-region': DEMO.region, 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed }] },
  'a missing command file': { steps: [SESSION], env: { GITHUB_ENV: '' } },
  'a proxy of the environment that nothing listens on': {
    steps: [{ ...SESSION, 'sts-endpoint': 'https://sts.example', 'disable-retry': 'true' }],
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
  },
};

/** All that a job leaves, in order, without what is random. */
async function leftBy({ steps, env = {}, debug = false }: Scenario, execute: Execute): Promise<readonly string[]> {
  const emulator = await emulate();
  const job = new Job({ action: ACTION, execute, debug, env: { AWS_ENDPOINT_URL: emulator.endpoint, ...env } });
  closeAfterTest(() => job.close());
  const results: StepResult[] = [];
  for (const inputs of steps) results.push(await job.step({ inputs, env: env['GITHUB_ENV'] === '' ? env : {} }));
  const files = [...filesOf(job)];
  const all = [...results, ...(await job.post())].map((result) => JSON.stringify(result));
  const calls = emulator.calls.map(({ operation, status }) => `${operation} ${status}`).toSorted();
  return [...all, ...files.flat(), ...calls, ...[...filesOf(job)].flat()].map((text) => withoutChance(text, job));
}

function withoutChance(text: string, { temp }: Job): string {
  return text
    .replaceAll(temp.replace(/temp$/, ''), 'ROOT/')
    .replaceAll(/aws-mfa-1\.[\w.-]+/g, 'SEALED')
    .replaceAll(/IQoJ[\w+/=]+/g, 'TOKEN')
    .replaceAll(/\b(?:ASIA|AROA)[A-Z2-7]{16}/g, 'KEY')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replaceAll(/(?<![\w+/])[\w+/]{40}(?![\w+/])/g, 'SECRET')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, 'TIME')
    .replaceAll(/"(?:at|step|clockOffset)":-?\d+/g, 'NUMBER')
    .replaceAll(/127\.0\.0\.1:\d{2,}|localhost:\d+/g, 'HOST');
}

describe('a step within the process of the tests ends as one that is a process', () => {
  test.each(Object.entries(SCENARIOS))('%s', async (_, scenario) => {
    const [here, there] = [await leftBy(scenario, executeInProcess), await leftBy(scenario, executeAsProcess)];
    expect(here).toEqual(there);
    expect(here.length).toBeGreaterThan(1);
  });
});

/**
 * `npm run demo`: the built action, run as a runner runs it against the local emulator, and what a person would see of it: the
 * step's log, what later steps get, the job summary, the requests, and what the post step takes back.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DEMO, startEmulator } from '../emulator/index.ts';
import { Job, type StepResult } from '../local-runner/job.ts';
import { hide } from '../local-runner/log.ts';
import { heading, indent, styled } from './print.ts';

/** What the workflow passes from secrets; a runner masks those before the step begins. */
const SECRETS = {
  'aws-access-key-id': DEMO.accessKeyId,
  'aws-secret-access-key': DEMO.secretAccessKey,
  'mfa-seed': DEMO.seed,
};
const COMMON = { 'aws-region': DEMO.region, ...SECRETS, 'mfa-serial': DEMO.serial, summary: 'true' };
/** A secret of both jobs, as `openssl rand -base64 32` makes it. */
const SEALING_KEY = randomBytes(32).toString('base64');

const emulator = await startEmulator();
let failed = false;

/** Runs a job with one step, shows it, and returns the step's outputs. */
async function show(title: string, inputs: Readonly<Record<string, string>>): Promise<StepResult['outputs']> {
  const before = emulator.calls.length;
  const job = new Job({ action: join(import.meta.dirname, '..'), env: { AWS_ENDPOINT_URL: emulator.endpoint } });
  try {
    for (const secret of [...Object.values(SECRETS), SEALING_KEY]) job.masks.add(secret);
    console.log(heading(title));
    console.log(styled('dim', 'The step, as the runner prints it'));
    const given = Object.entries(inputs).map(([name, value]) => `  ${name}: ${shorten(hide(value, job.masks))}`);
    console.log(indent(['Run aws-mfa-credentials@v1', 'with:', ...given].join('\n')));

    const step = await job.step({ inputs });
    console.log(styled('dim', '\nIts log'));
    console.log(indent(step.lines.join('\n')));
    showExports(step, job);
    console.log(styled('dim', '\nThe job summary'));
    console.log(indent(step.summary.trim()));
    console.log(styled('dim', '\nWhat AWS was asked'));
    for (const { operation, status, mfa } of emulator.calls.slice(before)) {
      console.log(indent(`${operation.padEnd(18)} ${status}${mfa === undefined ? '' : `  MFA code ${mfa.verdict}`}`));
    }

    for (const post of await job.post()) {
      console.log(styled('dim', '\nThe post step'));
      console.log(indent(post.lines.join('\n') || '(nothing to take back, so it says nothing)'));
      for (const [name, value] of Object.entries(post.exported))
        console.log(indent(`${name}=${hide(value, job.masks)}`));
      failed ||= post.exitCode !== 0;
    }
    failed ||= step.exitCode !== 0;
    return step.outputs;
  } finally {
    job.close();
  }
}

function showExports(step: StepResult, job: Job): void {
  for (const [what, entries] of [
    ['Exported for later steps (masked as in any log)', step.exported],
    ['Outputs', step.outputs],
  ] as const) {
    console.log(styled('dim', `\n${what}`));
    for (const [name, value] of Object.entries(entries))
      console.log(indent(`${name}=${shorten(hide(value, job.masks))}`));
  }
}

/** A sealed session is a thousand characters of no use to the eye. */
function shorten(text: string): string {
  return text.length > 200 && !text.includes(' ') ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}

try {
  await show('1. A session token, checked by listing the buckets', {
    ...COMMON,
    'list-buckets': 'true',
    'expected-buckets': 'example-backups-eu',
  });
  await show('2. A role, assumed directly with the code', { ...COMMON, 'role-to-assume': DEMO.roleArn });
  const sealing = { 'seal-session': 'true', 'sealing-key': SEALING_KEY, 'output-env-credentials': 'false' };
  const { 'sealed-session': sealed = '' } = await show('3. A session that is sealed for other jobs', {
    ...COMMON,
    ...sealing,
  });
  await show('4. Another job, which opens it without a code and gets a role as a profile', {
    'aws-region': DEMO.region,
    'sealed-session': sealed,
    'sealing-key': SEALING_KEY,
    roles: `deploy = ${DEMO.roleArn} duration_seconds=900 region=eu-west-1`,
    summary: 'true',
  });
} finally {
  await emulator.close();
}
console.log(
  failed
    ? '\nA step of the demo failed.'
    : styled('dim', `\nDone, on Node ${process.version}. \`npm run emulator\` starts the same AWS for your own tools.`),
);
process.exitCode = failed ? 1 : 0;

import { type Account, BUCKETS, EXTERNAL_ID, REGION, roleArn, roleSessionArn } from './account.ts';
import { exportedBy, type Inputs, inputsOf, newJob, runStep, runSuccessfully } from './action.ts';
import type { Cleanup } from './cleanup.ts';
import type { Comparison, RunContext } from './report.ts';

// The built action on MiniStack, which checks signatures, session tokens and permissions with its own code.

/** All checks of the action. */
export async function checkOnMiniStack(run: RunContext, account: Account): Promise<void> {
  await checkSession(run, account);
  await checkRoles(run, account);
  await checkRefusals(run, account);
}

async function checkSession({ report, boto3, aws, cleanup }: RunContext, account: Account): Promise<void> {
  await report.check('a session token, and list-buckets with it over two pages', async () => {
    const job = newJob(account, cleanup);
    const more = { 'list-buckets': 'true', 'allowed-account-ids': account.id };
    const step = await runSuccessfully(job, { ...inputsOf(account), ...more }, cleanup);
    const count = ['s3api', 'list-buckets', '--query', 'length(Buckets)'];
    return {
      'all names': [JSON.parse(step.outputs['buckets'] ?? ''), BUCKETS],
      'bucket-count': [step.outputs['bucket-count'], '1203'],
      'identity of the exported keys, by boto3': [
        await boto3.whoIs(account.endpoint, exportedBy(step)),
        account.ci.arn,
      ],
      'identity in the outputs': [step.outputs['authenticated-arn'], account.ci.arn],
      'buckets that the AWS CLI counts with the exported variables': [await aws.json(count, job.env), BUCKETS.length],
    };
  });

  await report.check('a profile, used by the AWS CLI and removed by the post step', async () => {
    const job = newJob(account, cleanup);
    const profile = { 'aws-profile': 'ci', 'role-to-assume': roleArn(account, 'deploy') };
    const step = await runSuccessfully(job, { ...inputsOf(account), ...profile }, cleanup);
    const files = {
      AWS_ENDPOINT_URL: account.endpoint,
      AWS_CONFIG_FILE: `${job.home}/.aws/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${job.home}/.aws/credentials`,
    };
    const identity = ['sts', 'get-caller-identity', '--query', 'Arn', '--profile', 'ci'];
    const before = await aws.json(identity, files);
    await job.post();
    const after = await aws.run(identity, files);
    return {
      identity: [before, roleSessionArn(account, 'deploy')],
      'nothing in the environment': [Object.keys(step.exported), []],
      'after the post step': [after.stderr, /The config profile \(ci\) could not be found/],
    };
  });
}

async function checkRoles({ report, boto3, cleanup }: RunContext, account: Account): Promise<void> {
  const inputs = inputsOf(account);
  const chaining = { 'aws-region': REGION, 'role-chaining': 'true' };

  await report.check('a role by its ARN, used for buckets, and role-chaining from it', async () => {
    const job = newJob(account, cleanup);
    const role = { 'role-to-assume': roleArn(account, 'deploy') };
    const buckets = { 'expected-buckets': `${BUCKETS[3]}\n${BUCKETS[4]}/a/` };
    const first = await runSuccessfully(job, { ...inputs, ...role, ...buckets }, cleanup);
    // The role trusts only the user, so the server refuses to chain it.
    const second = await runStep(job, { ...chaining, ...role }, cleanup);
    return {
      'identity of the exported keys, by boto3': [
        await boto3.whoIs(account.endpoint, exportedBy(first)),
        roleSessionArn(account, 'deploy'),
      ],
      'chaining a role that does not trust this one': [second.exitCode, 1],
      'what the server said': [second.lines.join('\n'), /not authorized to perform: sts:AssumeRole/],
    };
  });

  await report.check('a role after a session token, by mfa-session-first and by role-chaining', async () => {
    const role = { 'role-to-assume': 'deploy', 'expected-buckets': BUCKETS[7] ?? '' };
    const inOne = { ...inputs, ...role, 'mfa-session-first': 'true' };
    const first = await runSuccessfully(newJob(account, cleanup), inOne, cleanup);
    const job = newJob(account, cleanup);
    await runSuccessfully(job, inputs, cleanup);
    const second = await runSuccessfully(job, { ...chaining, ...role }, cleanup);
    return {
      'identity by mfa-session-first': [first.outputs['authenticated-arn'], roleSessionArn(account, 'deploy')],
      'identity by role-chaining': [second.outputs['authenticated-arn'], roleSessionArn(account, 'deploy')],
    };
  });

  await report.check('a role whose trust policy does not allow tags', async () => {
    const role = { 'role-to-assume': 'untagged' };
    const untagged = { ...role, 'role-skip-session-tagging': 'true' };
    const step = await runSuccessfully(newJob(account, cleanup), { ...inputs, ...untagged }, cleanup);
    return {
      ...(await refused(account, { ...inputs, ...role }, /sts:TagSession/, cleanup)),
      'identity without tags': [step.outputs['authenticated-arn'], roleSessionArn(account, 'untagged')],
    };
  });

  await report.check('a role with an external ID', async () => {
    const role = { 'role-to-assume': 'partner' };
    const right = { ...inputs, ...role, 'role-external-id': EXTERNAL_ID };
    const step = await runSuccessfully(newJob(account, cleanup), right, cleanup);
    return {
      'identity with the right one': [step.outputs['authenticated-arn'], roleSessionArn(account, 'partner')],
      ...(await refused(account, { ...inputs, ...role, 'role-external-id': 'another' }, /sts:AssumeRole/, cleanup)),
    };
  });
}

async function checkRefusals({ report, cleanup }: RunContext, account: Account): Promise<void> {
  const inputs = inputsOf(account);
  await report.check('a wrong secret access key', () =>
    refused(account, { ...inputs, 'aws-secret-access-key': 'another' }, /SignatureDoesNotMatch/, cleanup),
  );
  await report.check('an unknown access key', () =>
    refused(account, { ...inputs, 'aws-access-key-id': 'AKIAI44QH8DHBEXAMPLE' }, /InvalidClientTokenId/, cleanup),
  );
}

/** Runs a step that must fail, for a reason that the server gives. */
async function refused(account: Account, inputs: Inputs, reason: RegExp, cleanup: Cleanup): Promise<Comparison> {
  const step = await runStep(newJob(account, cleanup), inputs, cleanup);
  return {
    'exit code': [step.exitCode, 1],
    'what the server said': [step.lines.join('\n'), reason],
    'nothing exported': [Object.keys(step.exported), []],
  };
}

import { type Account, BUCKETS, EXTERNAL_ID, REGION, roleArn, roleSession } from './account.ts';
import { exportedBy, type Inputs, inputsOf, newJob, succeed, takeStep } from './action.ts';
import type { Comparison } from './report.ts';
import type { Run } from './run.ts';

// The built action on servers that check its signatures by code of their own, and who may do what.

/** What moto can be asked once its access control is on; it does not know the keys of its own session tokens then. */
export async function checkSignedOnMoto(run: Run, account: Account): Promise<void> {
  await checkRoleInUse(run, account);
  await checkRefusals(run, account);
}

/** Everything, on MiniStack. */
export async function checkOnMiniStack(run: Run, account: Account): Promise<void> {
  const { report, boto3, aws, belongings } = run;
  const inputs = inputsOf(account);

  await report.check('a session token, and list-buckets with it over two pages', async () => {
    const job = newJob(account, belongings);
    const step = await succeed(
      job,
      { ...inputs, 'list-buckets': 'true', 'allowed-account-ids': account.id },
      belongings,
    );
    const counted = ['s3api', 'list-buckets', '--query', 'length(Buckets)'];
    return {
      'all names': [JSON.parse(step.outputs['buckets'] ?? ''), BUCKETS],
      'bucket-count': [step.outputs['bucket-count'], '1203'],
      'who boto3 is with the exported keys': [await boto3.whoIs(account.endpoint, exportedBy(step)), account.ci.arn],
      'identity in the outputs': [step.outputs['authenticated-arn'], account.ci.arn],
      'how many the AWS CLI lists with the exported variables': [await aws.json(counted, job.env), BUCKETS.length],
    };
  });

  await checkRoleInUse(run, account);

  await report.check('a role after a session token, by mfa-session-first and by role-chaining, in use', async () => {
    const role = { 'role-to-assume': 'deploy', 'expected-buckets': BUCKETS[7] ?? '' };
    const inOne = { ...inputs, ...role, 'mfa-session-first': 'true' };
    const first = await succeed(newJob(account, belongings), inOne, belongings);
    const job = newJob(account, belongings);
    await succeed(job, inputs, belongings);
    const second = await succeed(job, { 'aws-region': REGION, 'role-chaining': 'true', ...role }, belongings);
    return {
      'identity by mfa-session-first': [first.outputs['authenticated-arn'], roleSession(account, 'deploy')],
      'identity by role-chaining': [second.outputs['authenticated-arn'], roleSession(account, 'deploy')],
    };
  });

  await report.check('a role whose trust does not allow tags', async () => {
    const role = { 'role-to-assume': 'untagged' };
    const tagged = await takeStep(newJob(account, belongings), { ...inputs, ...role }, belongings);
    const untagged = { ...role, 'role-skip-session-tagging': 'true' };
    const step = await succeed(newJob(account, belongings), { ...inputs, ...untagged }, belongings);
    return {
      'message with tags': [tagged.lines.join('\n'), /Passing session tags is not allowed/],
      'nothing exported': [Object.keys(tagged.exported), []],
      'identity without tags': [step.outputs['authenticated-arn'], roleSession(account, 'untagged')],
    };
  });

  await checkRefusals(run, account);
}

/** A role by its ARN, used for buckets, and a role by that role's session. */
async function checkRoleInUse({ report, boto3, belongings }: Run, account: Account): Promise<void> {
  await report.check('a role by its ARN, in use for buckets, and role-chaining from it', async () => {
    const job = newJob(account, belongings);
    const role = {
      'role-to-assume': roleArn(account, 'deploy'),
      'expected-buckets': `${BUCKETS[3]}\n${BUCKETS[4]}/a/`,
    };
    const first = await succeed(job, { ...inputsOf(account), ...role }, belongings);
    const chained = { 'aws-region': REGION, 'role-chaining': 'true', 'role-to-assume': roleArn(account, 'deploy') };
    // The role trusts the user only: the chain must end in the server's refusal of that role.
    const second = await takeStep(job, chained, belongings);
    return {
      'who boto3 is with the exported keys': [
        await boto3.whoIs(account.endpoint, exportedBy(first)),
        roleSession(account, 'deploy'),
      ],
      'role-chaining to a role that does not trust this one': [
        second.lines.join('\n'),
        /not authorized to perform: sts:AssumeRole/,
      ],
    };
  });
}

/** Refusals, in the action's words. */
async function checkRefusals({ report, belongings }: Run, account: Account): Promise<void> {
  const refused = async (inputs: Inputs, message: RegExp): Promise<Comparison> => {
    const step = await takeStep(newJob(account, belongings), { ...inputsOf(account), ...inputs }, belongings);
    return {
      'exit code': [step.exitCode, 1],
      message: [step.lines.join('\n'), message],
      'nothing exported': [Object.keys(step.exported), []],
    };
  };
  const secret = { 'aws-secret-access-key': 'anotherSecretAccessKeyOfFortyCharacters0' };
  await report.check('a wrong secret access key', () => refused(secret, /Error: .*The signature is wrong\./));
  const key = { 'aws-access-key-id': 'AKIAI44QH8DHBEXAMPLE' };
  await report.check('an unknown access key', () => refused(key, /Error: .*AWS does not know this access key here\./));
  await report.check('a wrong external ID, and the right one', async () => {
    const role = { 'role-to-assume': roleArn(account, 'partner') };
    const right = { ...inputsOf(account), ...role, 'role-external-id': EXTERNAL_ID };
    const step = await succeed(newJob(account, belongings), right, belongings);
    return {
      'identity with the right one': [step.outputs['authenticated-arn'], roleSession(account, 'partner')],
      ...(await refused({ ...role, 'role-external-id': 'another' }, /Error: .*Assuming the role is not allowed\./)),
    };
  });
}

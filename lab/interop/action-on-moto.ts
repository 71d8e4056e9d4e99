import { isDeepStrictEqual } from 'node:util';
import { type Account, BUCKETS, credentialsIn, REGION, roleArn, roleSession, type Wire } from './account.ts';
import { exportedBy, inputsOf, minutesLeft, newJob, succeed, takeStep } from './action.ts';
import type { Run } from './run.ts';

// The built action on moto as it comes: it answers everybody, whatever the signature and the code.

/** Ways to a session. */
export async function checkSessionsOnMoto({ report, boto3, belongings }: Run, account: Account): Promise<void> {
  const { endpoint, ci } = account;
  const inputs = inputsOf(account);

  await report.check('a session token', async () => {
    const step = await succeed(
      newJob(account, belongings),
      { ...inputs, 'session-duration-seconds': '900' },
      belongings,
    );
    const call = { endpoint, service: 'sts', operation: 'get_session_token', credentials: ci.credentials } as const;
    // moto gives everybody the same keys.
    const given = credentialsIn((await boto3.value(call))['Credentials'] as Wire);
    return {
      'key pair and token against those that boto3 gets': [isDeepStrictEqual(exportedBy(step), given), true],
      'minutes left': [minutesLeft(step), 15],
      'identity against GetCallerIdentity by boto3': [
        step.outputs['authenticated-arn'],
        await boto3.whoIs(endpoint, ci.credentials),
      ],
      'identity against IAM': [step.outputs['authenticated-arn'], ci.arn],
      'account ID': [step.outputs['aws-account-id'], account.id],
      'device in the outputs': [step.outputs['mfa-serial'], ci.serial],
    };
  });

  const roles = {
    'a role by its ARN': { 'role-to-assume': roleArn(account, 'deploy'), 'role-duration-seconds': '7200' },
    'a role by its name, in the account of the device': { 'role-to-assume': 'deploy' },
    'a role by its name, in the account of the caller': { 'role-to-assume': 'deploy', 'mfa-serial': 'GAHT12345678' },
    'a role after a session token (mfa-session-first)': { 'role-to-assume': 'deploy', 'mfa-session-first': 'true' },
  };
  for (const [name, role] of Object.entries(roles)) {
    await report.check(name, async () => {
      const step = await succeed(newJob(account, belongings), { ...inputs, ...role }, belongings);
      return {
        'who boto3 is with the exported keys': [
          await boto3.whoIs(endpoint, exportedBy(step)),
          roleSession(account, 'deploy'),
        ],
        'identity in the outputs': [step.outputs['authenticated-arn'], roleSession(account, 'deploy')],
        'minutes left': [minutesLeft(step), 'role-duration-seconds' in role ? 120 : 60],
      };
    });
  }

  await report.check('a role by the session of an earlier step (role-chaining)', async () => {
    const job = newJob(account, belongings);
    const first = await succeed(job, inputs, belongings);
    const chained = { 'aws-region': REGION, 'role-chaining': 'true', 'role-to-assume': roleArn(account, 'deploy') };
    const second = await succeed(job, chained, belongings);
    return {
      'other keys than the first step': [exportedBy(second).accessKeyId !== exportedBy(first).accessKeyId, true],
      'who boto3 is with the exported keys': [
        await boto3.whoIs(endpoint, exportedBy(second)),
        roleSession(account, 'deploy'),
      ],
    };
  });
}

/** Buckets, and a profile instead of the environment. */
export async function checkUseOnMoto({ report, boto3, aws, belongings }: Run, account: Account): Promise<void> {
  const { endpoint } = account;
  const inputs = inputsOf(account);

  await report.check('list-buckets where the server has one page for everything', async () => {
    const step = await succeed(newJob(account, belongings), { ...inputs, 'list-buckets': 'true' }, belongings);
    const parameters = { MaxBuckets: 1000 };
    const credentials = exportedBy(step);
    const page = await boto3.value({ endpoint, service: 's3', operation: 'list_buckets', parameters, credentials });
    const names = (page['Buckets'] as readonly { Name: string }[]).map(({ Name }) => Name);
    return {
      'names against one page by boto3': [JSON.parse(step.outputs['buckets'] ?? ''), names],
      'bucket-count': [step.outputs['bucket-count'], '1000'],
    };
  });

  await report.check('expected-buckets: a bucket, and a prefix in another', async () => {
    const [first, second] = BUCKETS;
    const expected = { 'expected-buckets': `${first}\n${second}/releases/` };
    const step = await succeed(newJob(account, belongings), { ...inputs, ...expected }, belongings);
    return { 'exported after the check': ['AWS_SESSION_TOKEN' in step.exported, true] };
  });

  await report.check('expected-buckets: one that is not there', async () => {
    const expected = { 'expected-buckets': 'not-there' };
    const step = await takeStep(newJob(account, belongings), { ...inputs, ...expected }, belongings);
    return {
      'exit code': [step.exitCode, 1],
      'message of the action': [
        step.lines.join('\n'),
        /Error: .*HeadBucket: there is no bucket not-there \(AWS: \w+\)\./,
      ],
      'what to do': [step.lines.join('\n'), /Correct the name in expected-buckets, or create the bucket\./],
      'nothing exported': [Object.keys(step.exported), []],
    };
  });

  await report.check('aws-profile, used by the AWS CLI', async () => {
    const job = newJob(account, belongings);
    const profile = { 'aws-profile': 'ci', 'role-to-assume': roleArn(account, 'deploy') };
    const step = await succeed(job, { ...inputs, ...profile }, belongings);
    const files = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: `${job.home}/.aws/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${job.home}/.aws/credentials`,
    };
    const who = ['sts', 'get-caller-identity', '--query', 'Arn', '--profile', 'ci'];
    const before = await aws.json(who, files);
    await job.post();
    const after = await aws.run(who, files);
    return {
      'who it is': [before, roleSession(account, 'deploy')],
      'nothing in the environment': [Object.keys(step.exported), []],
      'after the post step': [after.stderr, /The config profile \(ci\) could not be found/],
    };
  });
}

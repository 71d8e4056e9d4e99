import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRIAL } from '../aws/trial-world.ts';
import { type Credentials, credentialsIn, type Wire } from './account.ts';
import type { Run } from './run.ts';

// The AWS CLI on this repository's emulator (the world of `npm run emulator`), with codes that pyotp computes.

const KEY: Credentials = { accessKeyId: TRIAL.accessKeyId, secretAccessKey: TRIAL.secretAccessKey };
const NAMES = ['example-artifacts', 'example-backups-eu', 'example-logs', 'example-site'];
const USER = [TRIAL.accountId, `arn:aws:iam::${TRIAL.accountId}:user/${TRIAL.userName}`];
const ROLE_SESSION = `arn:aws:sts::${TRIAL.accountId}:assumed-role/deploy`;

/**
 * All checks with the AWS CLI.
 * @param codes three that are good and not used
 */
export async function checkAwsCli(run: Run, endpoint: string, codes: readonly [string, string, string]): Promise<void> {
  const [first, second, third] = codes;
  const session = await checkSession(run, endpoint, first);
  await checkSessionInUse(run, endpoint, session);
  await checkRoles(run, endpoint, session, second, third);
}

type Variables = Readonly<Record<string, string>>;

function variables(endpoint: string, { accessKeyId, secretAccessKey, sessionToken }: Credentials): Variables {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

/** A code, and the same code again. The session that it gave. */
async function checkSession({ report, aws }: Run, endpoint: string, code: string): Promise<Credentials> {
  const spend = ['sts', 'get-session-token', '--serial-number', TRIAL.serial, '--token-code', code];
  let session: Credentials = KEY;
  await report.check('aws sts get-session-token with a code of pyotp', async () => {
    const answer = (await aws.json(spend, variables(endpoint, KEY))) as Readonly<Record<string, Wire>>;
    session = credentialsIn(answer['Credentials']);
    const left = Date.parse(answer['Credentials']?.Expiration ?? '') - Date.now();
    return {
      'access key ID': [session.accessKeyId, /^ASIA[A-Z0-9]{16}$/],
      'hours left': [Math.round(left / 3_600_000), 12],
    };
  });
  await report.check('the same code again', async () => {
    const { exitCode, stderr } = await aws.run(spend, variables(endpoint, KEY));
    const words = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
    const says = `An error occurred (AccessDenied) when calling the GetSessionToken operation: ${words}`;
    return { refused: [exitCode !== 0, true], "AWS's words": [stderr.includes(says), true] };
  });
  return session;
}

/** Who the session is, and buckets, which the user's policy denies without MFA. */
async function checkSessionInUse({ report, aws }: Run, endpoint: string, session: Credentials): Promise<void> {
  const withKey = variables(endpoint, KEY);
  const withSession = variables(endpoint, session);
  await report.check('aws sts get-caller-identity', async () => {
    const who = ['sts', 'get-caller-identity', '--query', '[Account,Arn]'];
    return {
      'with the key': [await aws.json(who, withKey), USER],
      'with the session': [await aws.json(who, withSession), USER],
    };
  });
  await report.check('aws s3api list-buckets by pages of three', async () => {
    const list = ['s3api', 'list-buckets', '--page-size', '3', '--query', 'Buckets[].Name'];
    const { stderr } = await aws.run(list, withKey);
    return {
      'names with the session': [await aws.json(list, withSession), NAMES],
      'with the key, without MFA': [stderr, /\(AccessDenied\).*with an explicit deny/],
    };
  });
  await report.check('aws s3api head-bucket', async () => {
    const head = (bucket: string) => aws.run(['s3api', 'head-bucket', '--bucket', bucket], withSession);
    return {
      'one that is there': [(await head('example-logs')).exitCode, 0],
      'one of another region': [(await head('example-backups-eu')).exitCode, 0],
      'one that is not there': [(await head('not-there')).stderr, /\(404\) when calling the HeadBucket operation/],
    };
  });
}

/** A role that demands MFA. */
async function checkRoles(
  { report, aws, belongings }: Run,
  endpoint: string,
  session: Credentials,
  code: string,
  typed: string,
): Promise<void> {
  const take = ['sts', 'assume-role', '--role-arn', TRIAL.roleArn, '--query', 'AssumedRoleUser.Arn'];
  await report.check('aws sts assume-role', async () => {
    const mfa = ['--serial-number', TRIAL.serial, '--token-code', code];
    const byKey = await aws.json([...take, '--role-session-name', 'code', ...mfa], variables(endpoint, KEY));
    const bySession = await aws.json([...take, '--role-session-name', 'session'], variables(endpoint, session));
    const { stderr } = await aws.run([...take, '--role-session-name', 'no-mfa'], variables(endpoint, KEY));
    return {
      'with a code': [byKey, `${ROLE_SESSION}/code`],
      'with the session': [bySession, `${ROLE_SESSION}/session`],
      'without MFA': [stderr, /\(AccessDenied\).*not authorized to perform: sts:AssumeRole/],
    };
  });
  await report.check('a profile of the AWS CLI with role_arn and mfa_serial, the code typed', async () => {
    const files = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: join(belongings.folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(belongings.folder, 'credentials'),
    };
    const profile = [`role_arn = ${TRIAL.roleArn}`, `mfa_serial = ${TRIAL.serial}`, 'source_profile = ci'];
    writeFileSync(files.AWS_CONFIG_FILE, `[profile deploy]\n${profile.join('\n')}\nrole_session_name = profile\n`);
    const keys = [`aws_access_key_id = ${KEY.accessKeyId}`, `aws_secret_access_key = ${KEY.secretAccessKey}`];
    writeFileSync(files.AWS_SHARED_CREDENTIALS_FILE, `[ci]\n${keys.join('\n')}\n`);
    const who = ['--profile', 'deploy', 'sts', 'get-caller-identity', '--query', 'Arn'];
    return { 'who it is': [await aws.json(who, files, `${typed}\n`), `${ROLE_SESSION}/profile`] };
  });
}

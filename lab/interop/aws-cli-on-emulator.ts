import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLAYGROUND } from '../aws/demo-world.ts';
import { type Credentials, credentialsFrom, type WireCredentials } from './account.ts';
import type { RunContext } from './report.ts';

// The AWS CLI on our emulator as `npm run emulator` starts it, with codes from pyotp.

const KEY: Credentials = { accessKeyId: PLAYGROUND.accessKeyId, secretAccessKey: PLAYGROUND.secretAccessKey };
const NAMES = ['example-artifacts', 'example-backups-eu', 'example-logs', 'example-site'];
const USER = [PLAYGROUND.accountId, `arn:aws:iam::${PLAYGROUND.accountId}:user/${PLAYGROUND.userName}`];
const ROLE_SESSION = `arn:aws:sts::${PLAYGROUND.accountId}:assumed-role/deploy`;

/**
 * All checks with the AWS CLI.
 * @param codes three valid, unused ones
 */
export async function checkAwsCli(
  run: RunContext,
  endpoint: string,
  codes: readonly [string, string, string],
): Promise<void> {
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

/** Uses a code twice. Returns the session that the first use gave. */
async function checkSession({ report, aws }: RunContext, endpoint: string, code: string): Promise<Credentials> {
  const spend = ['sts', 'get-session-token', '--serial-number', PLAYGROUND.serial, '--token-code', code];
  let session: Credentials = KEY;
  await report.check('aws sts get-session-token with a code from pyotp', async () => {
    const answer = (await aws.json(spend, variables(endpoint, KEY))) as Readonly<Record<string, WireCredentials>>;
    session = credentialsFrom(answer['Credentials']);
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
    return { refused: [exitCode !== 0, true], "AWS's message": [stderr.includes(says), true] };
  });
  return session;
}

/** Uses the session: identity, and buckets, which the user's policy denies without MFA. */
async function checkSessionInUse({ report, aws }: RunContext, endpoint: string, session: Credentials): Promise<void> {
  const withKey = variables(endpoint, KEY);
  const withSession = variables(endpoint, session);
  await report.check('aws sts get-caller-identity', async () => {
    const who = ['sts', 'get-caller-identity', '--query', '[Account,Arn]'];
    return {
      'with the key': [await aws.json(who, withKey), USER],
      'with the session': [await aws.json(who, withSession), USER],
    };
  });
  await report.check('aws s3api list-buckets in pages of three', async () => {
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
      'an existing one': [(await head('example-logs')).exitCode, 0],
      'one in another region': [(await head('example-backups-eu')).exitCode, 0],
      'a missing one': [(await head('not-there')).stderr, /\(404\) when calling the HeadBucket operation/],
    };
  });
}

/** Assumes a role that requires MFA. */
async function checkRoles(
  { report, aws, cleanup }: RunContext,
  endpoint: string,
  session: Credentials,
  code: string,
  typed: string,
): Promise<void> {
  const assume = ['sts', 'assume-role', '--role-arn', PLAYGROUND.roleArn, '--query', 'AssumedRoleUser.Arn'];
  await report.check('aws sts assume-role', async () => {
    const mfa = ['--serial-number', PLAYGROUND.serial, '--token-code', code];
    const byKey = await aws.json([...assume, '--role-session-name', 'code', ...mfa], variables(endpoint, KEY));
    const bySession = await aws.json([...assume, '--role-session-name', 'session'], variables(endpoint, session));
    const { stderr } = await aws.run([...assume, '--role-session-name', 'no-mfa'], variables(endpoint, KEY));
    return {
      'with a code': [byKey, `${ROLE_SESSION}/code`],
      'with the session': [bySession, `${ROLE_SESSION}/session`],
      'without MFA': [stderr, /\(AccessDenied\).*not authorized to perform: sts:AssumeRole/],
    };
  });
  await report.check('a profile of the AWS CLI with role_arn and mfa_serial, typing the code', async () => {
    const files = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONFIG_FILE: join(cleanup.folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(cleanup.folder, 'credentials'),
    };
    const profile = [`role_arn = ${PLAYGROUND.roleArn}`, `mfa_serial = ${PLAYGROUND.serial}`, 'source_profile = ci'];
    writeFileSync(files.AWS_CONFIG_FILE, `[profile deploy]\n${profile.join('\n')}\nrole_session_name = profile\n`);
    const keys = [`aws_access_key_id = ${KEY.accessKeyId}`, `aws_secret_access_key = ${KEY.secretAccessKey}`];
    writeFileSync(files.AWS_SHARED_CREDENTIALS_FILE, `[ci]\n${keys.join('\n')}\n`);
    const who = ['--profile', 'deploy', 'sts', 'get-caller-identity', '--query', 'Arn'];
    return { identity: [await aws.json(who, files, `${typed}\n`), `${ROLE_SESSION}/profile`] };
  });
}

import { dirname, join } from 'node:path';
import { PLAYGROUND } from './demo-world.ts';

/** A running emulator, as the welcome describes it. */
export interface Started {
  readonly endpoint: string;
  /** The file with the certificate, with TLS. */
  readonly certificate: string | undefined;
  /** A folder with the action as a runner would download it. */
  readonly action: string;
}

/** What `npm run emulator` prints: the account, and commands to paste. */
export function welcome(started: Started): string {
  const { endpoint, certificate } = started;
  const facts = {
    endpoint,
    ...(certificate !== undefined && { certificate: `${certificate} (AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS)` }),
    region: PLAYGROUND.region,
    user: `${PLAYGROUND.userName} in account ${PLAYGROUND.accountId}`,
    'access key ID': PLAYGROUND.accessKeyId,
    'secret access key': PLAYGROUND.secretAccessKey,
    device: PLAYGROUND.serial,
    seed: PLAYGROUND.seed,
    role: `${PLAYGROUND.roleArn} (requires MFA)`,
  };
  const table = Object.entries(facts).map(([name, value]) => `${name.padEnd(19)}${value}`);
  return `
${table.join('\n')}

1. YOUR OWN WORKFLOW, with act 0.2.87 (https://github.com/nektos/act), without Docker. Run this in your repository:

${actCommand(started)}

2. THE COMMANDS IN docs/iam.md, AND enroll (docs/enrolling.md), as an administrator of this account (bash or zsh). First run this:

${setUpShell(started)}

3. A SESSION WITH MFA, with the AWS CLI and oathtool. It may list the buckets, which the access key may not. Each code
   works once, so wait 30 seconds before you run this again.

${sessionCommands(started)}

Stop with Ctrl-C.
`;
}

/** The act command for a workflow, with everything that makes it use the emulator instead of AWS. */
function actCommand({ endpoint, certificate, action }: Started): string {
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }),
  };
  const secrets = {
    AWS_ACCESS_KEY_ID: PLAYGROUND.accessKeyId,
    AWS_SECRET_ACCESS_KEY: PLAYGROUND.secretAccessKey,
    AWS_MFA_SEED: PLAYGROUND.seed,
    // The same as enroll stores it.
    AWS_ACCESS_KEY: `${PLAYGROUND.accessKeyId}:${PLAYGROUND.secretAccessKey}`,
    AWS_MFA_DEVICE: `${PLAYGROUND.serial} ${PLAYGROUND.seed}`,
    // If act has no token, it asks the GitHub CLI for yours.
    GITHUB_TOKEN: '',
  };
  const options = [
    '--platform ubuntu-latest=-self-hosted --no-cache-server',
    // act takes Node from PATH, whatever the action asks for.
    `--local-repository aws-mfa-credentials/aws-mfa-credentials@v1=${quoted(action)}`,
    ...Object.entries(env).map(([name, value]) => `--env ${name}=${quoted(value)}`),
    ...Object.entries(secrets).map(([name, value]) => `--secret ${name}=${quoted(value)}`),
    `--var AWS_MFA_SERIAL=${PLAYGROUND.serial}`,
  ];
  const start = `PATH=${quoted(dirname(process.execPath))}:"$PATH" ACT_DISABLE_VERSION_CHECK=1`;
  const workflow = join('.github', 'workflows', 'aws.yml');
  return [start, `act workflow_dispatch --workflows ${workflow}`, ...options].join(' \\\n  ');
}

function setUpShell({ endpoint, certificate }: Started): string {
  const { accessKeyId, secretAccessKey } = PLAYGROUND.admin;
  const file = certificate === undefined ? undefined : quoted(certificate);
  const trust = file === undefined ? '' : ` AWS_CA_BUNDLE=${file} NODE_EXTRA_CA_CERTS=${file}`;
  return `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_ENDPOINT_URL=${endpoint}
export AWS_DEFAULT_REGION=${PLAYGROUND.region}${trust}; unset AWS_SESSION_TOKEN AWS_PROFILE
aws() { command aws --endpoint-url ${endpoint} "$@"; }`;
}

function sessionCommands({ endpoint, certificate }: Started): string {
  const trust = certificate === undefined ? '' : `AWS_CA_BUNDLE=${quoted(certificate)} `;
  const aws = `${trust}aws --endpoint-url ${endpoint} --region ${PLAYGROUND.region}`;
  const key = `AWS_ACCESS_KEY_ID=${PLAYGROUND.accessKeyId} AWS_SECRET_ACCESS_KEY=${PLAYGROUND.secretAccessKey} AWS_SESSION_TOKEN=`;
  const code = `--serial-number ${PLAYGROUND.serial} --token-code "$(oathtool --totp -b ${PLAYGROUND.seed})"`;
  const query = `--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text`;
  const names = 'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN';
  return `session=$(${key} ${aws} sts get-session-token ${code} ${query}) && read -r ${names} <<< "$session" && export ${names}
${aws} s3api list-buckets --query 'Buckets[].[Name,CreationDate]' --output text`;
}

/** A string as one word of a shell, with quotes if it needs them. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

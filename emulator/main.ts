import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO, type Emulator, startEmulator } from './index.ts';

// npm run emulator -- [--port 4599] [--tls] [--latency 20]
// A local AWS for the AWS CLI and every SDK. Everything that it prints is made up; nothing of it opens a real account.

const HELP = `npm run emulator -- [options]

  --port N        port to listen on (default 4599; 0 for any free one)
  --tls           https with a certificate of its own
  --latency MS    delay every answer by that much
`;

function wholeNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (/^\d{1,6}$/.test(value) && number <= max) return number;
  throw new Error(`--${name} takes a whole number from 0 to ${max}, not ${value}`);
}

async function start(): Promise<Emulator | undefined> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4599' },
      tls: { type: 'boolean', default: false },
      latency: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  return startEmulator({
    port: wholeNumber('port', values.port, 65_535),
    tls: values.tls,
    latencyMs: wholeNumber('latency', values.latency, 60_000),
  });
}

/** Where clients find the certificate, with TLS. */
function writeCertificate({ caPem }: Emulator): string | undefined {
  if (caPem === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'aws-emulator-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, caPem);
  return path;
}

function welcome({ endpoint }: Emulator, certificate: string | undefined): string {
  const trust = certificate === undefined ? '' : `AWS_CA_BUNDLE=${certificate} `;
  const aws = `${trust}aws --endpoint-url ${endpoint} --region ${DEMO.region}`;
  const key = `AWS_ACCESS_KEY_ID=${DEMO.accessKeyId} AWS_SECRET_ACCESS_KEY=${DEMO.secretAccessKey} AWS_SESSION_TOKEN=`;
  const code = `--serial-number ${DEMO.serial} --token-code "$(oathtool --totp -b ${DEMO.seed})"`;
  const query = `--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text`;
  const names = 'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN';
  return `
endpoint           ${endpoint}
region             ${DEMO.region}
user               ${DEMO.userName} in account ${DEMO.accountId}
access key ID      ${DEMO.accessKeyId}
secret access key  ${DEMO.secretAccessKey}
device             ${DEMO.serial}
seed               ${DEMO.seed}
role               ${DEMO.roleArn} (demands MFA)
${
  certificate === undefined
    ? ''
    : `certificate        ${certificate} (AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS)
`
}
A session with MFA, by the AWS CLI and oathtool (again within 30 seconds: the code is used, and refused):

session=$(${key} ${aws} sts get-session-token ${code} ${query}) && read -r ${names} <<< "$session" && export ${names}

The buckets, which only such a session may list:

${aws} s3api list-buckets --query 'Buckets[].[Name,CreationDate]' --output text

Stop with Ctrl-C.
`;
}

try {
  const emulator = await start();
  if (emulator !== undefined) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
    process.stdout.write(welcome(emulator, writeCertificate(emulator)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

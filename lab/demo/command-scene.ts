import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEMO, type Emulator } from '../aws/index.ts';
import { hide } from '../runner/log.ts';
import { heading, labelled } from './print.ts';
import { judge, requestText } from './scene.ts';

const PROGRAMS = 20;
const ARGS = ['credential-process', '--role-to-assume', 'deploy'];

/** The scene without a workflow: a user's programs all ask the command for credentials, as SDKs do with `credential_process`. */
export async function playCommand(command: string, emulator: Emulator): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'demo-'));
  try {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      HOME: home,
      LOCALAPPDATA: home,
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_REGION: DEMO.region,
      AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
      MFA_SERIAL: DEMO.serial,
      MFA_SEED: DEMO.seed,
    };
    const runs = Array.from({ length: PROGRAMS }, () =>
      promisify(execFile)(process.execPath, [command, ...ARGS], { env }),
    );
    const ended = await Promise.all(runs);
    const [answer = '', ...others] = new Set(ended.map(({ stdout }) => stdout.trim()));
    const { SecretAccessKey, SessionToken } = JSON.parse(answer) as Readonly<Record<string, string>>;
    const log = [...new Set(ended.flatMap(({ stderr }) => stderr.trim().split('\n')))].filter((line) => line !== '');
    const codes = emulator.calls.flatMap(({ mfa }) => mfa ?? []);

    console.log(heading(`6 of 6: the same as a command, on any machine: ${PROGRAMS} programs ask at the same time`));
    console.log(labelled('run', [`${PROGRAMS} × aws-mfa-credentials ${ARGS.join(' ')}`]));
    console.log(labelled('log', log));
    const shown = hide(answer, new Set([SecretAccessKey ?? '', SessionToken ?? '']));
    console.log(labelled('stdout', [shown.replaceAll(',"', ', "')]));
    console.log(labelled('AWS', [emulator.calls.map(requestText).join(', ')]));
    return judge(`one code, one session, ${PROGRAMS} equal answers.`, {
      'one code is sent and accepted': codes.length === 1 && codes[0]?.verdict === 'accepted',
      'all answers are equal': others.length === 0,
      'no long-term secret is printed': [DEMO.seed, DEMO.secretAccessKey].every(
        (secret) => !ended.some(({ stdout, stderr }) => (stdout + stderr).includes(secret)),
      ),
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

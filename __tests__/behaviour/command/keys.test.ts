import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { NOTE, startShell } from '../../kit/command.ts';

test('keys in the environment are used, and a session token that was left next to them isn’t', async () => {
  const { run } = await startShell();
  const { exitCode, stdout, stderr } = await run(['whoami'], { env: { AWS_SESSION_TOKEN: 'left-over' } });
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^arn:aws:iam::\d+:user\/ci\n/),
  });
  expect(stderr).toContain(NOTE);
});

test('a named profile comes before keys in the environment', async () => {
  const { run, home } = await startShell();
  mkdirSync(join(home, '.aws'));
  writeFileSync(
    join(home, '.aws/credentials'),
    `[mine]\naws_access_key_id = ${DEMO.accessKeyId}\naws_secret_access_key = ${DEMO.secretAccessKey}\n`,
  );
  const env = { AWS_PROFILE: 'mine', AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7ANOTHER', USERPROFILE: home };
  const { exitCode, stderr } = await run(['whoami'], { env });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'aws-mfa-credentials: Using the keys from the profile "mine" (AWS_PROFILE).\n',
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../account.ts';
import type { CommandLine } from '../renewal/make-calls.ts';
import type { Environment } from '../renewal/profiles.ts';
import type { Person } from './people.ts';

/**
 * The environment of a person whose profile runs `credential-process`, as docs/cli.md describes it: the keys are in another profile, and
 * the seeds are in a file.
 */
export function processProfile({ name, env }: Person, command: CommandLine, endpoint: string): Environment {
  const { HOME: folder = '' } = env;
  const [devices, config] = [join(folder, 'devices'), join(folder, 'config')];
  writeFileSync(devices, env['MFA_DEVICES'] ?? '', { mode: 0o600 });
  const flags = {
    'aws-region': REGION,
    'mfa-devices-file': devices,
    'role-to-assume': name,
    'sts-endpoint': endpoint,
  };
  const given = Object.entries(flags).map(([flag, value]) => `--${flag} ${value}`);
  const text = [
    '[profile mfa-user]',
    `aws_access_key_id = ${env['AWS_ACCESS_KEY_ID']}`,
    `aws_secret_access_key = ${env['AWS_SECRET_ACCESS_KEY']}`,
    `[profile ${name}]`,
    `region = ${REGION}`,
    `credential_process = env AWS_PROFILE=mfa-user ${[...command, 'credential-process', ...given].join(' ')}`,
    '',
  ].join('\n');
  writeFileSync(config, text, { mode: 0o600 });
  return { HOME: folder, AWS_CONFIG_FILE: config, AWS_PROFILE: name };
}

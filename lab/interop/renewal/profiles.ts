import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { codeOfStep, DEMO, type Emulator, stepAt } from '../../aws/index.ts';
import { REGION } from '../account.ts';
import type { Cleanup } from '../cleanup.ts';
import type { RenewingRole } from './world.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string>>;

const SESSION_PROFILE = 'mfa-session';

/**
 * The environment that later steps of a job have: files with the MFA session of the demo's user, and a profile for each role that
 * SDKs renew from that session. Spends one code.
 */
export async function renewingProfiles(
  { endpoint, clock }: Emulator,
  roles: readonly RenewingRole[],
  cleanup: Cleanup,
): Promise<Environment> {
  const sts = new STSClient({ endpoint, region: REGION, credentials: { ...DEMO } });
  const { Credentials } = await sts.send(
    new GetSessionTokenCommand({
      SerialNumber: DEMO.serial,
      TokenCode: codeOfStep(DEMO.seed, stepAt(clock.now())),
      DurationSeconds: 21_600,
    }),
  );
  const folder = mkdtempSync(join(cleanup.folder, 'profiles-'));
  const write = (name: string, sections: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, sections.join('\n'), { mode: 0o600 });
    return path;
  };
  const session = section(`[${SESSION_PROFILE}]`, {
    aws_access_key_id: Credentials?.AccessKeyId ?? '',
    aws_secret_access_key: Credentials?.SecretAccessKey ?? '',
    aws_session_token: Credentials?.SessionToken ?? '',
  });
  return {
    AWS_CONFIG_FILE: write('config', roles.map(profileOf)),
    AWS_SHARED_CREDENTIALS_FILE: write('credentials', [session]),
    AWS_SDK_LOAD_CONFIG: '1',
    // Keys that an earlier step exported would win over a profile. A step can't unset them.
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_SESSION_TOKEN: '',
  };
}

function profileOf({ profile, arn, externalId }: RenewingRole): string {
  return section(`[profile ${profile}]`, {
    role_arn: arn,
    source_profile: SESSION_PROFILE,
    region: REGION,
    role_session_name: 'GitHubActions',
    external_id: externalId,
    duration_seconds: '3600',
  });
}

function section(header: string, settings: Environment): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `${[header, ...lines].join('\n')}\n`;
}

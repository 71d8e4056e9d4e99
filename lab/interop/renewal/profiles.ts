import { DEMO, type Emulator } from '../../aws/index.ts';
import { Job } from '../../runner/job.ts';
import { REGION } from '../account.ts';
import { ACTION, runSuccessfully } from '../action.ts';
import type { Cleanup } from '../cleanup.ts';
import type { RenewingRole } from './world.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string>>;

/**
 * The environment that the built action leaves to later steps with `renew`: files with the MFA session of the demo's user, and a
 * profile for each role that SDKs renew from that session. Spends one code. Assumes each role once.
 */
export async function renewingProfiles(
  { endpoint }: Emulator,
  roles: readonly RenewingRole[],
  cleanup: Cleanup,
): Promise<Environment> {
  const job = new Job({ action: ACTION, env: { AWS_ENDPOINT_URL: endpoint } });
  cleanup.add(() => job.close());
  const inputs = {
    'aws-region': REGION,
    'aws-access-key-id': DEMO.accessKeyId,
    'aws-secret-access-key': DEMO.secretAccessKey,
    'mfa-serial': DEMO.serial,
    'mfa-seed': DEMO.seed,
    roles: roles.map(({ profile, arn, externalId }) => `${profile} = ${arn} external_id=${externalId}`).join('\n'),
    renew: 'true',
  };
  const { exported } = await runSuccessfully(job, inputs, cleanup);
  // As an earlier step may have left them: keys would win over a profile, and a step can't unset them.
  return { ...exported, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
}

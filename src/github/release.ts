import type { Environment, Session } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { BucketOutputs, BucketsFile } from './bucket-outputs.ts';
import type { Entries } from './command-file.ts';
import { KEY_VARIABLES } from './environment.ts';
import type { Mask } from './masking.ts';
import type { RequestedProfiles } from './requested-profiles.ts';
import { digest, type ExportedVariable } from './state.ts';

/** What is let out, worked out before any of it is. */
export interface Release {
  readonly variables: Entries;
  readonly outputs: Entries;
  readonly bucketsFile: BucketsFile | undefined;
}

/** Works out what later steps get; writes nothing. */
export function planRelease(
  request: Request,
  session: Session,
  profiles: RequestedProfiles | undefined,
  buckets: BucketOutputs | undefined,
  env: Environment,
): Release {
  return {
    variables: { ...variablesOf(request, session, env), ...profiles?.variables },
    outputs: { ...outputsOf(request, session), ...profiles?.outputs, ...buckets?.outputs },
    bucketsFile: buckets?.file,
  };
}

function variablesOf({ exports, region }: Request, { credentials }: Session, env: Environment): Entries {
  if (exports.environment) {
    return {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_REGION: region.name,
      AWS_DEFAULT_REGION: region.name,
      // Only where somebody set it before: a later action that does not know it would leave ours behind, and botocore refuses
      // good credentials once it passes.
      ...(env['AWS_CREDENTIAL_EXPIRATION'] && {
        AWS_CREDENTIAL_EXPIRATION: credentials.expiration?.toISOString() ?? '',
      }),
      // botocore reads this old name before AWS_SESSION_TOKEN.
      ...(env['AWS_SECURITY_TOKEN'] && { AWS_SECURITY_TOKEN: '' }),
      ...(exports.profile !== undefined && { AWS_PROFILE: exports.profile }),
    };
  }
  if (!exports.unsetCurrent) return {};
  const names = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'].filter((name) => env[name]);
  return Object.fromEntries(names.map((name) => [name, '']));
}

function outputsOf({ exports }: Request, { credentials, identity, serial }: Session): Entries {
  return {
    'aws-account-id': identity.account,
    'authenticated-arn': identity.arn,
    ...(credentials.expiration && { 'aws-expiration': credentials.expiration.toISOString() }),
    ...(serial !== undefined && { 'mfa-serial': serial }),
    ...(exports.outputs && {
      'aws-access-key-id': credentials.accessKeyId,
      'aws-secret-access-key': credentials.secretAccessKey,
      'aws-session-token': credentials.sessionToken,
    }),
  };
}

/** What the post step needs to know of each variable. Values that may be put back are masked: state shows in debug logs. */
export function exportedVariables(
  variables: Entries,
  profiles: RequestedProfiles | undefined,
  env: Environment,
  mask: Mask,
): readonly ExportedVariable[] {
  // A token beside a long-term key (AKIA…) is a leftover, and the key is still one that must not come back.
  const wasSession = Boolean(env['AWS_SESSION_TOKEN']) && !env['AWS_ACCESS_KEY_ID']?.startsWith('AKIA');
  return Object.entries(variables).map(([name, value]) => {
    const before = env[name] || undefined;
    const isKey = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN'].some((key) => key === name);
    const putBack = isKey && !wasSession ? undefined : before;
    // What is shorter is no key of AWS's (emulators take any), and as a mask would hide words by chance.
    if (isKey && putBack !== undefined && putBack.length >= 8) mask(putBack);
    return { name, ours: value, before: before && digest(before), putBack, unset: profiles?.unset[name] };
  });
}

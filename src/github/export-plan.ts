import { isLongTerm } from '../core/credentials.ts';
import type { Environment, RoleSession, Session } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import type { BucketOutputs, BucketsFile } from './bucket-outputs.ts';
import type { Entries } from './command-file.ts';
import { emptiedKeys, KEY_VARIABLES } from './environment.ts';
import { type Mask, maskKey } from './masks.ts';
import { accessOf, type Obtained } from './obtained.ts';
import type { RequestedProfiles } from './requested-profiles.ts';
import { digest, type ExportedVariable } from './undo.ts';

/** What is exported, and how it is undone, worked out before any of it is visible. */
export interface ExportPlan {
  readonly variables: Entries;
  /** For the post step: what it needs to know about each variable. */
  readonly undo: readonly ExportedVariable[];
  readonly outputs: Entries;
  readonly bucketsFile: BucketsFile | undefined;
  readonly profiles: RequestedProfiles | undefined;
}

/** Works out what later steps get; writes nothing. Masks values of before that may be restored: debug logs show the state. */
export function planExport(
  request: Request,
  obtained: Obtained,
  profiles: RequestedProfiles | undefined,
  buckets: BucketOutputs | undefined,
  env: Environment,
  mask: Mask,
): ExportPlan {
  const { session } = obtained;
  const variables = { ...variablesOf(request, session, env), ...profiles?.variables };
  return {
    variables,
    undo: undoOf(variables, profiles, env, mask),
    outputs: { ...outputsOf(request, session, accessOf(request, obtained)), ...profiles?.outputs, ...buckets?.outputs },
    bucketsFile: buckets?.file,
    profiles,
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
      // Only if it was set before: a later action that doesn't know it would leave ours behind, and botocore refuses good credentials
      // once it has passed.
      ...(env['AWS_CREDENTIAL_EXPIRATION'] && {
        AWS_CREDENTIAL_EXPIRATION: credentials.expiration?.toISOString() ?? '',
      }),
      // botocore reads this old name before AWS_SESSION_TOKEN.
      ...(env['AWS_SECURITY_TOKEN'] && { AWS_SECURITY_TOKEN: '' }),
      ...(exports.profile !== undefined && { AWS_PROFILE: exports.profile }),
    };
  }
  return exports.unsetCurrent ? emptiedKeys(env) : {};
}

function outputsOf({ exports }: Request, { credentials, serial }: Session, { identity }: RoleSession): Entries {
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

function undoOf(
  variables: Entries,
  profiles: RequestedProfiles | undefined,
  env: Environment,
  mask: Mask,
): readonly ExportedVariable[] {
  // A token next to a long-term key is a leftover, and the key still must not be restored.
  const wasSession = Boolean(env['AWS_SESSION_TOKEN']) && !isLongTerm(env['AWS_ACCESS_KEY_ID'] ?? '');
  return Object.entries(variables).map(([name, value]) => {
    const before = env[name] || undefined;
    const isKey = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN'].some((key) => key === name);
    const putBack = isKey && !wasSession ? undefined : before;
    if (isKey && putBack !== undefined) maskKey(putBack, mask);
    const ifProfile = profiles?.placed.includes(name) ? (env['AWS_PROFILE'] ?? '') : undefined;
    return { name, ours: value, before: before && digest(before), putBack, unset: profiles?.unset[name], ifProfile };
  });
}

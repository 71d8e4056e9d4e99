import { Failure } from '../core/failure.ts';
import { type Sts, unwrap } from '../core/ports.ts';
import { quote } from '../core/words.ts';
import { keysFromProcess, type ProcessSetting } from './credential-process.ts';
import { type SourceKeys, sourceKeys, Unusable } from './key-source.ts';
import { readPlainFile } from './plain-file.ts';
import type { WebIdentity } from './web-identity.ts';

/** A section of the shared files. */
export type Profile = Readonly<Record<string, string | undefined>>;
export type Profiles = Readonly<Record<string, Profile | undefined>>;

/** What a profile may get its keys from, besides the files themselves. */
export interface ProfileContext extends ProcessSetting {
  readonly assumeRole: Sts['assumeRole'];
  readonly webIdentity: (identity: WebIdentity) => Promise<SourceKeys>;
  /** What `credential_source` names. */
  readonly sources: Readonly<Record<'Environment' | 'EcsContainer' | 'Ec2InstanceMetadata', () => Promise<SourceKeys>>>;
}

const SSO = ['sso_session', 'sso_start_url', 'sso_account_id', 'login_session'];
/** Settings that say how a profile gets its keys. Without any of them, it is about other things. */
const KEY_SETTINGS = ['aws_access_key_id', 'role_arn', 'credential_process', 'web_identity_token_file', ...SSO];

/** The role session's name, if none is set. */
export const SESSION_NAME = 'aws-mfa-credentials';

/** Whether a profile says where its keys come from. */
export function namesKeys(profile: Profile): boolean {
  return KEY_SETTINGS.some((name) => profile[name] !== undefined);
}

/**
 * The keys of a profile, by the rules of the SDKs: a role with its `source_profile` or `credential_source`, then keys in the file,
 * then a web identity, then a `credential_process`. `seen` are the profiles that led to this one.
 */
export async function keysOfProfile(
  name: string,
  profiles: Profiles,
  context: ProfileContext,
  seen: readonly string[] = [],
): Promise<SourceKeys> {
  const profile = profiles[name];
  if (profile === undefined) throw new Unusable(`there is no profile ${quote(name)}`);
  const { role_arn: roleArn, source_profile: source, credential_source: origin } = profile;
  const hasKeys = profile['aws_access_key_id'] !== undefined && profile['aws_secret_access_key'] !== undefined;
  // A profile may be its own source: it has a role, and the keys to assume it.
  if (hasKeys && (seen.length > 0 || roleArn === undefined || (source === undefined && origin === undefined)))
    return sourceKeys(
      {
        accessKeyId: profile['aws_access_key_id'],
        secretAccessKey: profile['aws_secret_access_key'],
        sessionToken: profile['aws_session_token'],
        expiration: undefined,
      },
      'it',
    );
  if (roleArn !== undefined && (source !== undefined || origin !== undefined)) {
    if (profile['mfa_serial'] !== undefined) throw needsCode(name, profile);
    const keys =
      source === undefined
        ? await keysOfOrigin(origin ?? '', context)
        : await keysOfSource(source, profiles, context, [...seen, name]);
    return assume(roleArn, profile, keys, context);
  }
  if (roleArn === undefined && origin !== undefined && seen.length > 0) return keysOfOrigin(origin, context);
  const tokenFile = profile['web_identity_token_file'];
  if (roleArn !== undefined && tokenFile !== undefined)
    return context.webIdentity({
      roleArn,
      sessionName: profile['role_session_name'] ?? SESSION_NAME,
      token: readToken(tokenFile, 'its web_identity_token_file'),
    });
  const command = profile['credential_process'];
  if (command !== undefined) return keysFromProcess(command, context);
  throw new Unusable(whyNone(profile));
}

/** The token in a file. */
export function readToken(path: string, what: string): string {
  const token = readPlainFile(path, what);
  if (token === undefined) throw new Unusable(`${what} does not exist (${path})`);
  if (token.trim() === '') throw new Unusable(`${what} is empty (${path})`);
  return token.trim();
}

async function keysOfSource(
  source: string,
  profiles: Profiles,
  context: ProfileContext,
  seen: readonly string[],
): Promise<SourceKeys> {
  // A profile may be its own source, once.
  if (seen.slice(0, -1).includes(source) || (seen.length > 1 && seen.at(-1) === source))
    throw new Unusable(`its source_profile leads back to ${quote(source)}`);
  try {
    return await keysOfProfile(source, profiles, context, seen);
  } catch (error) {
    throw error instanceof Unusable ? error.within(`its source_profile ${quote(source)}`) : error;
  }
}

function keysOfOrigin(origin: string, { sources }: ProfileContext): Promise<SourceKeys> {
  const known = Object.entries(sources).find(([name]) => name === origin);
  if (known !== undefined) return known[1]();
  throw new Unusable(`its credential_source is ${quote(origin)}; write ${Object.keys(sources).join(', ')}`);
}

async function assume(roleArn: string, profile: Profile, keys: SourceKeys, { assumeRole, signal }: ProfileContext) {
  try {
    const call = {
      roleArn,
      sessionName: profile['role_session_name'] ?? SESSION_NAME,
      durationSeconds: Number(profile['duration_seconds'] ?? 3600),
      externalId: profile['external_id'],
      sourceIdentity: undefined,
      policy: undefined,
      policyArns: [],
      sessionTags: undefined,
    };
    return unwrap(await assumeRole(keys, call, undefined)).credentials;
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure)) throw error;
    throw new Unusable('', { because: error });
  }
}

/** This action exists to do what such a profile does, without anyone typing a code. */
function needsCode(name: string, profile: Profile): Unusable {
  const { role_arn: role = '', source_profile: source, mfa_serial: serial = '' } = profile;
  const advice = { kind: 'profile-with-mfa', source, role, serial } as const;
  return new Unusable(`the profile ${quote(name)} assumes a role with MFA`, { advice });
}

function whyNone(profile: Profile): string {
  if (SSO.some((name) => profile[name] !== undefined)) return 'it needs a person who signs in with a browser';
  if (profile['aws_access_key_id'] !== undefined) return 'it has aws_access_key_id, but no aws_secret_access_key';
  if (profile['role_arn'] !== undefined) return 'it has role_arn, but neither source_profile nor credential_source';
  return 'it does not say where its keys are from';
}

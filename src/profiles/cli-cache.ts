import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RoleReferenceSettings } from '../core/session/renew.ts';

// The AWS CLI keeps the sessions of roles that it assumed for a profile, in files that outlive the job on a self-hosted runner.

/** The name of such a file, without its ending: 40 hexadecimal digits. */
const NAME = /^[0-9a-f]{40}$/;

/** Whether a string is the name of a cached session. */
export function isCacheName(value: string): boolean {
  return NAME.test(value);
}

/**
 * The name under which the AWS CLI caches the session of a role: the SHA-1 of the parameters of AssumeRole, as Python's `json.dumps`
 * writes them with sorted keys (botocore 1.44.8, `AssumeRoleCredentialFetcher._create_cache_key`).
 */
export function cacheNameOf({ roleArn, sessionName, externalId, durationSeconds }: RoleReferenceSettings): string {
  const parameters: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['DurationSeconds', durationSeconds],
    ['ExternalId', externalId],
    ['RoleArn', roleArn],
    ['RoleSessionName', sessionName],
  ];
  const given = parameters.filter(([, value]) => value !== undefined);
  const text = `{${given.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(', ')}}`;
  return createHash('sha1').update(text).digest('hex');
}

/** Where the AWS CLI keeps a cached session (awscli, `customizations/assumerole.py`). */
export function cacheFile(home: string, name: string): string {
  return join(home, '.aws', 'cli', 'cache', `${name}.json`);
}

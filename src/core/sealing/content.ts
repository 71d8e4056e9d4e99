import { parseSerial } from '../codes/serial.ts';
import type { Identity, SessionCredentials } from '../credentials.ts';
import { identityOf, wholeCredentials } from '../credentials.ts';
import type { SealScope } from '../request.ts';

/** What is sealed: the session, and where it may be opened. */
export interface SealedContent {
  readonly credentials: SessionCredentials & { readonly expiration: Date };
  readonly identity: Identity;
  /** The device whose code made it, where one did. */
  readonly serial: string | undefined;
  readonly repository: string;
  readonly runId: string;
  readonly scope: SealScope;
}

/** The text that is sealed: JSON, which `parseContent` reads. */
export function formatContent(content: SealedContent): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = content.credentials;
  const { serial, repository, runId, scope, identity } = content;
  const fields = { accessKeyId, secretAccessKey, sessionToken, expiration, arn: identity.arn };
  return JSON.stringify({ ...fields, serial, repository, runId, scope });
}

/** Believes what was decrypted no more than what came over the wire; undefined where it is not whole. */
export function parseContent(text: string): SealedContent | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...found };
  const { accessKeyId, secretAccessKey, sessionToken, expiration, arn, serial, repository, runId, scope } = fields;
  const ends = typeof expiration === 'string' ? new Date(expiration) : undefined;
  const credentials = wholeCredentials({ accessKeyId, secretAccessKey, sessionToken, expiration: ends });
  const identity = identityOf(arn);
  if (credentials === undefined || identity === undefined) return undefined;
  if (typeof repository !== 'string' || typeof runId !== 'string') return undefined;
  if (scope !== 'run' && scope !== 'repository') return undefined;
  if (serial !== undefined && (typeof serial !== 'string' || 'problem' in parseSerial(serial))) return undefined;
  return { credentials, identity, serial, repository, runId, scope };
}

import type { Session } from '../sessions.ts';
import { element, fields, type Xml } from '../xml.ts';

/** When credentials issued at `now` expire, in ms since the epoch. STS counts whole seconds. */
export function expiryAfter(now: number, durationSeconds: number): number {
  return (Math.floor(now / 1000) + durationSeconds) * 1000;
}

/** The Credentials element of GetSessionToken and AssumeRole. */
export function credentialsXml(session: Session): Xml {
  return element(
    'Credentials',
    fields({
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: `${new Date(session.expiresAt).toISOString().slice(0, 19)}Z`,
    }),
  );
}

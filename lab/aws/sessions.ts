import { randomBytes } from 'node:crypto';
import { base32Upper } from './identifiers.ts';
import type { PolicyDocument } from './policy/document.ts';

/** Temporary credentials and everything that AWS remembers with them. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms since the epoch, whole seconds. */
  readonly expiresAt: number;
  readonly accountId: string;
  /** ARN of the user or of the role. */
  readonly arn: string;
  readonly grant: UserGrant | RoleGrant;
}

/** Of GetSessionToken: the user itself, with or without MFA. */
export interface UserGrant {
  readonly kind: 'user';
  /** When the code was accepted, ms since the epoch; undefined without MFA. */
  readonly mfaAt: number | undefined;
}

/** Of AssumeRole. It carries no MFA information, whatever it was assumed with (IAM user guide, "MFA-protected API access"). */
export interface RoleGrant {
  readonly kind: 'role';
  readonly sessionName: string;
  readonly sourceIdentity: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** Those of the tags that the next role of the chain inherits. */
  readonly transitiveTagKeys: readonly string[];
  /** Undefined where no session policy was passed: then the role's own policies stand alone. */
  readonly policies: readonly PolicyDocument[] | undefined;
}

/** All sessions that were ever given out; expired ones are kept, since AWS too tells them from unknown ones. */
export class Sessions {
  readonly #byKey = new Map<string, Session>();

  /** Makes new credentials for what is described. */
  mint(described: Pick<Session, 'expiresAt' | 'accountId' | 'arn' | 'grant'>): Session {
    const random = randomBytes(16 + 30 + 270);
    const session: Session = {
      ...described,
      accessKeyId: `ASIA${base32Upper(random.subarray(0, 16), 16)}`,
      secretAccessKey: random.subarray(16, 46).toString('base64'),
      // AWS's own tokens begin like this at present; nobody may rely on it, nor on the length.
      sessionToken: `IQoJb3JpZ2luX2Vj${random.subarray(46).toString('base64')}`,
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }

  /** All of them, the first first. */
  all(): readonly Session[] {
    return [...this.#byKey.values()];
  }
}

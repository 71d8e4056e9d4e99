import { randomBytes } from 'node:crypto';
import { base32Upper } from './identifiers.ts';
import type { PolicyDocument } from './policy/document.ts';

/** Temporary credentials, and what AWS remembers of them. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms since the epoch. Policies see whole seconds. */
  readonly issuedAt: number;
  /** ms since the epoch, whole seconds. */
  readonly expiresAt: number;
  readonly accountId: string;
  /** ARN of the user or of the role. */
  readonly arn: string;
  readonly grant: UserGrant | RoleGrant;
}

/** From GetSessionToken: the user, with or without MFA. */
export interface UserGrant {
  readonly kind: 'user';
  /** When AWS accepted the code, ms since the epoch. Undefined without MFA. */
  readonly mfaAt: number | undefined;
}

/** From AssumeRole. It has no MFA information, even if MFA was used (IAM user guide, "MFA-protected API access"). */
export interface RoleGrant {
  readonly kind: 'role';
  readonly sessionName: string;
  readonly sourceIdentity: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** The tags that the next role in the chain inherits. */
  readonly transitiveTagKeys: readonly string[];
  /** Undefined if no session policy was passed. Then only the role's own policies apply. */
  readonly policies: readonly PolicyDocument[] | undefined;
}

/** All sessions ever issued. Expired ones are kept, because AWS distinguishes them from unknown ones. */
export class Sessions {
  readonly #byKey = new Map<string, Session>();

  /** Issues new credentials. */
  mint(described: Pick<Session, 'issuedAt' | 'expiresAt' | 'accountId' | 'arn' | 'grant'>): Session {
    const random = randomBytes(16 + 30 + 270);
    const session: Session = {
      ...described,
      accessKeyId: `ASIA${base32Upper(random.subarray(0, 16), 16)}`,
      secretAccessKey: random.subarray(16, 46).toString('base64'),
      // AWS's tokens begin like this at present. Nobody may rely on that, or on the length.
      sessionToken: `IQoJb3JpZ2luX2Vj${random.subarray(46).toString('base64')}`,
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }

  /** All of them, oldest first. */
  all(): readonly Session[] {
    return [...this.#byKey.values()];
  }
}

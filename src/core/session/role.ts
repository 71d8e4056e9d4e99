import type { Keys } from '../credentials.ts';
import { Failure, isTooLarge } from '../failure.ts';
import type { Ports, RoleCall, RoleSession } from '../ports.ts';
import type { Region } from '../region.ts';
import type { RoleRequest, SessionTags } from '../request.ts';
import { backoff } from '../retry.ts';

/** The call for a role. A role given by its name is in `account`. */
export function roleCall(
  { role, plainSecretOnly: _, ...rest }: RoleRequest,
  { partition }: Region,
  account: string,
): RoleCall {
  const roleArn = role.kind === 'arn' ? role.arn : `arn:${partition.id}:iam::${account}:role/${role.name}`;
  return { ...rest, roleArn };
}

/** How often to try for a secret without special characters: each has a chance of 28 %. */
const PLAIN_SECRET_ATTEMPTS = 50;

/** AssumeRole with a session and without a code, so that repeating it costs nothing. Throws the `Failure` of a refusal. */
export async function assumeRoleWithSession(
  keys: Keys,
  first: RoleCall,
  plainSecretOnly: boolean,
  ports: Pick<Ports, 'sts' | 'clock' | 'reporter' | 'random'>,
): Promise<RoleSession> {
  const call = new RoleCallWithTags(first);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ports.sts.assumeRole(keys, call.current, undefined);
    if (!answer.ok) {
      if (isTooLarge(answer.failure) && (await call.shrink(ports))) continue;
      throw answer.failure;
    }
    if (!plainSecretOnly || /^[A-Za-z0-9]+$/.test(answer.value.credentials.secretAccessKey)) return answer.value;
    if (attempt >= PLAIN_SECRET_ATTEMPTS) {
      const facts = { call: 'AssumeRole', reason: 'special-characters', attempts: attempt } as const;
      throw new Failure('incomplete-answer', facts);
    }
    if (attempt % 10 === 0) await ports.clock.sleep(backoff(attempt / 10, ports.random));
  }
}

/** A call that can be repeated without its optional tags. */
export class RoleCallWithTags {
  current: RoleCall;

  constructor(call: RoleCall) {
    this.current = call;
  }

  /** Leaves the optional tags out; false if there are none left. */
  async shrink({ reporter }: Pick<Ports, 'reporter'>): Promise<boolean> {
    const { sessionTags } = this.current;
    if (!sessionTags?.tags.some(({ optional }) => optional)) return false;
    this.current = { ...this.current, sessionTags: withoutOptionalTags(sessionTags) };
    await reporter.note({ kind: 'optional-tags-dropped' });
    return true;
  }
}

/** The tags that stay after STS found them too large together with the policies. */
export function withoutOptionalTags(session: SessionTags): SessionTags {
  const tags = session.tags.filter(({ optional }) => !optional);
  const transitiveKeys = session.transitiveKeys.filter((key) => tags.some((tag) => tag.key === key));
  return { ...session, tags, transitiveKeys };
}

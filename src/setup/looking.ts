import type { Identity } from '../core/credentials.ts';
import { Failure, isDenied } from '../core/failure.ts';
import { type Answer, unwrap } from '../core/ports.ts';
import type { Who } from './enrollment.ts';
import type { IamAdmin, IamUser } from './ports.ts';

// What a user that works on itself may not look at. AWS's self-service policy allows it to change its devices and keys, and not much more.

/** The answer, or what to assume if oneself isn't allowed to ask. Throws any other `Failure`. */
export function unlessDenied<T>(who: Who, answer: Answer<T>, assumed: T): T {
  return who.kind === 'self' && !answer.ok && isDenied(answer.failure) ? assumed : unwrap(answer);
}

/** The user; undefined if there is none. */
export async function lookUp(name: string, who: Who, iam: IamAdmin): Promise<Answer<IamUser | undefined>> {
  const answer = await iam.findUser(name);
  const self = who.kind === 'self' ? { name, arn: who.arn, tags: {}, boundary: undefined } : undefined;
  return { ok: true, value: unlessDenied(who, answer, self), serverTime: answer.serverTime };
}

/** The name in arn:aws:iam::123456789012:user/path/NAME. Throws the `Failure` if it isn't a user's ARN. */
export function userNameOf({ arn }: Identity): string {
  const [, name] = /^arn:[^:]{1,30}:iam::\d{12}:user\/(?:.{1,512}\/)?([^/]{1,64})$/.exec(arn) ?? [];
  if (name === undefined) throw new Failure('user-not-found', { user: arn });
  return name;
}

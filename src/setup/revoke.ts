import { asFailure, type Failure } from '../core/failure.ts';
import { type Answer, unwrap } from '../core/ports.ts';
import { REVOCATION, revocation } from './policy.ts';
import type { IamAdmin } from './ports.ts';
import { gone } from './unenroll.ts';

/** One thing that a revocation does, in the order of the plan: first what gets new sessions, then the sessions that exist. */
export type RevocationStep =
  | { readonly kind: 'deactivate-key'; readonly user: string; readonly accessKeyId: string }
  | { readonly kind: 'deactivate-device'; readonly user: string; readonly serial: string }
  | { readonly kind: 'end-sessions'; readonly of: 'user' | 'role'; readonly name: string };

/** What a revocation does, and what it can't because it couldn't be listed. */
export interface RevocationPlan {
  readonly steps: readonly RevocationStep[];
  readonly unknown: readonly { readonly what: 'access keys' | 'devices'; readonly failure: Failure }[];
}

/**
 * Plans what to do after a leak: no new sessions, and no more use of those that exist, in the user and in these roles. What can't be
 * listed doesn't keep the rest from being done. Throws the `Failure` if there is no such user.
 */
export async function planRevocation(user: string, roles: readonly string[], iam: IamAdmin): Promise<RevocationPlan> {
  const unknown: RevocationPlan['unknown'][number][] = [];
  const entries = <T>(what: 'access keys' | 'devices', answer: Answer<readonly T[]>): readonly T[] => {
    if (answer.ok || answer.failure.code === 'iam-not-found') return unwrap(answer);
    unknown.push({ what, failure: answer.failure });
    return [];
  };
  const keys = entries('access keys', await iam.listKeys(user)).filter(({ active }) => active);
  const devices = entries('devices', await iam.listDevices(user));
  const steps: readonly RevocationStep[] = [
    ...keys.map(({ accessKeyId }): RevocationStep => ({ kind: 'deactivate-key', user, accessKeyId })),
    ...devices.map((serial): RevocationStep => ({ kind: 'deactivate-device', user, serial })),
    // The user last: whoever does this may be the user.
    ...roles.map((name): RevocationStep => ({ kind: 'end-sessions', of: 'role', name })),
    { kind: 'end-sessions', of: 'user', name: user },
  ];
  return { steps, unknown };
}

/** A step that failed, and why. */
export interface NotRevoked {
  readonly step: RevocationStep;
  readonly failure: Failure;
}

/** Takes all steps, whatever happens to one of them: each of them helps. `now` is AWS's time, in milliseconds since 1970. */
export async function revoke(
  steps: readonly RevocationStep[],
  iam: IamAdmin,
  now: () => number,
  announce: (step: RevocationStep) => void,
): Promise<readonly NotRevoked[]> {
  const failed: NotRevoked[] = [];
  for (const step of steps) {
    announce(step);
    try {
      await take(step, iam, now);
    } catch (error) {
      failed.push({ step, failure: asFailure(error) });
    }
  }
  return failed;
}

async function take(step: RevocationStep, iam: IamAdmin, now: () => number): Promise<void> {
  switch (step.kind) {
    case 'deactivate-key':
      return gone(await iam.setKeyStatus(step.user, step.accessKeyId, 'Inactive'));
    case 'deactivate-device':
      return gone(await iam.deactivateDevice(step.user, step.serial));
    case 'end-sessions': {
      const document = revocation(new Date(now()));
      const put = step.of === 'user' ? iam.putPolicy : iam.putRolePolicy;
      return unwrap(await put(step.name, REVOCATION, document));
    }
  }
}

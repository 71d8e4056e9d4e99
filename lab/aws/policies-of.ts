import { findManagedPolicy } from './aws-managed-policies.ts';
import type { Caller } from './caller.ts';
import { effective } from './consistency.ts';
import type { Policies } from './policy/decide.ts';
import type { PolicyDocument } from './policy/document.ts';
import { readPolicy } from './policy/statement.ts';
import type { Role, User, World } from './world.ts';

/**
 * The identity policies of a caller, the permissions boundary if the user has one, and the session policies if any were passed.
 * @param now the emulator's time, ms since the epoch
 */
export function policiesOf(
  caller: Caller,
  world: World,
  now: number,
): Pick<Policies, 'identity' | 'boundary' | 'session'> {
  const owner = caller.kind === 'role-session' ? caller.role : caller.user;
  const { identity, boundary } = documentsOf(owner, world, now);
  const passed = caller.kind === 'role-session' ? caller.grant.policies : undefined;
  return {
    identity: identity.flatMap((policy) => readPolicy(policy, 'identity')),
    boundary: boundary?.flatMap((policy) => readPolicy(policy, 'identity')),
    session: passed?.flatMap((policy) => readPolicy(policy, 'session')),
  };
}

/** The policies of a user or a role that have effect now. */
export function documentsOf(
  owner: User | Role,
  world: World,
  now: number,
): { readonly identity: readonly PolicyDocument[]; readonly boundary: readonly PolicyDocument[] | undefined } {
  const named = Object.values(owner.namedPolicies).map((policy) => effective(world, policy, now));
  const attached = owner.attachedPolicies.map((arn) => findManagedPolicy(world, arn)?.document);
  const boundary = 'boundary' in owner ? owner.boundary : undefined;
  return {
    identity: [...owner.policies, ...named, ...attached].filter((policy) => policy !== undefined),
    // A boundary that was deleted allows nothing.
    boundary: boundary === undefined ? undefined : [findManagedPolicy(world, boundary)?.document ?? { Statement: [] }],
  };
}

import { STRENGTHS, type Strength } from './principal.ts';
import type { Question, Statement } from './statement.ts';

/** The verdict of a set of statements. An explicit deny overrides every allow. */
export type Verdict =
  | { readonly effect: 'allow'; readonly strength: Strength }
  | { readonly effect: 'deny'; readonly explicit: boolean };

/** The verdict of these statements together. */
export function decide(statements: readonly Statement[], question: Question): Verdict {
  let strongest: Strength | undefined;
  for (const statement of statements) {
    const strength = statement.applies(question);
    if (strength === undefined) continue;
    if (statement.effect === 'Deny') return { effect: 'deny', explicit: true };
    if (strongest === undefined || STRENGTHS.indexOf(strength) > STRENGTHS.indexOf(strongest)) strongest = strength;
  }
  return strongest === undefined ? { effect: 'deny', explicit: false } : { effect: 'allow', strength: strongest };
}

/** The types of policy in refusals, in AWS's words. */
export type PolicyType = 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';

/** The decision of all policies together. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly deniedBy?: PolicyType; readonly lacking: PolicyType };

/** The end of AWS's sentence that refuses an action: which policy denies it, or none allows it. */
export function reasonOf(decision: Extract<Decision, { allowed: false }>, action: string): string {
  return explicitDeny(decision) ?? `because no ${decision.lacking} allows the ${action} action`;
}

/** The same for refusals that only mention explicit denies. */
export function explicitDeny({ deniedBy }: Extract<Decision, { allowed: false }>): string | undefined {
  if (deniedBy === undefined) return undefined;
  return `with an explicit deny in ${deniedBy === 'identity-based policy' ? 'an' : 'a'} ${deniedBy}`;
}

/** All policies that apply to a request. */
export interface Policies {
  readonly identity: readonly Statement[];
  /** The most that the identity policies can allow, or undefined if there is no boundary. */
  readonly boundary: readonly Statement[] | undefined;
  /** The policies passed when the session was created, or undefined if there were none. */
  readonly session: readonly Statement[] | undefined;
  readonly resource: readonly Statement[];
  /** Assuming a role always needs its trust policy to allow it. A bucket doesn't need a policy. */
  readonly resourceMustAllow: boolean;
  readonly resourceAccountId: string;
}

/**
 * IAM's evaluation, within an account or across two. Any explicit deny refuses the request. Across accounts, both sides must allow
 * it. Within an account, a resource policy that names the caller is enough, even outside the caller's boundary (IAM user guide, "Policy evaluation logic").
 */
export function authorise(policies: Policies, question: Question): Decision {
  const identity = decide(policies.identity, question);
  const session = policies.session === undefined ? undefined : decide(policies.session, question);
  const boundary = policies.boundary === undefined ? undefined : decide(policies.boundary, question);
  const resource = decide(policies.resource, question);
  for (const [type, verdict] of [
    ['identity-based policy', identity],
    ['permissions boundary', boundary],
    ['session policy', session],
    ['resource-based policy', resource],
  ] as const) {
    if (verdict?.effect === 'deny' && verdict.explicit) return { allowed: false, deniedBy: type, lacking: type };
  }
  const sessionAllows = session === undefined || session.effect === 'allow';
  const identityAllows = identity.effect === 'allow';
  const granted = resource.effect === 'allow' ? resource.strength : undefined;
  const sameAccount = policies.resourceAccountId === question.caller.accountId;

  if ((policies.resourceMustAllow || !sameAccount) && granted === undefined) {
    return { allowed: false, lacking: 'resource-based policy' };
  }
  if (sameAccount && granted === 'session') return { allowed: true };
  if (!sessionAllows) return { allowed: false, lacking: 'session policy' };
  if (sameAccount && granted === 'identity') return { allowed: true };
  if (identityAllows && boundary?.effect === 'deny') return { allowed: false, lacking: 'permissions boundary' };
  if (identityAllows) return { allowed: true };
  return { allowed: false, lacking: 'identity-based policy' };
}

// IAM's policy language as JSON, as far as the emulator knows it. What it does not know it refuses (see statement.ts).

export type OneOrMore = string | readonly string[];

export type PrincipalElement = '*' | { readonly [kind: string]: OneOrMore };

export type ConditionValue = string | boolean | number;

export type ConditionElement = {
  readonly [operator: string]: { readonly [key: string]: ConditionValue | readonly ConditionValue[] };
};

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: ConditionElement;
}

export interface PolicyDocument {
  /** Without it a policy is of the old version, which knows no policy variables. */
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/**
 * Where a policy stands, which decides what it must and may not hold: a trust or bucket policy names principals, a trust
 * policy names no resource.
 */
export type PolicyKind = 'identity' | 'session' | 'trust' | 'bucket';

/** A policy that IAM would not take, or that uses what the emulator does not know. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

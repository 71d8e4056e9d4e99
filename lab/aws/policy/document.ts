// The part of IAM's policy language that the emulator knows. It refuses the rest (see statement.ts).

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
  /** Defaults to the old version, which has no policy variables. */
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/**
 * The kind of policy decides which elements it needs: trust and bucket policies name principals, trust policies don't name
 * resources.
 */
export type PolicyKind = 'identity' | 'session' | 'trust' | 'bucket';

/** A policy that IAM wouldn't accept, or that uses something the emulator doesn't know. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

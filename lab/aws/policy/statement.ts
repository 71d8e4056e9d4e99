import { AwsError } from '../errors.ts';
import { type Condition, readConditions } from './condition.ts';
import { type OneOrMore, type PolicyDocument, PolicyError, type PolicyKind, type PolicyStatement } from './document.ts';
import type { Context } from './keys.ts';
import { fits, type Pattern, readPattern } from './pattern.ts';
import { type PrincipalOfCaller, type PrincipalTest, readPrincipal, type Strength } from './principal.ts';

/** A request that policies decide on. */
export interface Question {
  /** `sts:AssumeRole` */
  readonly action: string;
  /** An ARN, or `*` for actions without a resource. */
  readonly resource: string;
  readonly caller: PrincipalOfCaller;
  readonly context: Context;
}

/** A parsed statement of a policy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** How the statement applies to the request, or undefined if it doesn't. */
  applies(question: Question): Strength | undefined;
}

const ELEMENTS = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);

/**
 * Parses a policy.
 * @throws PolicyError for what IAM would refuse and for what the emulator doesn't know, so that nothing is silently true
 */
export function readPolicy(document: PolicyDocument, kind: PolicyKind): Statement[] {
  const { Version: version = '2008-10-17', Statement: statements } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError(`unknown policy version: ${version}`);
  if (typeof statements !== 'object' || statements === null) throw new PolicyError('a policy needs a Statement');
  const list: readonly PolicyStatement[] = Array.isArray(statements) ? statements : [statements];
  return list.map((statement) => readStatement(statement, kind, version === '2012-10-17'));
}

function readStatement(statement: PolicyStatement, kind: PolicyKind, variables: boolean): Statement {
  if (typeof statement !== 'object' || statement === null) throw new PolicyError('a statement must be an object');
  const unknown = Object.keys(statement).find((element) => !ELEMENTS.has(element));
  if (unknown !== undefined) throw new PolicyError(`the emulator doesn't know the policy element ${unknown}`);
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError('Effect must be Allow or Deny');
  const action = readList(statement.Action, statement.NotAction, 'Action', { variables: false, wildcards: true }, true);
  const resource = readResource(statement, kind, variables);
  const principal = readWho(statement, kind);
  const conditions: Condition[] = readConditions(statement.Condition ?? {}, variables);
  return {
    effect,
    applies(question) {
      if (!action(question.action, question.context) || !resource(question.resource, question.context))
        return undefined;
      const strength = principal(question.caller);
      return strength !== undefined && conditions.every((holds) => holds(question.context)) ? strength : undefined;
    },
  };
}

function readResource(statement: PolicyStatement, kind: PolicyKind, variables: boolean): Matcher {
  if (kind !== 'trust') {
    return readList(statement.Resource, statement.NotResource, 'Resource', { variables, wildcards: true }, false);
  }
  if (statement.Resource !== undefined || statement.NotResource !== undefined) {
    throw new PolicyError('Has prohibited field Resource');
  }
  return () => true;
}

function readWho(statement: PolicyStatement, kind: PolicyKind): PrincipalTest {
  const needed = kind === 'trust' || kind === 'bucket';
  if (needed !== (statement.Principal !== undefined)) {
    throw new PolicyError(
      needed ? 'Missing required field Principal' : 'Policy document should not specify a principal.',
    );
  }
  return statement.Principal === undefined ? () => 'identity' : readPrincipal(statement.Principal);
}

type Matcher = (value: string, context: Context) => boolean;

function readList(
  wanted: OneOrMore | undefined,
  unwanted: OneOrMore | undefined,
  element: string,
  syntax: { variables: boolean; wildcards: boolean },
  ignoreCase: boolean,
): Matcher {
  const source = wanted ?? unwanted;
  if (source === undefined) throw new PolicyError(`Missing required field ${element}`);
  if (wanted !== undefined && unwanted !== undefined)
    throw new PolicyError(`${element} and Not${element} exclude each other`);
  const texts: readonly unknown[] = Array.isArray(source) ? source : [source];
  const patterns: Pattern[] = texts.map((text) => {
    if (typeof text !== 'string') throw new PolicyError(`${element} must contain strings`);
    return readPattern(text, syntax);
  });
  return (value, context) =>
    patterns.some((pattern) => fits(pattern, value, context, ignoreCase)) === (wanted !== undefined);
}

/**
 * Parses a policy in a request.
 * @throws AwsError MalformedPolicyDocument, also for what AWS would accept but the emulator doesn't know
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (typeof document !== 'object' || document === null) throw malformed('Syntax errors in policy.');
  try {
    readPolicy(document, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw malformed(error.message);
  }
  return document;
}

/** 400 MalformedPolicyDocument */
export function malformed(message: string): AwsError {
  return new AwsError(400, 'MalformedPolicyDocument', message);
}

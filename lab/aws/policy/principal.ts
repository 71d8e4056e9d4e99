import { PolicyError, type PrincipalElement } from './document.ts';

// The Principal element of trust and bucket policies. If it names the caller's account, the account's identity policies must allow
// the request, too. If it names the user or role, it's enough (IAM user guide, "Policy evaluation logic" and "AWS JSON policy
// elements: Principal").

export interface PrincipalOfCaller {
  readonly accountId: string;
  /** The ARN of the user or role. */
  readonly arn: string;
  /** The ARN in GetCallerIdentity: the same for a user, the assumed-role ARN for a role session. */
  readonly sessionArn: string;
}

/** The ways in which a policy names the caller, weakest first. */
export const STRENGTHS = ['account', 'identity', 'session'] as const;
export type Strength = (typeof STRENGTHS)[number];

export type PrincipalTest = (caller: PrincipalOfCaller) => Strength | undefined;

/**
 * Reads a Principal element.
 * @throws PolicyError for an ARN that can't be a principal
 */
export function readPrincipal(element: PrincipalElement): PrincipalTest {
  const tests =
    element === '*'
      ? [readAws('*')]
      : Object.entries(element).flatMap(([kind, names]) => (typeof names === 'string' ? [names] : names).map(of(kind)));
  return (caller) => {
    const found = tests.map((test) => test(caller));
    return STRENGTHS.findLast((strength) => found.includes(strength));
  };
}

function of(kind: string): (name: string) => PrincipalTest {
  if (kind === 'AWS') return readAws;
  // A trust policy may name services and identity providers, but no caller of the emulator is one.
  if (kind === 'Service' || kind === 'Federated' || kind === 'CanonicalUser') return () => () => undefined;
  throw new PolicyError(`unknown kind of principal: ${kind}`);
}

function readAws(name: string): PrincipalTest {
  if (name === '*') return () => 'identity';
  // A user or role that was deleted. Nobody has its ID any more.
  if (/^A(?:ID|RO)A[A-Z0-9]{16,}$/.test(name)) return () => undefined;
  if (/^\d{12}$/.test(name)) return (caller) => (caller.accountId === name ? 'account' : undefined);
  const [arn, , service, , account, resource] = name.split(':');
  const named = (service === 'iam' || service === 'sts') && account !== undefined && resource !== undefined;
  if (arn !== 'arn' || !named || name.includes('*')) throw new PolicyError(`Invalid principal in policy: ${name}`);
  if (resource === 'root') return (caller) => (caller.accountId === account ? 'account' : undefined);
  return (caller) => (caller.sessionArn === name ? 'session' : caller.arn === name ? 'identity' : undefined);
}

import { contextOf, principalOf } from '../caller.ts';
import { Constraints, readInteger } from '../constraints.ts';
import { accessDenied } from '../errors.ts';
import { userArn } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { policiesOf } from '../policies-of.ts';
import { decide } from '../policy/decide.ts';
import type { Xml } from '../xml.ts';
import { credentialsXml, expiryAfter } from './credentials.ts';
import { constrainMfa, verifyMfa } from './mfa.ts';

const DEFAULT_SECONDS = 43_200;

/**
 * GetSessionToken: credentials of the same user, with MFA if the call has a code.
 *
 * It needs no permission, but a policy can deny it (STS API reference). The code in the call doesn't count for that decision, which
 * is why AWS's self-service policies exempt sts:GetSessionToken from "deny without MFA".
 */
export function getSessionToken(call: ApiCall): Xml {
  const { request, caller, sessions, now } = call;
  const constraints = new Constraints();
  const duration = readInteger(request.params, 'DurationSeconds');
  constraints.number('durationSeconds', duration, 900, 129_600);
  constrainMfa(constraints, request.params);
  constraints.check();
  if (caller.kind !== 'user') throw accessDenied('Cannot call GetSessionToken with session credentials');

  const withMfa = verifyMfa(call);
  const principal = principalOf(caller);
  const question = {
    action: 'sts:GetSessionToken',
    resource: '*',
    caller: principal,
    context: contextOf(caller, request, now),
  };
  const { identity, boundary = [] } = policiesOf(caller, call.world, now);
  for (const [statements, where] of [
    [identity, 'an identity-based policy'],
    [boundary, 'a permissions boundary'],
  ] as const) {
    const verdict = decide(statements, question);
    if (verdict.effect === 'allow' || !verdict.explicit) continue;
    throw accessDenied(
      `User: ${principal.arn} is not authorized to perform: sts:GetSessionToken with an explicit deny in ${where}`,
    );
  }
  const session = sessions.mint({
    accountId: caller.account.id,
    arn: userArn(caller.account, caller.user),
    issuedAt: now,
    expiresAt: expiryAfter(now, duration ?? DEFAULT_SECONDS),
    grant: { kind: 'user', mfaAt: withMfa ? now : undefined },
  });
  return credentialsXml(session);
}

import type { Constraints } from '../constraints.ts';
import { refusalOf } from '../mfa.ts';
import type { ApiCall } from '../operation.ts';

/** Checks SerialNumber and TokenCode against the service model of STS. */
export function constrainMfa(constraints: Constraints, params: ReadonlyMap<string, string>): void {
  constraints.text('serialNumber', params.get('SerialNumber'), {
    min: 9,
    max: 256,
    pattern: [/^[\w+=/:,.@-]*$/, '[\\w+=/:,.@-]*'],
  });
  constraints.text('tokenCode', params.get('TokenCode'), { min: 6, max: 6, pattern: [/^\d*$/, '[\\d]*'] });
}

/**
 * Judges the code of a call, where it has one: from here on the code is spent, whatever becomes of the call.
 * @returns whether MFA was given and accepted
 * @throws AwsError where it was given and refused
 */
export function verifyMfa({ request, caller, mfa, now, judged }: ApiCall): boolean {
  const serial = request.params.get('SerialNumber');
  const code = request.params.get('TokenCode');
  if (serial === undefined && code === undefined) return false;
  const judgement =
    serial === undefined || code === undefined
      ? { serial: serial ?? '', code: code ?? '', step: undefined, verdict: 'incomplete' as const }
      : // What STS does with a code that comes with temporary credentials is undocumented: refused here, and not spent.
        mfa.verify(caller.kind === 'user' ? caller.user : undefined, serial, code, now);
  judged(judgement);
  const refusal = refusalOf(judgement.verdict);
  if (refusal !== undefined) throw refusal;
  return true;
}

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
 * Verifies the code of a call, if it has one. The code is then used, even if the call fails.
 * @returns whether the call has a code
 * @throws AwsError if STS refuses the code
 */
export function verifyMfa({ request, caller, world, mfa, now, judged }: ApiCall): boolean {
  const serial = request.params.get('SerialNumber');
  const code = request.params.get('TokenCode');
  if (serial === undefined && code === undefined) return false;
  const judgement =
    serial === undefined || code === undefined
      ? { serial: serial ?? '', code: code ?? '', step: undefined, verdict: 'incomplete' as const }
      : // AWS doesn't document what STS does with a code and temporary credentials. The emulator refuses it, and doesn't use it.
        mfa.verify(world, caller.kind === 'user' ? caller.user : undefined, serial, code, now);
  judged(judgement);
  const refusal = refusalOf(judgement.verdict);
  if (refusal !== undefined) throw refusal;
  return true;
}

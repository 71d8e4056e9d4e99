import { describe, expect, test } from '@jest/globals';
import { failuresOf } from '../../../../scripts/samples/failures.ts';
import { Failure, type FailureCode, type FailureContext } from '../../../../src/core/failure.ts';
import { WORDING } from '../../../../src/github/wording.ts';
import { type Explanation, explain } from '../../../../src/inputs/messages/catalogue.ts';

const ROLE_HINT = "Test MFA in the role's trust policy instead, or remove role-to-assume and use the session token";
const NAMES = Array.from({ length: 300 }, (_, index) => `b${index}`);

function explained(context: FailureContext, code: FailureCode = 'bucket-denied'): Explanation {
  return explain(new Failure(code, failuresOf(code)[0].facts, { context }), WORDING);
}

function check(codes: readonly FailureCode[], ofRole: boolean): FailureContext {
  const misses = codes.map((code, index) => ({ path: NAMES[index], failure: failuresOf(code)[0] }));
  return { kind: 'bucket-check', arn: 'arn:aws:iam::111122223333:user/ci', ofRole, misses };
}

function roles(codes: readonly FailureCode[]): FailureContext {
  const refusals = codes.map((code, index) => ({ profile: `b${index}`, role: 'deploy', failure: failuresOf(code)[0] }));
  return { kind: 'many-roles', total: 400, refusals };
}

describe.each([
  ['the bucket check', check(Array(300).fill('bucket-denied'), false), /HeadBucket/g],
  ['many roles', roles(Array(300).fill('assume-role-denied')), /\(deploy\): AssumeRole/g],
])('300 failures of %s', (_, context, failure) => {
  test('are five in full, and twenty names, so that they stay readable', () => {
    const { message } = explained(context);
    expect(message.match(failure)).toHaveLength(5);
    expect(message).toMatch(new RegExp(` ${NAMES.slice(5, 25).join(', ')} and 275 more\\.$`));
  });
});

test.each([
  check(['bucket-denied', 'bucket-denied', 'bucket-not-found'], false),
  roles(['bucket-denied', 'bucket-denied', 'bucket-not-found']),
])('several failures have each remedy once', (context) => {
  expect(explained(context).remedy).toBe(
    "Allow s3:ListBucket on this bucket for the identity above, and check the bucket's policy. Correct the name in expected-buckets, or create the bucket.",
  );
});

describe('a bucket check', () => {
  test.each<FailureCode>(['bucket-denied', 'buckets-denied', 'explicit-deny', 'access-denied'])(
    'as a role that lacks permission (%s) says that a role carries no MFA',
    (code) => {
      expect(explained(check([code], true)).remedy).toContain(ROLE_HINT);
      expect(explained(check([code], false)).remedy).not.toContain(ROLE_HINT);
      expect(explained(check(['bucket-not-found', code], true)).remedy).toContain(ROLE_HINT);
    },
  );

  test('as a role that fails for another reason does not', () => {
    expect(explained(check(['bucket-not-found'], true)).remedy).not.toContain(ROLE_HINT);
  });
});

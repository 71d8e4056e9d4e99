/** The workflows in examples/: what people copy must run. Their own steps use the credentials, and fail if they don't work. */
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { Check, WorkflowCase } from './case.ts';
import { everyCodeIsAccepted, noCredentialsAreLeft, noProfileIsLeft } from './checks.ts';

/** Later steps and jobs call GetCallerIdentity this many times. */
export function cliCallsGetCallerIdentity(times: number): Check {
  return {
    what:
      times === 1 ? 'the AWS CLI calls GetCallerIdentity once' : `the AWS CLI calls GetCallerIdentity ${times} times`,
    holds: ({ calls }) => {
      const asked = calls.filter(({ operation, headers }) => operation === 'GetCallerIdentity' && isCli(headers));
      equal(asked.length, times);
      equal(
        asked.every(({ status }) => status === 200),
        true,
      );
    },
  };
}

const theCliRenewsTheRole: Check = {
  what: 'the action assumes the role once, then the AWS CLI does, both with the session and without a code',
  holds: ({ calls }) => {
    const assumed = calls.filter(({ operation }) => operation === 'AssumeRole');
    deepEqual(
      assumed.map(({ status, headers, params }) => [status, isCli(headers), params['TokenCode']]),
      [
        [200, false, undefined],
        [200, true, undefined],
      ],
    );
    equal(
      assumed.every(({ accessKeyId }) => accessKeyId?.startsWith('ASIA')),
      true,
    );
  },
};

const theKeyIsReplaced: Check = {
  what: 'the first run replaces the key, which is due; the second one works with the new key, and leaves the old one alone',
  holds: ({ calls, stored }) => {
    const [created, ...more] = calls.filter(({ operation }) => operation === 'CreateAccessKey');
    deepEqual([created?.status, more], [200, []]);
    const sessions = calls.filter(({ operation, status }) => operation === 'GetSessionToken' && status === 200);
    const [before, after, ...others] = sessions.map(({ accessKeyId }) => accessKeyId);
    deepEqual(others, []);
    notEqual(after, before);
    equal(stored['AWS_ACCESS_KEY']?.split(':')[0], after);
    deepEqual(
      calls.filter(({ operation }) => /^(?:Update|Delete)/.test(operation ?? '')),
      [],
    );
  },
};

function example(name: string, codes: number, asked: number, more: Partial<WorkflowCase> = {}): WorkflowCase {
  return {
    path: `examples/${name}.yml`,
    checks: [everyCodeIsAccepted(codes), cliCallsGetCallerIdentity(asked), noCredentialsAreLeft, noProfileIsLeft],
    ...more,
  };
}

function isCli({ 'user-agent': agent = '' }: Readonly<Record<string, string>>): boolean {
  return agent.startsWith('aws-cli/');
}

/** All except the two that fetch a seed from another service, and terraform.yml, which would download a provider. */
export const EXAMPLES: readonly WorkflowCase[] = [
  example('plain', 1, 1),
  example('matrix-with-slots', 5, 5),
  example('sealed-matrix', 1, 20),
  // Terraform would download its provider.
  example('multi-account', 1, 3, { leavesOut: ['Install Terraform', 'One profile, with Terraform'] }),
  example('composite/workflow', 2, 4),
  example('twice-in-one-job', 2, 2),
  {
    path: 'examples/long-job.yml',
    checks: [
      everyCodeIsAccepted(1),
      theCliRenewsTheRole,
      cliCallsGetCallerIdentity(2),
      noCredentialsAreLeft,
      noProfileIsLeft,
    ],
  },
  example('reusable-caller', 1, 1),
  example('govcloud', 1, 1),
  example('china', 1, 1),
  {
    path: 'examples/rotate.yml',
    event: 'workflow_dispatch',
    writesSecrets: true,
    checks: [theKeyIsReplaced, noCredentialsAreLeft, noProfileIsLeft],
  },
];

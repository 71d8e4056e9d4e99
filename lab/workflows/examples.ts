/** The workflows under examples/: whatever people copy has to run. Their own steps use what they get; a step that fails fails them. */
import { equal } from 'node:assert/strict';
import type { Check, WorkflowCase } from './case.ts';
import { everyCodeIsAccepted, noCredentialsAreLeft, noProfileIsLeft } from './checks.ts';

/** What later steps and jobs ask AWS who they are, so many times. */
function identityIsAsked(times: number): Check {
  return {
    what: `those who use the credentials have asked AWS ${times} times who they are`,
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

function example(name: string, codes: number, asked: number, more: Partial<WorkflowCase> = {}): WorkflowCase {
  return {
    path: `examples/${name}.yml`,
    checks: [everyCodeIsAccepted(codes), identityIsAsked(asked), noCredentialsAreLeft, noProfileIsLeft],
    ...more,
  };
}

function isCli({ 'user-agent': agent = '' }: Readonly<Record<string, string>>): boolean {
  return agent.startsWith('aws-cli/');
}

/** All but the two that fetch a seed from a service of others. */
export const EXAMPLES: readonly WorkflowCase[] = [
  example('plain', 1, 1),
  example('matrix-with-slots', 5, 5),
  example('sealed-matrix', 1, 20),
  // Terraform would fetch its provider.
  example('multi-account', 1, 3, { leavesOut: ['Install Terraform', 'One profile, with Terraform'] }),
  example('composite/workflow', 2, 4),
  example('twice-in-one-job', 2, 2),
  example('reusable-caller', 1, 1),
  example('govcloud', 1, 1),
  example('china', 1, 1),
];

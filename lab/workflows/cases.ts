/**
 * The workflows under test. Most checks are steps of the workflows. Here are those that need the emulator's log or the disk. To
 * add a workflow, write it, name its checks `Check: …`, and add it to this list.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { type Check, type WorkflowCase, workflowName } from './case.ts';
import {
  everyCodeIsAccepted,
  judgedCalls,
  noCodeIsSentTwice,
  noCredentialsAreLeft,
  noProfileIsLeft,
} from './checks.ts';
import { cliCallsGetCallerIdentity, EXAMPLES } from './examples.ts';
import { leftoversOf, textOf } from './leftovers.ts';

const roleIsChained: Check = {
  what: 'the role is assumed with the first session and without a code',
  holds: ({ calls }) => {
    const [chained, ...others] = calls.filter(({ operation }) => operation === 'AssumeRole');
    equal(others.length, 0);
    equal(chained?.params['TokenCode'], undefined);
    ok(chained?.accessKeyId?.startsWith('ASIA'));
  },
};

const fewCodesOfAWrongSeed: Check = {
  what: 'a wrong seed uses so few verifications that the device stays usable',
  holds: ({ calls }) => {
    const wrong = judgedCalls(calls).filter(({ verdict }) => verdict !== 'accepted');
    ok(wrong.length >= 1 && wrong.length <= 8, `${wrong.length} codes were refused`);
  },
};

const rolesFollowOneCode: Check = {
  what: 'each code is followed by its roles, assumed without one',
  holds: ({ calls }) => {
    const assumed = calls.filter(({ operation }) => operation === 'AssumeRole');
    equal(assumed.length, 3);
    ok(
      assumed.every(({ params, accessKeyId }) => params['TokenCode'] === undefined && accessKeyId?.startsWith('ASIA')),
    );
  },
};

const openingTakesNoCall: Check = {
  what: 'of the 23 jobs that open the session, only the one with a role calls STS',
  holds: ({ calls }) => {
    // Not GetCallerIdentity: the AWS CLI and boto3 call it, too.
    const ours = calls.filter(({ operation }) => operation === 'GetSessionToken' || operation === 'AssumeRole');
    deepEqual(
      ours.map(({ operation }) => operation),
      ['GetSessionToken', 'AssumeRole'],
    );
  },
};

const otherSettingsAreRestored: Check = {
  what: 'AWS_REGION has its earlier value, and other profiles are unchanged, byte for byte',
  holds: ({ leftovers, home }) => {
    const { environment } = leftoversOf(leftovers, 'tidy');
    deepEqual([environment['AWS_REGION'], environment['AWS_DEFAULT_REGION']], ['us-west-2', '']);
    equal(textOf(home, '.aws/config'), '[profile other]\nregion = us-west-2\n');
    equal(textOf(home, '.aws/credentials'), '# by hand\n[other]\naws_access_key_id = AKIAOTHEROTHEROTHER1\n');
  },
};

const ownFilesAreGone: Check = {
  what: "the job's own profile files are gone, and the record of used codes is there",
  holds: ({ leftovers }) => {
    const { folder } = leftoversOf(leftovers, 'own-files');
    equal(textOf(folder, 'temp/aws/credentials'), undefined);
    equal(textOf(folder, 'temp/aws/config'), undefined);
    ok(textOf(folder, 'temp/aws-mfa-credentials.json')?.includes('"verdict":"accepted"'));
  },
};

const OWN: readonly WorkflowCase[] = [
  {
    path: '.github/workflows/plain.yml',
    endpointAsInput: true,
    checks: [everyCodeIsAccepted(1), noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/role.yml',
    checks: [everyCodeIsAccepted(1), noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/composite.yml',
    checks: [everyCodeIsAccepted(1), noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/matrix.yml',
    checks: [everyCodeIsAccepted(4), noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/profile.yml',
    checks: [everyCodeIsAccepted(1), noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/roles.yml',
    checks: [everyCodeIsAccepted(2), rolesFollowOneCode, noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/sealed.yml',
    checks: [everyCodeIsAccepted(1), openingTakesNoCall, noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/twice.yml',
    checks: [everyCodeIsAccepted(5), roleIsChained, noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/must-fail.yml',
    checks: [noCodeIsSentTwice, fewCodesOfAWrongSeed, noCredentialsAreLeft, noProfileIsLeft],
  },
  {
    path: '.github/workflows/post.yml',
    checks: [everyCodeIsAccepted(2), noCredentialsAreLeft, otherSettingsAreRestored, ownFilesAreGone],
  },
];

/** Gitea's act runs them too, except for the one that takes twenty seconds. */
const IN_GITEA = OWN.filter((one) => workflowName(one) !== 'sealed');

const roleIsNamedAfterTheRun: Check = {
  what: "the command assumes the role with a code, and the session's name and tags are those of Forgejo",
  holds: ({ calls }) => {
    const [assumed] = calls.filter(({ operation, status }) => operation === 'AssumeRole' && status === 200);
    equal(assumed?.params['RoleSessionName'], 'ForgejoActions-1');
    ok(Object.values(assumed?.params ?? {}).includes('Forgejo Actions'));
    ok(assumed?.params['TokenCode'] !== undefined);
  },
};

/** Forgejo's runner is a fork of the same act. */
const FORGEJO: WorkflowCase = {
  path: '.forgejo/workflows/aws.yml',
  runner: 'gitea',
  env: { FORGEJO_ACTIONS: 'true', GITEA_ACTIONS: 'true' },
  checks: [roleIsNamedAfterTheRun, cliCallsGetCallerIdentity(2), noCredentialsAreLeft, noProfileIsLeft],
};

/** All workflows, in the order in which they run. */
export const CASES: readonly WorkflowCase[] = [
  ...OWN,
  ...EXAMPLES,
  ...IN_GITEA.map((one) => ({ ...one, runner: 'gitea' as const })),
  FORGEJO,
];

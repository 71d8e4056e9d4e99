// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of a workflow.
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Options } from '../../../../src/shell/program.ts';
import { readEnrollOptions } from '../../../../src/shell/setup/options.ts';
import { snippetFor } from '../../../../src/shell/setup/snippets.ts';
import { VERSION } from '../../../../src/version.ts';

// What is printed at the end of an enrollment, to paste into the pipeline. `scripts/lint-workflows.sh` lints more of them.

const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const AUDIT = 'arn:aws:iam::444455556666:role/team/audit';

function printed(options: Options): string | undefined {
  return snippetFor(readEnrollOptions({ user: 'ci', ...options }, {}), 'eu-central-1');
}

/** The job `aws` of what is printed. */
function job(options: Options) {
  return parse(printed(options) ?? '').jobs.aws;
}

const step = (options: Options) => job(options).steps[0].with;

describe('on GitHub, enroll prints', () => {
  const github = { github: 'acme/app' };

  test('a complete workflow', () => {
    expect(printed({ ...github, role: [DEPLOY] })).toBe(`# .github/workflows/aws.yml
name: AWS
on: workflow_dispatch
permissions: {}
jobs:
  aws:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: aws-mfa-credentials/aws-mfa-credentials@v1
        with:
          aws-region: eu-central-1
          aws-access-key: \${{ secrets.AWS_ACCESS_KEY }}
          mfa-devices: \${{ secrets.AWS_MFA_DEVICE }}
          role-to-assume: ${DEPLOY}
      - run: aws sts get-caller-identity
`);
  });

  test('the four values that were stored separately', () => {
    expect(step({ ...github, separate: true })).toEqual({
      'aws-region': 'eu-central-1',
      'aws-access-key-id': '${{ secrets.AWS_ACCESS_KEY_ID }}',
      'aws-secret-access-key': '${{ secrets.AWS_SECRET_ACCESS_KEY }}',
      'mfa-serial': '${{ secrets.AWS_MFA_SERIAL }}',
      'mfa-seed': '${{ secrets.AWS_MFA_SEED }}',
    });
  });

  test('a profile for each of several roles, which are used one after the other', () => {
    const { steps } = job({ ...github, role: [DEPLOY, AUDIT] });
    expect(steps[0].with.roles).toBe(`deploy = ${DEPLOY}\naudit = ${AUDIT}\n`);
    expect(steps[0].with['role-to-assume']).toBeUndefined();
    expect(steps.slice(1)).toEqual([
      { run: 'aws sts get-caller-identity --profile deploy' },
      { run: 'aws sts get-caller-identity --profile audit' },
    ]);
  });

  test.each([
    ['their accounts', [DEPLOY, DEPLOY.replace('1111', '9999')], ['deploy-111122223333', 'deploy-999922223333']],
    ['numbers', [DEPLOY, DEPLOY.replace('role/', 'role/team/')], ['role-1', 'role-2']],
    ['plain characters', [AUDIT, `${DEPLOY}=a+b,c.d@e`], ['audit', 'deploy-a-b-c-d-e']],
  ])('names of profiles that differ, by %s', (_, role, names) => {
    const lines: readonly string[] = step({ ...github, role })
      .roles.trim()
      .split('\n');
    expect(lines.map((line) => line.split(' = ')[0])).toEqual(names);
  });

  test.each([
    ['production', 'production'],
    ["pro\"d: # \\ 'é'", "pro\"d: # \\ 'é'"],
    ['${{ x }}', "${{ '${{' }} x }}"],
  ])('the environment %s, so that GitHub reads that name', (environment, read) => {
    expect(job({ ...github, environment }).environment).toBe(read);
  });

  test('the bucket check, if no role is assumed', () => {
    const checks = { listBuckets: true, bucket: ['example-logs/2026', 'example-artifacts'] };
    expect(step({ ...github, ...checks })).toMatchObject({
      'list-buckets': true,
      'expected-buckets': 'example-logs/2026\nexample-artifacts\n',
    });
    expect(job({ ...github, ...checks }).steps[1]).toEqual({ run: 'aws s3 ls' });
    expect(step({ ...github, ...checks, role: [DEPLOY] })).not.toHaveProperty('list-buckets');
  });

  test("a workflow for Dependabot's pull requests, since no other run gets its secrets", () => {
    const workflow = parse(printed({ ...github, dependabot: true }) ?? '');
    expect(workflow.on).toBe('pull_request');
    expect(workflow.jobs.aws.if).toBe("github.event.pull_request.user.login == 'dependabot[bot]'");
  });
});

describe('on GitLab, enroll prints', () => {
  const gitlab = { gitlab: 'acme/app' };
  const variables = (options: Options) => parse(printed(options) ?? '').aws.variables;

  test('a complete job for protected branches and tags', () => {
    expect(printed({ ...gitlab, role: [DEPLOY], environment: 'production' })).toBe(`# .gitlab-ci.yml
aws:
  image: node:24
  timeout: 15 minutes
  environment: "production"
  rules:
    # Only these get protected variables.
    - if: $CI_COMMIT_REF_PROTECTED == "true"
  variables:
    AWS_REGION: eu-central-1
    ROLE_TO_ASSUME: ${DEPLOY}
  script:
    - npx --yes aws-mfa-credentials@${VERSION} whoami
    # For your own program: npx --yes aws-mfa-credentials@${VERSION} exec -- ./deploy.sh
`);
  });

  test('a job for all branches, if all get the variables', () => {
    expect(printed({ ...gitlab, unprotected: true })).not.toContain('rules');
  });

  test('a job for each of several roles', () => {
    const { aws } = parse(printed({ ...gitlab, role: [DEPLOY, AUDIT] }) ?? '');
    expect(aws.parallel).toEqual({ matrix: [{ ROLE_TO_ASSUME: [DEPLOY, AUDIT] }] });
    expect(aws.variables).toEqual({ AWS_REGION: 'eu-central-1' });
  });

  test('an environment that a scope with a wildcard includes', () => {
    expect(printed({ ...gitlab, environment: 'review/*' })).toContain('environment: "review/$CI_COMMIT_REF_SLUG"\n');
  });

  test('the bucket check, if no role is assumed', () => {
    const checks = { ...gitlab, listBuckets: true, bucket: ['example-logs/$2026'] };
    expect(variables(checks)).toMatchObject({ LIST_BUCKETS: 'true', EXPECTED_BUCKETS: 'example-logs/$$2026\n' });
    expect(printed(checks)).toContain(`aws-mfa-credentials@${VERSION} check\n`);
    expect(variables({ ...checks, role: [DEPLOY] })).not.toHaveProperty('LIST_BUCKETS');
  });
});

describe('enroll prints nothing', () => {
  test('if no pipeline reads what was stored', () => {
    expect(printed({ output: 'secrets.json' })).toBeUndefined();
  });

  test('if the secrets are on standard output', () => {
    expect(printed({ github: 'acme/app', output: 'json' })).toBeUndefined();
    expect(printed({ github: 'acme/app', output: 'secrets.json' })).toContain('name: AWS');
  });
});

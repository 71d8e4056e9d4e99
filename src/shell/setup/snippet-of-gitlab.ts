import { VERSION } from '../../version.ts';
import type { GitlabChoice } from './places.ts';
import type { Use } from './snippets.ts';

/** A job for GitLab. The command reads the variables that were stored by their own names. */
export function gitlabJob({ region, roles, buckets, listsBuckets }: Use, { scope, jobs }: GitlabChoice): string {
  const [role, ...more] = roles;
  const variables = [
    `AWS_REGION: ${region}`,
    ...(role !== undefined && more.length === 0 ? [`ROLE_TO_ASSUME: ${role}`] : []),
    ...(role === undefined && listsBuckets ? ['LIST_BUCKETS: "true"'] : []),
    // What a role may do, its owner knows.
    ...(role === undefined && buckets.length > 0
      ? ['EXPECTED_BUCKETS: |', ...buckets.map((bucket) => `  ${literal(bucket)}`)]
      : []),
  ];
  const command = `npx --yes aws-mfa-credentials@${VERSION}`;
  const lines = [
    '# .gitlab-ci.yml',
    'aws:',
    '  image: node:24',
    '  timeout: 15 minutes',
    ...(scope === '*' ? [] : [`  environment: ${JSON.stringify(environmentIn(scope))}`]),
    ...(jobs === 'protected'
      ? ['  rules:', '    # Only these get protected variables.', '    - if: $CI_COMMIT_REF_PROTECTED == "true"']
      : []),
    ...(more.length === 0
      ? []
      : ['  parallel:', '    matrix:', '      - ROLE_TO_ASSUME:', ...roles.map((arn) => `          - ${arn}`)]),
    '  variables:',
    ...variables.map((line) => `    ${line}`),
    '  script:',
    `    - ${command} ${role === undefined && (listsBuckets || buckets.length > 0) ? 'check' : 'whoami'}`,
    `    # For your own program: ${command} exec -- ./deploy.sh`,
  ];
  return `${lines.join('\n')}\n`;
}

/** An environment that a scope includes: `review/*` has one for each branch. */
function environmentIn(scope: string): string {
  return scope.replaceAll('*', '$CI_COMMIT_REF_SLUG');
}

/** A text in which GitLab expands no variable. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

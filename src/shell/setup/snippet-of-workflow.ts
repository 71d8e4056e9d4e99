// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of a workflow, shown as its author writes them.
import type { GithubChoice } from './places.ts';
import type { Use } from './snippets.ts';

/** A workflow for GitHub that a person starts, or that Dependabot's pull requests start, since only they get its secrets. */
export function workflow(use: Use, { of, place }: GithubChoice): string {
  const environment = place.kind === 'environment' ? [`    environment: ${quoted(place.environment)}`] : [];
  const isDependabots = of === 'dependabot';
  const lines = [
    '# .github/workflows/aws.yml',
    'name: AWS',
    `on: ${isDependabots ? 'pull_request' : 'workflow_dispatch'}`,
    'permissions: {}',
    'jobs:',
    '  aws:',
    ...(isDependabots ? ["    if: github.event.pull_request.user.login == 'dependabot[bot]'"] : []),
    '    runs-on: ubuntu-latest',
    ...environment,
    '    timeout-minutes: 15',
    '    steps:',
    '      - uses: aws-mfa-credentials/aws-mfa-credentials@v1',
    '        with:',
    ...inputs(use).map((line) => `          ${line}`),
    ...commands(use).map((command) => `      - run: ${command}`),
  ];
  return `${lines.join('\n')}\n`;
}

function inputs({ region, roles, buckets, listsBuckets, form }: Use): readonly string[] {
  const [role, ...more] = roles;
  const lists = [
    ...(listsBuckets ? ['list-buckets: true'] : []),
    ...(buckets.length > 0 ? ['expected-buckets: |', ...buckets.map((each) => `  ${literal(each)}`)] : []),
  ];
  const names = profileNames(roles);
  const profiles = roles.map((each, index) => `  ${names[index]} = ${each}`);
  return [
    `aws-region: ${region}`,
    ...SECRETS[form].map(([input, name]) => `${input}: \${{ secrets.${name} }}`),
    // What a role may do, its owner knows.
    ...(role === undefined ? lists : more.length === 0 ? [`role-to-assume: ${role}`] : ['roles: |', ...profiles]),
  ];
}

const SECRETS: Readonly<Record<Use['form'], readonly (readonly [input: string, secret: string])[]>> = {
  pairs: [
    ['aws-access-key', 'AWS_ACCESS_KEY'],
    ['mfa-devices', 'AWS_MFA_DEVICE'],
  ],
  separate: [
    ['aws-access-key-id', 'AWS_ACCESS_KEY_ID'],
    ['aws-secret-access-key', 'AWS_SECRET_ACCESS_KEY'],
    ['mfa-serial', 'AWS_MFA_SERIAL'],
    ['mfa-seed', 'AWS_MFA_SEED'],
  ],
};

function commands({ roles, listsBuckets }: Use): readonly string[] {
  const whoami = 'aws sts get-caller-identity';
  if (roles.length > 1) return profileNames(roles).map((name) => `${whoami} --profile ${name}`);
  return roles.length === 0 && listsBuckets ? ['aws s3 ls'] : [whoami];
}

/** A name for each role's profile: the role's, with its account if several roles have that name. */
function profileNames(roles: readonly string[]): readonly string[] {
  const plain = (text: string | undefined): string => (text ?? '').replaceAll(/[^\w-]/g, '-');
  const nameOf = (arn: string): string => plain(arn.split('/').at(-1));
  const ways: readonly ((arn: string, index: number) => string)[] = [
    nameOf,
    (arn) => `${nameOf(arn)}-${plain(arn.split(':')[4])}`,
    (_, index) => `role-${index + 1}`,
  ];
  const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  return ways.map((way) => roles.map(way)).find(isUnique) ?? [];
}

/** JSON is YAML, whatever characters the text has. */
function quoted(text: string): string {
  return JSON.stringify(literal(text));
}

/** A text that GitHub doesn't take for an expression. */
function literal(text: string): string {
  return text.replaceAll('${{', "${{ '${{' }}");
}

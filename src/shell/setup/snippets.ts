// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of a workflow, shown as its author writes them.
import { VERSION } from '../../version.ts';
import type { EnrollOptions } from './options.ts';

/** What to paste into the pipeline, complete; undefined if the secrets weren't stored where one reads them. */
export function snippetFor({ places, roles, form }: EnrollOptions, region: string): string | undefined {
  const [role] = roles;
  const place = places.find(({ kind }) => kind !== 'output');
  if (place?.kind === 'github') {
    const environment = place.place.kind === 'environment' ? place.place.environment : undefined;
    return workflow({ region, role, form, environment });
  }
  return place?.kind === 'gitlab' ? gitlabJob({ region, role, scope: place.scope }) : undefined;
}

interface Workflow {
  readonly region: string;
  readonly role: string | undefined;
  readonly form: EnrollOptions['form'];
  readonly environment: string | undefined;
}

function workflow({ region, role, form, environment }: Workflow): string {
  const inputs = {
    'aws-region': region,
    ...(form === 'pairs'
      ? { 'aws-access-key': secret('AWS_ACCESS_KEY'), 'mfa-devices': secret('AWS_MFA_DEVICE') }
      : {
          'aws-access-key-id': secret('AWS_ACCESS_KEY_ID'),
          'aws-secret-access-key': secret('AWS_SECRET_ACCESS_KEY'),
          'mfa-serial': secret('AWS_MFA_SERIAL'),
          'mfa-seed': secret('AWS_MFA_SEED'),
        }),
    ...(role !== undefined && { 'role-to-assume': role }),
  };
  const lines = [
    '# .github/workflows/aws.yml',
    'name: AWS',
    'on: workflow_dispatch',
    'permissions: {}',
    'jobs:',
    '  aws:',
    '    runs-on: ubuntu-latest',
    ...(environment === undefined ? [] : [`    environment: ${JSON.stringify(environment)}`]),
    '    steps:',
    '      - uses: aws-mfa-credentials/aws-mfa-credentials@v1',
    '        with:',
    ...Object.entries(inputs).map(([name, value]) => `          ${name}: ${value}`),
    '      - run: aws sts get-caller-identity',
  ];
  return `${lines.join('\n')}\n`;
}

function secret(name: string): string {
  return `\${{ secrets.${name} }}`;
}

interface GitlabJob {
  readonly region: string;
  readonly role: string | undefined;
  readonly scope: string;
}

function gitlabJob({ region, role, scope }: GitlabJob): string {
  const lines = [
    '# .gitlab-ci.yml',
    'aws:',
    '  image: node:24',
    ...(scope === '*' ? [] : [`  environment: ${JSON.stringify(scope)}`]),
    '  variables:',
    `    AWS_REGION: ${region}`,
    ...(role === undefined ? [] : [`    ROLE_TO_ASSUME: ${role}`]),
    '  script:',
    `    - npx --yes aws-mfa-credentials@${VERSION} whoami`,
    `    - npx --yes aws-mfa-credentials@${VERSION} exec -- ./deploy.sh`,
  ];
  return `${lines.join('\n')}\n`;
}

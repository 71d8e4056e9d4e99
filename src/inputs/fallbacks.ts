import type { InputName } from './names.ts';

/** Variables that replace an input, if they aren't only the one of its name. */
const OTHERS: Partial<Record<InputName, readonly string[]>> = {
  'aws-region': ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  'http-proxy': ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'],
  'no-proxy': ['no_proxy', 'NO_PROXY'],
  'sts-endpoint': ['STS_ENDPOINT', 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'],
  's3-endpoint': ['S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  'iam-endpoint': ['IAM_ENDPOINT', 'AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL'],
  // The key pair and the profile: variables of these names belong to the SDK's default chain, which reads them itself.
  'aws-access-key-id': [],
  'aws-secret-access-key': [],
  // Older tools keep the ID alone in AWS_ACCESS_KEY. The command looks at it (shell/values.ts).
  'aws-access-key': [],
  'aws-profile': [],
  // These names are too common to be meant for this.
  summary: [],
  roles: [],
  renew: [],
};

/** The environment variables that are read, in this order, if an input isn't given. */
export function variablesFor(name: InputName): readonly string[] {
  return OTHERS[name] ?? [name.toUpperCase().replaceAll('-', '_')];
}

import * as core from '@actions/core';
import { INPUT_NAMES, type InputName, type RawInputs } from '../core/request/inputs.ts';
import { seedSpellings } from '../core/request/seed.ts';
import type { Environment } from './environment.ts';
import type { Mask } from './masking.ts';

/** Variables that stand in for an input which was not given, in this order. */
const FALLBACKS: Partial<Record<InputName, readonly string[]>> = {
  'aws-region': ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  'http-proxy': ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'],
  'no-proxy': ['no_proxy', 'NO_PROXY'],
  'sts-endpoint': ['STS_ENDPOINT', 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'],
  's3-endpoint': ['S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  'iam-endpoint': ['IAM_ENDPOINT', 'AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL'],
  // The key pair and the profile: the variables of these names belong to the SDK's default chain, which reads them itself.
  'aws-access-key-id': [],
  'aws-secret-access-key': [],
  'aws-profile': [],
  // Too common names to be meant for this action.
  summary: [],
  roles: [],
};

/**
 * Reads all inputs, each from the environment variable of its name where it was not given (as the official action does), and
 * masks those that are secrets before anything else can print them.
 */
export function readInputs(env: Environment, mask: Mask): RawInputs {
  const ignoreEndpoints = /^true$/i.test(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? '');
  const entries = INPUT_NAMES.map((name): [InputName, string] => {
    // White space around a sealed session is a change to it, which has to be seen.
    const trimWhitespace = name !== 'sealed-session';
    const given = core.getInput(name, { trimWhitespace });
    if (given !== '' || (ignoreEndpoints && name.endsWith('-endpoint'))) return [name, given];
    const variables = FALLBACKS[name] ?? [name.toUpperCase().replaceAll('-', '_')];
    const found = variables.map((variable) => (trimWhitespace ? env[variable]?.trim() : env[variable]) ?? '');
    return [name, found.find((value) => value !== '') ?? ''];
  });
  const inputs = Object.fromEntries(entries) as Record<InputName, string>;
  maskSecrets(inputs, mask);
  return inputs;
}

function maskSecrets(inputs: RawInputs, mask: Mask): void {
  mask(inputs['aws-secret-access-key']);
  mask(inputs['sealing-key']);
  // A short one is no key of AWS, and as a mask would hide words by chance.
  if (inputs['aws-access-key-id'].length >= 8) mask(inputs['aws-access-key-id']);
  for (const spelling of seedSpellings(inputs['mfa-seed'])) mask(spelling);
  for (const line of inputs['mfa-devices'].split('\n')) {
    // "serial seed": what follows the first gap. A line without a gap may be a seed alone, so all of it is masked.
    const gap = line.trim().search(/\s/);
    for (const spelling of seedSpellings(
      line
        .trim()
        .slice(gap + 1)
        .trim(),
    ))
      mask(spelling);
  }
  for (const input of ['http-proxy', 'sts-endpoint', 's3-endpoint', 'iam-endpoint'] as const)
    for (const secret of urlSecrets(inputs[input])) mask(secret);
}

/**
 * What may be secret in the URL of a proxy or an endpoint: its password as it stands there, decoded, and as it travels in the
 * Proxy-Authorization header. Also in a broken URL: with a # or / in the password, the rest of it counts as a fragment or a path.
 */
function urlSecrets(text: string): readonly string[] {
  const bare = text.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//i, '');
  const [user = '', ...rest] = bare.slice(0, Math.max(0, bare.lastIndexOf('@'))).split(':');
  const url = URL.parse(bare === text ? `http://${text}` : text);
  const basic = (password: string): string => Buffer.from(`${decoded(user)}:${password}`).toString('base64');
  const passwords = [rest.join(':'), url?.password ?? ''].filter((password) => password !== '');
  const secrets = passwords.flatMap((password) => [password, decoded(password), basic(decoded(password))]);
  // A token may stand in the place of the user. A short text is none, and as a mask would hide words by chance.
  const token = passwords.length === 0 && user.length >= 8 ? [user, basic('')] : [];
  const rests = url === null ? [] : [url.pathname.includes('@') ? url.pathname : '', url.search, url.hash];
  const misplaced = rests.map((part) => part.slice(1)).filter((part) => part.length >= 8);
  return [...new Set([...secrets, ...token, ...misplaced])];
}

/** Without percent-encoding; as it is where it has a stray %: then it travels as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

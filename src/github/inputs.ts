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
  for (const secret of proxySecrets(inputs['http-proxy'])) mask(secret);
}

/** A proxy's password, as it stands in the URL, decoded, and as it travels in the Proxy-Authorization header. */
function proxySecrets(text: string): readonly string[] {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null) return [];
  if (url.password === '') {
    // A token may stand in the place of the user; a short name is none, and as a mask would hide words by chance.
    const bearer = [url.username, Buffer.from(`${url.username}:`).toString('base64')];
    return url.username.length >= 8 ? bearer : [];
  }
  // From the first colon to the last @ before the path: a password may hold either, and a piece of it alone would mask by chance.
  const raw = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^:@/]*:([^/]*)@/i.exec(text)?.[1] ?? url.password;
  let decoded = url.password;
  let user = url.username;
  try {
    decoded = decodeURIComponent(url.password);
    user = decodeURIComponent(url.username);
  } catch {
    // A stray % in it: then it travels as it stands.
  }
  return [...new Set([raw, url.password, decoded, Buffer.from(`${user}:${decoded}`).toString('base64')])];
}

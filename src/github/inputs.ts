import * as core from '@actions/core';
import { plainSpellings } from '../core/codes/totp.ts';
import type { Environment } from '../core/ports.ts';
import { variablesFor } from '../inputs/fallbacks.ts';
import { INPUT_NAMES, type InputName, type RawInputs } from '../inputs/names.ts';
import { type Mask, maskKey } from './masks.ts';

/**
 * Reads all inputs, each from the environment variable of its name if it isn't set (as the official action does), and masks those that
 * are secrets before anything else can print them.
 */
export async function readInputs(env: Environment, mask: Mask): Promise<RawInputs> {
  const ignoreEndpoints = /^true$/i.test(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? '');
  const variables: Partial<Record<InputName, string>> = {};
  const entries = INPUT_NAMES.map((name): [InputName, string] => {
    // White space around a sealed session is a change to it that must be noticed.
    const trimWhitespace = name !== 'sealed-session';
    const given = core.getInput(name, { trimWhitespace });
    if (given !== '' || (ignoreEndpoints && name.endsWith('-endpoint'))) return [name, given];
    for (const variable of variablesFor(name)) {
      const value = (trimWhitespace ? env[variable]?.trim() : env[variable]) ?? '';
      if (value === '') continue;
      variables[name] = variable;
      return [name, value];
    }
    return [name, ''];
  });
  const inputs = { ...(Object.fromEntries(entries) as Record<InputName, string>), variables };
  await maskSecrets(inputs, mask);
  return inputs;
}

async function maskSecrets(inputs: RawInputs, mask: Mask): Promise<void> {
  mask(inputs['aws-secret-access-key']);
  mask(inputs['sealing-key']);
  maskKey(inputs['aws-access-key-id'], mask);
  const secrets = isPlain(inputs)
    ? plainSpellings(inputs['mfa-seed'])
    : (await import('../inputs/secrets.ts')).unusualSecrets(inputs);
  for (const secret of secrets) mask(secret);
}

/** Whether the inputs contain no other secret, and the seed is plain Base32. */
function isPlain(inputs: RawInputs): boolean {
  const urls = [inputs['sts-endpoint'], inputs['s3-endpoint'], inputs['iam-endpoint']];
  return (
    /^[A-Z2-7]*$/i.test(inputs['mfa-seed']) &&
    /^(?:arn:.*)?$/.test(inputs['mfa-serial']) &&
    inputs['mfa-devices'] === '' &&
    inputs['aws-access-key'] === '' &&
    inputs['http-proxy'] === '' &&
    !/[@?#]/.test(urls.join(''))
  );
}

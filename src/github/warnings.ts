import type { Environment } from '../core/ports.ts';
import type { Request } from '../core/request.ts';
import { hasProfiles } from './export.ts';
import type { Log } from './log.ts';
import type { Result } from './result.ts';

// What may keep tools from using what was exported. Loaded only if one of these variables is set.

/** Warns about keys in the environment that tools prefer to AWS_PROFILE: the log should explain why a profile has no effect. */
export function warnOfKeys(request: Request, env: Environment, log: Log): void {
  const { exports, renewal } = request;
  // They were emptied.
  if (renewal?.selected !== undefined) return;
  if (!hasProfiles(request) || exports.environment || exports.unsetCurrent || !env['AWS_ACCESS_KEY_ID']) return;
  log.warning(
    'AWS_ACCESS_KEY_ID is set in the environment, and tools prefer it to AWS_PROFILE. Remove it from `env:`, or set unset-current-credentials: true.',
  );
}

/** Warns about variables that may keep tools from using the exported keys. */
export function warnOfVariables({ session, variables, profile }: Result, env: Environment, log: Log): void {
  if (!variables.includes('AWS_ACCESS_KEY_ID')) return;
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) {
    const other = env[name];
    if (!other || variables.includes(name) || (variables.includes('AWS_PROFILE') && other === profile)) continue;
    const used =
      name === 'AWS_PROFILE' ? '; if it does, the AWS SDK for JavaScript uses it instead of these credentials' : '';
    log.warning(
      `${name} is set to ${other}. If no such profile exists, boto3, the AWS CLI, Go programs and Terraform fail${used}. Remove it from \`env:\` in the steps that use the exported credentials.`,
    );
  }
  const { account } = session.identity;
  if (env['AWS_ACCOUNT_ID'] && env['AWS_ACCOUNT_ID'] !== account) {
    log.warning(
      `AWS_ACCOUNT_ID isn't ${account}, the account of the exported credentials, and SDKs use it with them. Remove it from \`env:\`.`,
    );
  }
}

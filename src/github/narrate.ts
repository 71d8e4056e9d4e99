import type { Environment } from '../core/ports.ts';
import { pathOf, type Request } from '../core/request.ts';
import { count, durationInWords, momentInWords } from '../core/words.ts';
import { hasProfiles } from './export.ts';
import type { HandedOver } from './handover.ts';
import type { Log } from './log.ts';

/** What was done, in the few lines that a person wants to read in a log. `now`: milliseconds since 1970. */
export function narrate(told: HandedOver, now: number, log: Log): void {
  const { session, roles, report } = told;
  const { identity, by, serial, credentials } = session;
  const device = serial === undefined ? '' : ` and the MFA device ${serial}`;
  log.info(`Authenticated as ${identity.arn} by ${by}${device}.`);
  if (credentials.expiration !== undefined) {
    const left = durationInWords(credentials.expiration.getTime() - now);
    log.info(`Valid until ${momentInWords(credentials.expiration)}, in ${left}.`);
  }
  for (const { name, identity: role, credentials: own } of roles) {
    const until = own.expiration === undefined ? '' : `, until ${momentInWords(own.expiration)}`;
    log.info(`Profile ${name}: ${role.arn}${until}.`);
  }
  if (report?.listed !== undefined) log.info(`Bucket check: ${count(report.listed.length, 'bucket')} listed.`);
  if (report !== undefined && report.reached.length > 0) {
    log.info(`Bucket check: reached ${report.reached.map(pathOf).join(', ')}.`);
  }
  const places = placesOf(told);
  if (places.length === 0) log.info('No credentials were exported (as configured).');
  else log.info(`${places.join('; ').replace(/^./, (letter) => letter.toUpperCase())}.`);
}

function placesOf({ variables, profile, roles, outputs, sealed }: HandedOver): readonly string[] {
  const profiles = [...(profile === undefined ? [] : [profile]), ...roles.map(({ name }) => name)];
  return [
    ...(variables.length > 0 ? [`exported ${variables.join(', ')}`] : []),
    ...(profiles.length === 0
      ? []
      : [`wrote the ${profiles.length === 1 ? 'profile' : 'profiles'} ${profiles.join(', ')}`]),
    ...(outputs ? ['set the outputs aws-access-key-id, aws-secret-access-key and aws-session-token'] : []),
    ...(sealed ? ['sealed the session as the output sealed-session'] : []),
  ];
}

/** Tools prefer keys in the environment to AWS_PROFILE; whoever wonders why a profile has no effect should find it in the log. */
export function warnOfKeys(request: Request, env: Environment, log: Log): void {
  const { exports } = request;
  if (!hasProfiles(request) || exports.environment || exports.unsetCurrent || !env['AWS_ACCESS_KEY_ID']) return;
  log.warning(
    `AWS_ACCESS_KEY_ID is set in the environment, and tools prefer such keys to AWS_PROFILE: take them out of \`env:\`, or set unset-current-credentials: true.`,
  );
}

/** What else is in the environment may keep tools from using the exported keys; whoever debugs that should find it in the log. */
export function warnOfVariables({ session, variables, profile }: HandedOver, env: Environment, log: Log): void {
  if (!variables.includes('AWS_ACCESS_KEY_ID')) return;
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) {
    const other = env[name];
    if (!other || variables.includes(name) || (variables.includes('AWS_PROFILE') && other === profile)) continue;
    const used =
      name === 'AWS_PROFILE' ? '; if it does, the AWS SDK for JavaScript uses it and not these credentials' : '';
    log.warning(
      `${name} is set to ${other}. If no such profile exists, boto3, the AWS CLI, Go programs and Terraform fail${used}. Take it out of \`env:\` for the steps that use the exported credentials.`,
    );
  }
  const { account } = session.identity;
  if (env['AWS_ACCOUNT_ID'] && env['AWS_ACCOUNT_ID'] !== account) {
    log.warning(
      `AWS_ACCOUNT_ID is set, but not to the account ${account} of the exported credentials, with which SDKs use it. Take it out of \`env:\`.`,
    );
  }
}

import { messageOf } from '../core/failure.ts';
import type { Session } from '../core/ports.ts';
import { pathOf } from '../core/request.ts';
import { count, durationInWords, momentInWords } from '../core/words.ts';
import type { Log } from './log.ts';
import { isRenewable, type Obtained } from './obtained.ts';

/** What the step obtained, and what of it later steps can use. */
export interface Result extends Obtained {
  /** The names of the exported variables. */
  readonly variables: readonly string[];
  /** The profile of the session itself. */
  readonly profile: string | undefined;
  /** Whether the credentials are outputs. */
  readonly outputs: boolean;
  readonly sealed: boolean;
  /** What there is to know about roles that tools renew. */
  readonly renewal: readonly string[];
}

/** Says what was done, in a few lines. `now`: milliseconds since 1970. */
export function logResult(result: Result, now: number, log: Log): void {
  const { session, roles, renewal, report } = result;
  const { identity, by, serial, credentials } = session;
  const device = serial === undefined ? '' : ` (MFA device ${serial})`;
  log.info(`Authenticated as ${identity.arn} using ${HOW[by]}${device}.`);
  if (credentials.expiration !== undefined) {
    const left = durationInWords(credentials.expiration.getTime() - now);
    log.info(`Valid until ${momentInWords(credentials.expiration)} (for ${left}).`);
  }
  for (const role of roles) {
    const { expiration } = role.credentials;
    const until = expiration === undefined ? '' : `, valid until ${momentInWords(expiration)}`;
    log.info(
      `Profile ${role.name}: ${role.identity.arn}${isRenewable(role) ? ', renewed by the tools that use it' : until}.`,
    );
  }
  for (const line of renewal) log.info(line);
  if (report?.listed !== undefined) log.info(`Bucket check: ${count(report.listed.length, 'bucket')} listed.`);
  if (report !== undefined && report.reached.length > 0)
    log.info(`Bucket check: can access ${report.reached.map(pathOf).join(', ')}.`);
  const exported = exportedParts(result);
  if (exported.length === 0) log.info('No credentials were exported (as configured).');
  else log.info(`Exported to later steps: ${exported.join('; ')}.`);
}

/** How the session was obtained. */
export const HOW: Readonly<Record<Session['by'], string>> = {
  GetSessionToken: 'GetSessionToken',
  AssumeRole: 'AssumeRole',
  'the environment': 'the session in the environment',
  AWS_PROFILE: 'the session of the profile in AWS_PROFILE',
  'a sealed session': 'a session sealed by another job',
};

function exportedParts({ variables, profile, roles, outputs, sealed }: Result): readonly string[] {
  const profiles = [...(profile === undefined ? [] : [profile]), ...roles.map(({ name }) => name)];
  return [
    ...(variables.length > 0 ? [variables.join(', ')] : []),
    ...(profiles.length === 0 ? [] : [`${profiles.length === 1 ? 'profile' : 'profiles'} ${profiles.join(', ')}`]),
    ...(outputs ? ['outputs aws-access-key-id, aws-secret-access-key, aws-session-token'] : []),
    ...(sealed ? ['output sealed-session'] : []),
  ];
}

/** Shows what the step has done. Later steps already have the credentials, so nothing in here fails this one. */
export async function showResult(
  acts: Readonly<Record<'log' | 'job summary', () => void | Promise<void>>>,
  { warning }: Log,
): Promise<void> {
  for (const [what, act] of Object.entries(acts)) {
    try {
      await act();
    } catch (error) {
      try {
        warning(`The ${what} couldn't be written (${messageOf(error)}). Everything else succeeded.`);
      } catch {
        // The log can't be written either.
      }
    }
  }
}

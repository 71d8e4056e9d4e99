import type { BucketReport } from '../core/bucket-check.ts';
import type { Reporter } from '../core/ports.ts';
import { pathOf } from '../core/request/buckets.ts';
import type { Session } from '../core/session.ts';
import { count, durationInWords } from '../core/words.ts';

/** What was done, in the few lines that a person wants to read in a log. */
export function narrate(
  session: Session,
  report: BucketReport | undefined,
  handed: { readonly variables: readonly string[]; readonly profile: string | undefined; readonly outputs: boolean },
  now: number,
  reporter: Reporter,
): void {
  const { identity, by, serial, credentials } = session;
  const device = serial === undefined ? '' : ` and the MFA device ${serial}`;
  reporter.info(`Authenticated as ${identity.arn} by ${by}${device}.`);
  if (credentials.expiration !== undefined) {
    const left = durationInWords(credentials.expiration.getTime() - now);
    reporter.info(`Valid until ${credentials.expiration.toISOString()}, in ${left}.`);
  }
  if (report?.listed !== undefined) reporter.info(`Bucket check: ${count(report.listed.length, 'bucket')} listed.`);
  if (report !== undefined && report.reached.length > 0) {
    reporter.info(`Bucket check: reached ${report.reached.map(pathOf).join(', ')}.`);
  }
  const places = [
    ...(handed.variables.length > 0 ? [`exported ${handed.variables.join(', ')}`] : []),
    ...(handed.profile === undefined ? [] : [`wrote the profile ${handed.profile}`]),
    ...(handed.outputs ? ['set the outputs aws-access-key-id, aws-secret-access-key and aws-session-token'] : []),
  ];
  if (places.length === 0) reporter.info('Nothing was exported, as asked.');
  else reporter.info(`${places.join('; ').replace(/^./, (letter) => letter.toUpperCase())}.`);
}

/** Some SDKs prefer a profile to the exported keys; whoever debugs that should find it in the log. */
export function warnOfProfile(profile: string | undefined, variables: readonly string[], reporter: Reporter): void {
  if (!profile || !variables.includes('AWS_ACCESS_KEY_ID') || variables.includes('AWS_PROFILE')) return;
  reporter.warning(
    `AWS_PROFILE is set to ${profile}. Some tools prefer it to the exported credentials (the AWS SDK for JavaScript does): take it out of \`env:\` where these are meant.`,
  );
}

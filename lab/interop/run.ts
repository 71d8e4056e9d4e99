import type { AwsCli } from './aws-cli.ts';
import type { Belongings } from './belongings.ts';
import type { Boto3 } from './boto3.ts';
import type { Report } from './report.ts';

/** What every part of a run works with. */
export interface Run {
  readonly report: Report;
  readonly boto3: Boto3;
  readonly aws: AwsCli;
  readonly belongings: Belongings;
}

import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import type { Bucket } from '../world.ts';
import { element, fields, text, type Xml } from '../xml.ts';
import { authoriseListing } from './access.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MOST = 10_000;

/** ListBuckets, with the paging and the filters of the S3 API reference. */
export function listBuckets(call: ApiCall): string {
  const { params } = call.request;
  const max = readMax(params.get('max-buckets'));
  const prefix = params.get('prefix');
  const region = params.get('bucket-region');
  const after = readToken(params.get('continuation-token'));
  // "Requests made to a Regional endpoint that is different from the bucket-region parameter are not supported."
  if (region !== undefined && region !== call.caller.region) {
    throw new AwsError(400, 'InvalidArgument', `Argument value ${region} is not a valid AWS Region for this endpoint`, {
      details: { ArgumentName: 'bucket-region', ArgumentValue: region },
    });
  }
  authoriseListing(call);

  const { account } = call.caller;
  const found = account.buckets
    .filter(({ name }) => (after === undefined || name > after) && (prefix === undefined || name.startsWith(prefix)))
    .filter((bucket) => region === undefined || bucket.region === region)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, max ?? MOST);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  // S3 only returns the region if the request has one of the parameters (S3 API reference, "Bucket").
  const withRegion = [max, prefix, region, after].some((parameter) => parameter !== undefined);
  const content =
    element('Owner', fields({ ID: createHash('sha256').update(account.id).digest('hex') })) +
    element('Buckets', page.map((bucket) => bucketXml(bucket, withRegion)).join('')) +
    fields({ ContinuationToken: more ? writeToken(last.name) : undefined, Prefix: prefix });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('ListAllMyBucketsResult', content, NAMESPACE)}`;
}

function bucketXml({ name, created, region }: Bucket, withRegion: boolean): Xml {
  const where = withRegion ? `<BucketRegion>${text(region)}</BucketRegion>` : '';
  return `<Bucket><Name>${text(name)}</Name><CreationDate>${text(created)}</CreationDate>${where}</Bucket>`;
}

function readMax(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const max = Number(value);
  if (/^\d{1,6}$/.test(value) && max >= 1 && max <= MOST) return max;
  throw new AwsError(400, 'InvalidArgument', `Argument max-buckets must be an integer between 1 and ${MOST}`, {
    details: { ArgumentName: 'max-buckets', ArgumentValue: value },
  });
}

/** A continuation token: the last name of the page, opaque to clients. */
export function writeToken(name: string): string {
  return Buffer.from(`1:${name}`).toString('base64');
}

/** @throws AwsError InvalidArgument for a token that isn't ours */
export function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith('1:') && writeToken(text.slice(2)) === token) return text.slice(2);
  throw new AwsError(400, 'InvalidArgument', 'The continuation token provided is incorrect', {
    details: { ArgumentName: 'continuation-token' },
  });
}

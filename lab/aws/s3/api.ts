import { AwsError } from '../errors.ts';
import type { Answer, ApiCall } from '../operation.ts';
import type { Request } from '../request.ts';
import { element, fields } from '../xml.ts';
import { authoriseBucket, findBucket } from './access.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjects } from './list-objects.ts';
import { s3Operation, targetOf } from './target.ts';

const XML = { 'content-type': 'application/xml' };

/** @throws AwsError if S3 refuses the call */
export function answerS3(call: ApiCall): Answer {
  const { bucket = '' } = targetOf(call.request);
  switch (s3Operation(call.request)) {
    case 'ListBuckets':
      return { status: 200, headers: XML, body: listBuckets(call) };
    case 'HeadBucket':
      return headBucket(call, bucket);
    case 'ListObjectsV2': {
      const body = listObjects(call, bucket);
      return { status: 200, headers: { ...XML, 'x-amz-bucket-region': call.caller.region }, body };
    }
    case undefined:
      throw new AwsError(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
  }
}

// S3 returns the region even without permission to list the bucket.
function headBucket(call: ApiCall, name: string): Answer {
  const owned = findBucket(call, name);
  const headers = { ...XML, 'x-amz-bucket-region': owned.bucket.region };
  try {
    authoriseBucket(call, owned, undefined);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(error.status, error.code, error.message, { headers });
  }
  return { status: 200, headers: { ...headers, 'x-amz-access-point-alias': 'false' }, body: '' };
}

/** An error of S3: without a wrapper, and for HEAD without a body. */
export function s3Error(request: Request, error: AwsError, requestId: string): Answer {
  const content = fields({
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: requestId,
    HostId: Buffer.from(requestId).toString('base64'),
  });
  return {
    status: error.status,
    headers: { ...XML, ...error.headers },
    body: request.method === 'HEAD' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', content)}`,
    errorCode: error.code,
  };
}

import { AwsError } from '../errors.ts';
import type { Answer, ApiCall } from '../operation.ts';
import type { Request } from '../request.ts';
import { element, fields } from '../xml.ts';
import { authoriseBucket, findBucket } from './access.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjects } from './list-objects.ts';
import { s3Operation, targetOf } from './target.ts';

const XML = { 'content-type': 'application/xml' };

/** @throws AwsError where S3 refuses */
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

// Whoever knows the name of a bucket is told its region, the permission to list it or not.
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

/** S3's own error: no wrapper, and for HEAD no body at all. */
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

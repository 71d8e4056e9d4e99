import type { Request } from '../request.ts';

/** The bucket and key of an S3 request. */
export interface Target {
  /** Undefined for the list of all buckets. */
  readonly bucket: string | undefined;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/**
 * The bucket of a request, in the path (`/bucket/key`) or in the host (`bucket.s3.eu-west-1.amazonaws.com`, and
 * `bucket.localhost`, which SDKs make of `https://localhost`).
 */
export function targetOf({ headers, path }: Request): Target {
  const inHost = bucketOfHost(headers['host'] ?? '');
  const rest = path.startsWith('/') ? path.slice(1) : path;
  if (inHost !== undefined) return { bucket: inHost, key: decoded(rest) };
  const slash = rest.indexOf('/');
  const bucket = decoded(slash < 0 ? rest : rest.slice(0, slash));
  return { bucket: bucket === '' ? undefined : bucket, key: slash < 0 ? '' : decoded(rest.slice(slash + 1)) };
}

function bucketOfHost(host: string): string | undefined {
  const colon = host.lastIndexOf(':');
  const name = (colon < 0 ? host : host.slice(0, colon)).toLowerCase();
  if (name.endsWith('.localhost')) return name.slice(0, -'.localhost'.length);
  if (!name.endsWith('.amazonaws.com') && !name.endsWith('.amazonaws.com.cn')) return undefined;
  const service = name.indexOf('.s3.');
  return service > 0 ? name.slice(0, service) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The operation, from method, target and query. Undefined if the emulator doesn't have it. */
export function s3Operation(request: Request): 'ListBuckets' | 'HeadBucket' | 'ListObjectsV2' | undefined {
  const { bucket, key } = targetOf(request);
  if (bucket === undefined) return request.method === 'GET' ? 'ListBuckets' : undefined;
  if (key !== '') return undefined;
  if (request.method === 'HEAD') return 'HeadBucket';
  return request.method === 'GET' && request.params.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
}

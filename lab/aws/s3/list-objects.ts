import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { encode } from '../signature/canonical.ts';
import { element, fields, type Xml } from '../xml.ts';
import { authoriseBucket, findBucket } from './access.ts';
import { readToken, writeToken } from './list-buckets.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MOST = 1000;

// All objects are empty.
const EMPTY = { ETag: '"d41d8cd98f00b204e9800998ecf8427e"', Size: 0, StorageClass: 'STANDARD' };

/** ListObjectsV2: prefix, delimiter, max-keys, start-after and paging. */
export function listObjects(call: ApiCall, name: string): string {
  const { params } = call.request;
  const owned = findBucket(call, name);
  const prefix = params.get('prefix') ?? '';
  authoriseBucket(call, owned, params.get('prefix'));
  const max = readMax(params.get('max-keys'));
  const delimiter = params.get('delimiter') || undefined;
  const after = readToken(params.get('continuation-token')) ?? params.get('start-after') ?? '';

  const entries = entriesOf(owned.bucket.objects, prefix, delimiter).filter(([entry]) => entry > after);
  const page = entries.slice(0, max);
  const last = page.at(-1);
  const more = entries.length > page.length && last !== undefined;
  const url = params.get('encoding-type') === 'url';
  const shown = (text: string) => (url ? text.split('/').map(encode).join('/') : text);
  const content =
    fields({
      Name: name,
      Prefix: shown(prefix),
      Delimiter: delimiter && shown(delimiter),
      MaxKeys: max,
      EncodingType: url ? 'url' : undefined,
      KeyCount: page.length,
      IsTruncated: more,
      ContinuationToken: params.get('continuation-token'),
      NextContinuationToken: more ? writeToken(last[0]) : undefined,
      StartAfter: params.get('start-after'),
    }) + page.map(([entry, isPrefix]) => entryXml(shown(entry), isPrefix, owned.bucket.created)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('ListBucketResult', content, NAMESPACE)}`;
}

function entryXml(entry: string, isPrefix: boolean, created: string): Xml {
  return isPrefix
    ? element('CommonPrefixes', fields({ Prefix: entry }))
    : element('Contents', fields({ Key: entry, LastModified: created, ...EMPTY }));
}

// The keys in order. Keys that share a prefix up to the next delimiter are one entry.
function entriesOf(keys: readonly string[], prefix: string, delimiter: string | undefined): [string, boolean][] {
  const entries = new Map<string, boolean>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0 || delimiter === undefined) entries.set(key, false);
    else entries.set(key.slice(0, cut + delimiter.length), true);
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function readMax(value: string | undefined): number {
  if (value === undefined) return MOST;
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value), MOST);
  throw new AwsError(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range', {
    details: { ArgumentName: 'max-keys', ArgumentValue: value },
  });
}

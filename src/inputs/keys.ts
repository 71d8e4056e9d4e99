import { isTemporary } from '../core/credentials.ts';
import type { KeySource } from '../core/request.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

const ID = 'aws-access-key-id';
const SECRET = 'aws-secret-access-key';

/** Reads the long-term keys; undefined if something is wrong with them. */
export function readKeys(raw: RawInputs, problems: Problems): KeySource | undefined {
  const { [ID]: accessKeyId, [SECRET]: secretAccessKey } = raw;
  if (accessKeyId === '' && secretAccessKey === '') return { kind: 'default-chain' };
  if (secretAccessKey === '') return problems.add(SECRET, 'empty-secret', { given: ID });
  if (accessKeyId === '') return problems.add(ID, 'empty-secret', { given: SECRET });
  if (/^(?:AKIA|ASIA)[A-Z0-9]{12,}$/.test(secretAccessKey)) return problems.add(SECRET, 'key', { reason: 'swapped' });
  if (isTemporary(accessKeyId)) return problems.add(ID, 'key', { reason: 'temporary' });
  if (!/^\w{1,128}$/.test(accessKeyId)) return problems.add(ID, 'key', { reason: 'malformed' });
  if (!/^[\x21-\x7e]{1,256}$/.test(secretAccessKey)) return problems.add(SECRET, 'key', { reason: 'malformed' });
  return { kind: 'given', accessKeyId, secretAccessKey };
}

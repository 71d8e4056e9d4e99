import { isTemporary } from '../core/credentials.ts';
import type { KeySource } from '../core/request.ts';
import { EMPTY_SECRET_CAUSES } from './causes.ts';
import type { Problems, RawInputs } from './names.ts';

/** Reads the long-term keys; undefined where something is wrong with them. */
export function readKeys(raw: RawInputs, problems: Problems): KeySource | undefined {
  const accessKeyId = raw['aws-access-key-id'];
  const secretAccessKey = raw['aws-secret-access-key'];
  if (accessKeyId === '' && secretAccessKey === '') return { kind: 'default-chain' };
  if (secretAccessKey === '') {
    return problems.add(
      'aws-secret-access-key',
      `is empty although aws-access-key-id is given. ${EMPTY_SECRET_CAUSES}`,
    );
  }
  if (accessKeyId === '') {
    return problems.add(
      'aws-access-key-id',
      `is empty although aws-secret-access-key is given. ${EMPTY_SECRET_CAUSES}`,
    );
  }
  if (/^(?:AKIA|ASIA)[A-Z0-9]{12,}$/.test(secretAccessKey)) {
    return problems.add('aws-secret-access-key', 'is an access key ID; the two are swapped, or one is given twice');
  }
  if (isTemporary(accessKeyId)) {
    return problems.add(
      'aws-access-key-id',
      "is a temporary key (ASIA…); MFA takes the long-term key of an IAM user (AKIA…). To assume a role with an earlier step's session, use role-chaining: true and leave the keys out",
    );
  }
  if (!/^\w{1,128}$/.test(accessKeyId)) {
    return problems.add('aws-access-key-id', 'is no access key ID: letters and digits, as in AKIAIOSFODNN7EXAMPLE');
  }
  if (!/^[\x21-\x7e]{1,256}$/.test(secretAccessKey)) {
    return problems.add(
      'aws-secret-access-key',
      'is no secret access key: it holds white space or a character that none has',
    );
  }
  return { kind: 'given', accessKeyId, secretAccessKey };
}

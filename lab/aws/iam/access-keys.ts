import { randomBytes } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { base32Upper } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import type { AccessKey, User } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';
import { accessKeyFields } from './describe.ts';
import { isFound, noSuchEntity, permittedKeyOwner } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';

/** Including inactive ones. */
const MAX_KEYS = 2;

/** CreateAccessKey: the only answer that contains the secret. */
export function createAccessKey(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  const user = permittedKeyOwner(call, 'iam:CreateAccessKey', name);
  if (user.accessKeys.length >= MAX_KEYS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`);
  }
  const random = randomBytes(16 + 30);
  const key: AccessKey = {
    id: `AKIA${base32Upper(random.subarray(0, 16), 16)}`,
    secret: random.subarray(16).toString('base64'),
    createdAt: call.now,
  };
  user.accessKeys.push(key);
  return element('AccessKey', fields({ ...accessKeyFields(user, key), SecretAccessKey: key.secret }));
}

/** ListAccessKeys */
export function listAccessKeys(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.optional('UserName', 'userName');
  const page = readPage(parameters);
  parameters.check();
  const user = permittedKeyOwner(call, 'iam:ListAccessKeys', name);
  const found = user.accessKeys.filter((key) => isFound(call, key, key.createdAt));
  const members = found.map((key) => fields(accessKeyFields(user, key)));
  return pageXml('AccessKeyMetadata', members, page);
}

/** UpdateAccessKey */
export function updateAccessKey(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const status = parameters.requiredChoice('Status', ['Active', 'Inactive']);
  const { key } = readKey(call, parameters, 'iam:UpdateAccessKey');
  key.inactive = status === 'Inactive';
}

/** DeleteAccessKey */
export function deleteAccessKey(call: ApiCall): undefined {
  const { user, key } = readKey(call, new Parameters(call.request.params), 'iam:DeleteAccessKey');
  user.accessKeys.splice(user.accessKeys.indexOf(key), 1);
}

function readKey(
  call: ApiCall,
  parameters: Parameters,
  action: string,
): { readonly user: User; readonly key: AccessKey } {
  const id = parameters.required('AccessKeyId', 'accessKeyId');
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  const user = permittedKeyOwner(call, action, name);
  const key = user.accessKeys.find((one) => one.id === id);
  if (key === undefined || !isFound(call, key, key.createdAt))
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return { user, key };
}

import { randomBytes } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { base32Upper } from '../unique-id.ts';
import type { Work } from '../work.ts';
import type { AccessKey, User } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';
import { accessKeyFields } from './describe.ts';
import { noSuchEntity, permittedUser } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';

/** Inactive ones count. */
const MAX_KEYS = 2;

/** CreateAccessKey: the only answer that ever holds the secret. */
export function createAccessKey(work: Work): Xml {
  const parameters = new Parameters(work.request.params);
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  const user = permittedUser(work, 'iam:CreateAccessKey', name);
  if (user.accessKeys.length >= MAX_KEYS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`);
  }
  const random = randomBytes(16 + 30);
  const key: AccessKey = {
    id: `AKIA${base32Upper(random.subarray(0, 16), 16)}`,
    secret: random.subarray(16).toString('base64'),
    createdAt: work.now,
  };
  user.accessKeys.push(key);
  return element('AccessKey', fields({ ...accessKeyFields(user, key), SecretAccessKey: key.secret }));
}

/** ListAccessKeys */
export function listAccessKeys(work: Work): Xml {
  const parameters = new Parameters(work.request.params);
  const name = parameters.optional('UserName', 'userName');
  const page = readPage(parameters);
  parameters.check();
  const user = permittedUser(work, 'iam:ListAccessKeys', name);
  const members = user.accessKeys.map((key) => fields(accessKeyFields(user, key)));
  return pageXml('AccessKeyMetadata', members, page);
}

/** UpdateAccessKey */
export function updateAccessKey(work: Work): undefined {
  const parameters = new Parameters(work.request.params);
  const status = parameters.requiredChoice('Status', ['Active', 'Inactive']);
  const { key } = readKey(work, parameters, 'iam:UpdateAccessKey');
  key.inactive = status === 'Inactive';
}

/** DeleteAccessKey */
export function deleteAccessKey(work: Work): undefined {
  const { user, key } = readKey(work, new Parameters(work.request.params), 'iam:DeleteAccessKey');
  user.accessKeys.splice(user.accessKeys.indexOf(key), 1);
}

function readKey(work: Work, parameters: Parameters, action: string): { readonly user: User; readonly key: AccessKey } {
  const id = parameters.required('AccessKeyId', 'accessKeyId');
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  const user = permittedUser(work, action, name);
  const key = user.accessKeys.find((one) => one.id === id);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return { user, key };
}

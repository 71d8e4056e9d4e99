import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { fields, type Xml } from '../xml.ts';
import { permittedUser } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { MAX_TAGS, Parameters } from './parameters.ts';

/** TagUser: adds tags, and replaces the values of those that are there. Keys that only differ in case are the same. */
export function tagUser(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'userName');
  const tags = parameters.requiredTags();
  parameters.check();
  const user = permittedUser(call, 'iam:TagUser', name, { requestTags: tags });
  const next = { ...without(user.tags, Object.keys(tags)), ...tags };
  if (Object.keys(next).length > MAX_TAGS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for TagsPerUser: ${MAX_TAGS}`);
  }
  user.tags = next;
}

/** UntagUser: keys that aren't there do no harm. */
export function untagUser(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'userName');
  const keys = parameters.tagKeys();
  parameters.check();
  const user = permittedUser(call, 'iam:UntagUser', name, { tagKeys: keys });
  user.tags = without(user.tags, keys);
}

/** ListUserTags */
export function listUserTags(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'userName');
  const page = readPage(parameters);
  parameters.check();
  const { tags } = permittedUser(call, 'iam:ListUserTags', name);
  const members = Object.entries(tags).map(([Key, Value]) => fields({ Key, Value }));
  return pageXml('Tags', members, page);
}

function without(tags: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key.toLowerCase())));
}

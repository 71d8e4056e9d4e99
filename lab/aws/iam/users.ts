import { userArn } from '../arn.ts';
import { user as newUser } from '../build.ts';
import { AwsError } from '../errors.ts';
import type { Work } from '../work.ts';
import type { User } from '../world.ts';
import { element, type Xml } from '../xml.ts';
import { userXml } from './describe.ts';
import { alreadyExists, byArn, permittedUser, sameName } from './owners.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';

/** CreateUser */
export function createUser(work: Work): Xml {
  const { account } = work.caller;
  const parameters = new Parameters(work.request.params);
  const name = parameters.required('UserName', 'newUserName');
  const path = parameters.optional('Path', 'path') ?? '/';
  const tags = parameters.tags();
  parameters.check();
  const user = newUser({ name, path, tags, createdAt: work.now });
  const target = byArn(userArn(account, user));
  permit(work, 'iam:CreateUser', target, tags);
  if (Object.keys(tags).length > 0) permit(work, 'iam:TagUser', target, tags);
  if (account.users.some((other) => sameName(other.name, name))) {
    throw alreadyExists(`User with name ${name} already exists.`);
  }
  account.users.push(user);
  return element('User', userXml(account, user));
}

/** GetUser: the caller, without UserName. */
export function getUser(work: Work): Xml {
  const parameters = new Parameters(work.request.params);
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  return element('User', userXml(work.caller.account, permittedUser(work, 'iam:GetUser', name)));
}

/** DeleteUser: only after everything that belongs to the user. */
export function deleteUser(work: Work): undefined {
  const { account } = work.caller;
  const parameters = new Parameters(work.request.params);
  const name = parameters.required('UserName', 'userName');
  parameters.check();
  const user = permittedUser(work, 'iam:DeleteUser', name);
  const first = whatGoesFirst(user);
  if (first !== undefined) throw new AwsError(409, 'DeleteConflict', `Cannot delete entity, must ${first} first.`);
  account.users.splice(account.users.indexOf(user), 1);
}

function whatGoesFirst(user: User): string | undefined {
  if (user.accessKeys.length > 0) return 'delete access keys';
  if (user.devices.length + user.securityKeys.length > 0) return 'delete MFA device';
  if (Object.keys(user.namedPolicies).length > 0) return 'delete policies';
  return user.attachedPolicies.length > 0 ? 'detach all policies' : undefined;
}

import { user as newUser } from '../build.ts';
import { AwsError } from '../errors.ts';
import { userArn, userId } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import type { User } from '../world.ts';
import { element, type Xml } from '../xml.ts';
import { checkBoundary } from './boundaries.ts';
import { userXml } from './describe.ts';
import { alreadyExists, permittedUser, sameName } from './owners.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';
import { byArn } from './target.ts';
import { forgetPrincipal } from './trust.ts';

/** CreateUser */
export function createUser(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'newUserName');
  const path = parameters.optional('Path', 'path') ?? '/';
  const boundary = parameters.optional('PermissionsBoundary', 'arn');
  const tags = parameters.tags();
  parameters.check();
  const user = newUser({ name, path, tags, boundary, createdAt: call.now });
  const target = { ...byArn(userArn(account, user)), boundary };
  permit(call, 'iam:CreateUser', target, { requestTags: tags });
  if (Object.keys(tags).length > 0) permit(call, 'iam:TagUser', target, { requestTags: tags });
  if (account.users.some((other) => sameName(other.name, name))) {
    throw alreadyExists(`User with name ${name} already exists.`);
  }
  if (boundary !== undefined) checkBoundary(call, boundary);
  account.users.push(user);
  return element('User', userXml(account, user));
}

/** GetUser: without UserName, the caller. */
export function getUser(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.optional('UserName', 'userName');
  parameters.check();
  return element('User', userXml(call.caller.account, permittedUser(call, 'iam:GetUser', name)));
}

/** DeleteUser: only after everything that belongs to the user is gone. */
export function deleteUser(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'userName');
  parameters.check();
  const user = permittedUser(call, 'iam:DeleteUser', name);
  const first = whatGoesFirst(user);
  if (first !== undefined) throw new AwsError(409, 'DeleteConflict', `Cannot delete entity, must ${first} first.`);
  account.users.splice(account.users.indexOf(user), 1);
  forgetPrincipal(call.world, userArn(account, user), userId(account, user));
}

function whatGoesFirst(user: User): string | undefined {
  if (user.accessKeys.length > 0) return 'delete access keys';
  if (user.groups !== undefined && user.groups.length > 0) return 'remove users from group';
  if (user.devices.length + user.securityKeys.length > 0) return 'delete MFA device';
  if (Object.keys(user.namedPolicies).length > 0) return 'delete policies';
  return user.attachedPolicies.length > 0 ? 'detach all policies' : undefined;
}

import { uniqueId } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import type { Account } from '../world.ts';
import { fields, type Xml } from '../xml.ts';
import { date } from './describe.ts';
import { isFound, noSuchEntity, permittedUser } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';

// Groups only matter here because a user who is in one can't be deleted. They have no policies.

/** ListGroupsForUser */
export function listGroupsForUser(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'userName');
  const page = readPage(parameters);
  parameters.check();
  const { groups = [] } = permittedUser(call, 'iam:ListGroupsForUser', name);
  const members = groups.map((group) => {
    const Arn = groupArn(account, group);
    return fields({ Path: '/', GroupName: group, GroupId: uniqueId('AGPA', Arn), Arn, CreateDate: date(undefined) });
  });
  return pageXml('Groups', members, page);
}

/** RemoveUserFromGroup: a user who isn't in the group stays out of it. */
export function removeUserFromGroup(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const group = parameters.required('GroupName', 'groupName');
  const name = parameters.required('UserName', 'userName');
  parameters.check();
  permit(call, 'iam:RemoveUserFromGroup', { arn: groupArn(account, group), named: `group ${group}` });
  if (!account.users.some(({ groups = [] }) => groups.includes(group))) {
    throw noSuchEntity(`The group with name ${group} cannot be found.`);
  }
  const user = account.users.find((one) => one.name === name);
  if (user === undefined || !isFound(call, user, user.createdAt)) {
    throw noSuchEntity(`The user with name ${name} cannot be found.`);
  }
  user.groups = user.groups?.filter((one) => one !== group) ?? [];
}

function groupArn({ partition, id }: Account, name: string): string {
  return `arn:${partition}:iam::${id}:group/${name}`;
}

import { role as newRole } from '../build.ts';
import { AwsError } from '../errors.ts';
import { roleArn, roleId } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { element, type Xml } from '../xml.ts';
import { roleXml } from './describe.ts';
import { alreadyExists, permittedRole, sameName } from './owners.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';
import { byArn } from './target.ts';
import { forgetPrincipal, trustPolicyOf } from './trust.ts';

const SHORTEST_MAXIMUM = 3600;
const LONGEST_MAXIMUM = 43_200;

/** CreateRole */
export function createRole(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('RoleName', 'roleName');
  const path = parameters.optional('Path', 'path') ?? '/';
  const description = parameters.optional('Description', 'description');
  const maxSessionDuration = parameters.integer('MaxSessionDuration', SHORTEST_MAXIMUM, LONGEST_MAXIMUM);
  const source = parameters.required('AssumeRolePolicyDocument', 'policyDocument');
  const tags = parameters.tags();
  parameters.check();
  const target = byArn(roleArn(account, newRole({ name, path, trustPolicy: { Statement: [] } })));
  permit(call, 'iam:CreateRole', target, { requestTags: tags });
  if (Object.keys(tags).length > 0) permit(call, 'iam:TagRole', target, { requestTags: tags });
  if (account.roles.some((other) => sameName(other.name, name))) {
    throw alreadyExists(`Role with name ${name} already exists.`);
  }
  const role = newRole({
    name,
    path,
    tags,
    trustPolicy: trustPolicyOf(source, call),
    createdAt: call.now,
    ...(description !== undefined && { description }),
    ...(maxSessionDuration !== undefined && { maxSessionDuration }),
  });
  account.roles.push(role);
  return element('Role', roleXml(account, role));
}

/** GetRole */
export function getRole(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('RoleName', 'roleName');
  parameters.check();
  return element('Role', roleXml(call.caller.account, permittedRole(call, 'iam:GetRole', name)));
}

/** UpdateRole: parameters that are left out reset to their defaults, as in AWS. */
export function updateRole(call: ApiCall): Xml {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('RoleName', 'roleName');
  const description = parameters.optional('Description', 'description');
  const maximum = parameters.integer('MaxSessionDuration', SHORTEST_MAXIMUM, LONGEST_MAXIMUM);
  parameters.check();
  const role = permittedRole(call, 'iam:UpdateRole', name);
  role.maxSessionDuration = maximum ?? SHORTEST_MAXIMUM;
  role.description = description ?? '';
  return '';
}

/** UpdateAssumeRolePolicy */
export function updateAssumeRolePolicy(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('RoleName', 'roleName');
  const source = parameters.required('PolicyDocument', 'policyDocument');
  parameters.check();
  const role = permittedRole(call, 'iam:UpdateAssumeRolePolicy', name);
  role.trustPolicy = trustPolicyOf(source, call);
}

/** DeleteRole: only after its policies are gone. */
export function deleteRole(call: ApiCall): undefined {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('RoleName', 'roleName');
  parameters.check();
  const role = permittedRole(call, 'iam:DeleteRole', name);
  const first =
    Object.keys(role.namedPolicies).length > 0
      ? 'delete policies'
      : role.attachedPolicies.length > 0
        ? 'detach all policies'
        : undefined;
  if (first !== undefined) throw new AwsError(409, 'DeleteConflict', `Cannot delete entity, must ${first} first.`);
  account.roles.splice(account.roles.indexOf(role), 1);
  forgetPrincipal(call.world, roleArn(account, role), roleId(account, role));
}

import { noteWritten, writtenAt } from '../consistency.ts';
import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import { parsePolicy } from '../policy/statement.ts';
import type { Role, User } from '../world.ts';
import { fields, text, type Xml } from '../xml.ts';
import { isFound, noSuchEntity, OWNERS, type OwnerKind } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';

/** PutUserPolicy, PutRolePolicy: replaces a policy with the same name. */
export const putPolicy =
  (kind: OwnerKind) =>
  (call: ApiCall): undefined => {
    const { word, inlineLimit, permitted } = OWNERS[kind];
    const parameters = new Parameters(call.request.params);
    const owner = OWNERS[kind].name(parameters);
    const name = parameters.required('PolicyName', 'policyName');
    const source = parameters.required('PolicyDocument', 'policyDocument');
    parameters.check();
    const entity = permitted(call, `iam:Put${kind}Policy`, owner);
    const policy = parsePolicy(source, 'identity');
    const policies = { ...entity.namedPolicies, [name]: policy };
    const size = Object.values(policies).reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    if (size > inlineLimit) {
      throw new AwsError(
        409,
        'LimitExceeded',
        `Maximum policy size of ${inlineLimit} bytes exceeded for ${word} ${owner}`,
      );
    }
    noteWritten(policy, call.now, entity.namedPolicies[name]);
    entity.namedPolicies = policies;
  };

/** GetUserPolicy, GetRolePolicy */
export const getPolicy =
  (kind: OwnerKind) =>
  (call: ApiCall): Xml => {
    const { owner, name, entity } = readNamed(call, kind, 'Get');
    return fields({
      [`${kind}Name`]: owner,
      PolicyName: name,
      PolicyDocument: encodeURIComponent(JSON.stringify(entity.namedPolicies[name])),
    });
  };

/** DeleteUserPolicy, DeleteRolePolicy */
export const deletePolicy =
  (kind: OwnerKind) =>
  (call: ApiCall): undefined => {
    const { name, entity } = readNamed(call, kind, 'Delete');
    const { [name]: _, ...rest } = entity.namedPolicies;
    entity.namedPolicies = rest;
  };

/** ListUserPolicies, ListRolePolicies: names only. */
export const listPolicies =
  (kind: OwnerKind) =>
  (call: ApiCall): Xml => {
    const parameters = new Parameters(call.request.params);
    const owner = OWNERS[kind].name(parameters);
    const page = readPage(parameters);
    parameters.check();
    const entity = OWNERS[kind].permitted(call, `iam:List${kind}Policies`, owner);
    const found = Object.entries(entity.namedPolicies).filter(([, policy]) => isFound(call, policy, writtenAt(policy)));
    return pageXml(
      'PolicyNames',
      found.map(([name]) => text(name)),
      page,
    );
  };

function readNamed(
  call: ApiCall,
  kind: OwnerKind,
  verb: 'Get' | 'Delete',
): { readonly owner: string; readonly name: string; readonly entity: User | Role } {
  const { word, permitted } = OWNERS[kind];
  const parameters = new Parameters(call.request.params);
  const owner = OWNERS[kind].name(parameters);
  const name = parameters.required('PolicyName', 'policyName');
  parameters.check();
  const entity = permitted(call, `iam:${verb}${kind}Policy`, owner);
  const policy = entity.namedPolicies[name];
  if (policy === undefined || !isFound(call, policy, writtenAt(policy))) {
    throw noSuchEntity(`The ${word} policy with name ${name} cannot be found.`);
  }
  return { owner, name, entity };
}

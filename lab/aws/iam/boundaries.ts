import { findManagedPolicy } from '../aws-managed-policies.ts';
import { AwsError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import type { World } from '../world.ts';
import { isWithin } from './managed-policies.ts';
import { noSuchEntity, permittedUser } from './owners.ts';
import { Parameters } from './parameters.ts';

/** PutUserPermissionsBoundary: replaces the boundary, if there is one. */
export function putUserPermissionsBoundary(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'newUserName');
  const arn = parameters.required('PermissionsBoundary', 'arn');
  parameters.check();
  const user = permittedUser(call, 'iam:PutUserPermissionsBoundary', name, { boundary: arn });
  checkBoundary(call, arn);
  user.boundary = arn;
}

/** DeleteUserPermissionsBoundary */
export function deleteUserPermissionsBoundary(call: ApiCall): undefined {
  const parameters = new Parameters(call.request.params);
  const name = parameters.required('UserName', 'newUserName');
  parameters.check();
  const user = permittedUser(call, 'iam:DeleteUserPermissionsBoundary', name);
  if (user.boundary === undefined) throw noSuchEntity('The entity does not have a permissions boundary.');
  user.boundary = undefined;
}

/** @throws AwsError if a policy can't be a permissions boundary, or doesn't exist */
export function checkBoundary(
  { caller: { account }, world }: { caller: ApiCall['caller']; world: World },
  arn: string,
): void {
  if (arn.includes(':policy/aws-service-role/')) {
    throw new AwsError(400, 'PolicyNotAttachable', `Cannot attach a Service Role Policy to a Customer Entity.`);
  }
  if (findManagedPolicy(world, arn) === undefined || !isWithin(account, arn)) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
}

import type { Operation } from '../operation.ts';
import { createAccessKey, deleteAccessKey, listAccessKeys, updateAccessKey } from './access-keys.ts';
import { deleteUserPermissionsBoundary, putUserPermissionsBoundary } from './boundaries.ts';
import { listGroupsForUser, removeUserFromGroup } from './groups.ts';
import { deletePolicy, getPolicy, listPolicies, putPolicy } from './inline-policies.ts';
import { getAccessKeyLastUsed } from './last-used.ts';
import { attachPolicy, createPolicy, deletePolicyOfAccount, detachPolicy, listAttached } from './managed-policies.ts';
import { refuseSessionWithoutMfa } from './permit.ts';
import { createRole, deleteRole, getRole, updateAssumeRolePolicy, updateRole } from './roles.ts';
import { simulatePrincipalPolicy } from './simulate.ts';
import { listUserTags, tagUser, untagUser } from './user-tags.ts';
import { createUser, deleteUser, getUser } from './users.ts';
import { deactivateMfaDevice, enableMfaDevice, listMfaDevices, resyncMfaDevice } from './users-devices.ts';
import { createVirtualMfaDevice, deleteVirtualMfaDevice, listVirtualMfaDevices } from './virtual-devices.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateUser: createUser,
  GetUser: getUser,
  DeleteUser: deleteUser,
  TagUser: tagUser,
  UntagUser: untagUser,
  ListUserTags: listUserTags,
  PutUserPermissionsBoundary: putUserPermissionsBoundary,
  DeleteUserPermissionsBoundary: deleteUserPermissionsBoundary,
  ListGroupsForUser: listGroupsForUser,
  RemoveUserFromGroup: removeUserFromGroup,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
  PutUserPolicy: putPolicy('User'),
  GetUserPolicy: getPolicy('User'),
  DeleteUserPolicy: deletePolicy('User'),
  ListUserPolicies: listPolicies('User'),
  AttachUserPolicy: attachPolicy('User'),
  DetachUserPolicy: detachPolicy('User'),
  ListAttachedUserPolicies: listAttached('User'),
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicyOfAccount,
  CreateRole: createRole,
  GetRole: getRole,
  UpdateRole: updateRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
  PutRolePolicy: putPolicy('Role'),
  GetRolePolicy: getPolicy('Role'),
  DeleteRolePolicy: deletePolicy('Role'),
  ListRolePolicies: listPolicies('Role'),
  AttachRolePolicy: attachPolicy('Role'),
  DetachRolePolicy: detachPolicy('Role'),
  ListAttachedRolePolicies: listAttached('Role'),
  CreateVirtualMFADevice: createVirtualMfaDevice,
  DeleteVirtualMFADevice: deleteVirtualMfaDevice,
  ListVirtualMFADevices: listVirtualMfaDevices,
  EnableMFADevice: enableMfaDevice,
  ResyncMFADevice: resyncMfaDevice,
  DeactivateMFADevice: deactivateMfaDevice,
  ListMFADevices: listMfaDevices,
};

/** IAM's operations by name. */
export const IAM_OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    (call) => {
      refuseSessionWithoutMfa(call);
      return operation(call);
    },
  ]),
);

import {
  CreateAccessKey$,
  type CreateAccessKeyRequest,
  type CreateAccessKeyResponse,
  CreateUser$,
  type CreateUserRequest,
  type CreateUserResponse,
  CreateVirtualMFADevice$,
  type CreateVirtualMFADeviceRequest,
  type CreateVirtualMFADeviceResponse,
  DeactivateMFADevice$,
  type DeactivateMFADeviceRequest,
  DeleteAccessKey$,
  type DeleteAccessKeyRequest,
  DeleteRolePolicy$,
  type DeleteRolePolicyRequest,
  DeleteUser$,
  DeleteUserPolicy$,
  type DeleteUserPolicyRequest,
  type DeleteUserRequest,
  DeleteVirtualMFADevice$,
  type DeleteVirtualMFADeviceRequest,
  EnableMFADevice$,
  type EnableMFADeviceRequest,
  GetAccessKeyLastUsed$,
  type GetAccessKeyLastUsedRequest,
  type GetAccessKeyLastUsedResponse,
  GetRolePolicy$,
  type GetRolePolicyRequest,
  type GetRolePolicyResponse,
  GetUser$,
  GetUserPolicy$,
  type GetUserPolicyRequest,
  type GetUserPolicyResponse,
  type GetUserRequest,
  type GetUserResponse,
  ListAccessKeys$,
  type ListAccessKeysRequest,
  type ListAccessKeysResponse,
  ListAttachedUserPolicies$,
  type ListAttachedUserPoliciesRequest,
  type ListAttachedUserPoliciesResponse,
  ListGroupsForUser$,
  type ListGroupsForUserRequest,
  type ListGroupsForUserResponse,
  ListMFADevices$,
  type ListMFADevicesRequest,
  type ListMFADevicesResponse,
  ListUserPolicies$,
  type ListUserPoliciesRequest,
  type ListUserPoliciesResponse,
  ListVirtualMFADevices$,
  type ListVirtualMFADevicesRequest,
  type ListVirtualMFADevicesResponse,
  PutRolePolicy$,
  type PutRolePolicyRequest,
  PutUserPolicy$,
  type PutUserPolicyRequest,
  type SimulatePolicyResponse,
  SimulatePrincipalPolicy$,
  type SimulatePrincipalPolicyRequest,
  TagUser$,
  type TagUserRequest,
  UntagUser$,
  type UntagUserRequest,
  UpdateAccessKey$,
  type UpdateAccessKeyRequest,
} from '@aws-sdk/client-iam';
import { IAM } from './iam.ts';
import type { QueryService } from './query-client.ts';

/** The result of a call that returns nothing. */
type Nothing = Readonly<Record<string, never>>;

export type AdminCalls = {
  readonly GetUser: [GetUserRequest, GetUserResponse];
  readonly CreateUser: [CreateUserRequest, CreateUserResponse];
  readonly DeleteUser: [DeleteUserRequest, Nothing];
  readonly TagUser: [TagUserRequest, Nothing];
  readonly UntagUser: [UntagUserRequest, Nothing];
  readonly ListUserPolicies: [ListUserPoliciesRequest, ListUserPoliciesResponse];
  readonly GetUserPolicy: [GetUserPolicyRequest, GetUserPolicyResponse];
  readonly PutUserPolicy: [PutUserPolicyRequest, Nothing];
  readonly DeleteUserPolicy: [DeleteUserPolicyRequest, Nothing];
  readonly ListAttachedUserPolicies: [ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse];
  readonly ListGroupsForUser: [ListGroupsForUserRequest, ListGroupsForUserResponse];
  readonly ListMFADevices: [ListMFADevicesRequest, ListMFADevicesResponse];
  readonly ListVirtualMFADevices: [ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse];
  readonly CreateVirtualMFADevice: [CreateVirtualMFADeviceRequest, CreateVirtualMFADeviceResponse];
  readonly EnableMFADevice: [EnableMFADeviceRequest, Nothing];
  readonly DeactivateMFADevice: [DeactivateMFADeviceRequest, Nothing];
  readonly DeleteVirtualMFADevice: [DeleteVirtualMFADeviceRequest, Nothing];
  readonly ListAccessKeys: [ListAccessKeysRequest, ListAccessKeysResponse];
  readonly CreateAccessKey: [CreateAccessKeyRequest, CreateAccessKeyResponse];
  readonly UpdateAccessKey: [UpdateAccessKeyRequest, Nothing];
  readonly DeleteAccessKey: [DeleteAccessKeyRequest, Nothing];
  readonly GetAccessKeyLastUsed: [GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse];
  readonly GetRolePolicy: [GetRolePolicyRequest, GetRolePolicyResponse];
  readonly PutRolePolicy: [PutRolePolicyRequest, Nothing];
  readonly DeleteRolePolicy: [DeleteRolePolicyRequest, Nothing];
  readonly SimulatePrincipalPolicy: [SimulatePrincipalPolicyRequest, SimulatePolicyResponse];
};

/** IAM with the calls that enrollment and rotation need. */
export const IAM_ADMIN: QueryService<AdminCalls> = {
  ...IAM,
  calls: {
    GetUser: GetUser$,
    CreateUser: CreateUser$,
    DeleteUser: DeleteUser$,
    TagUser: TagUser$,
    UntagUser: UntagUser$,
    ListUserPolicies: ListUserPolicies$,
    GetUserPolicy: GetUserPolicy$,
    PutUserPolicy: PutUserPolicy$,
    DeleteUserPolicy: DeleteUserPolicy$,
    ListAttachedUserPolicies: ListAttachedUserPolicies$,
    ListGroupsForUser: ListGroupsForUser$,
    ListMFADevices: ListMFADevices$,
    ListVirtualMFADevices: ListVirtualMFADevices$,
    CreateVirtualMFADevice: CreateVirtualMFADevice$,
    EnableMFADevice: EnableMFADevice$,
    DeactivateMFADevice: DeactivateMFADevice$,
    DeleteVirtualMFADevice: DeleteVirtualMFADevice$,
    ListAccessKeys: ListAccessKeys$,
    CreateAccessKey: CreateAccessKey$,
    UpdateAccessKey: UpdateAccessKey$,
    DeleteAccessKey: DeleteAccessKey$,
    GetAccessKeyLastUsed: GetAccessKeyLastUsed$,
    GetRolePolicy: GetRolePolicy$,
    PutRolePolicy: PutRolePolicy$,
    DeleteRolePolicy: DeleteRolePolicy$,
    SimulatePrincipalPolicy: SimulatePrincipalPolicy$,
  },
};

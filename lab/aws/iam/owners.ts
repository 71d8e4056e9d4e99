import { isKnown } from '../consistency.ts';
import { AwsError, validationError } from '../errors.ts';
import type { ApiCall } from '../operation.ts';
import type { Role, User } from '../world.ts';
import type { Parameters } from './parameters.ts';
import { permit, type TagsInRequest } from './permit.ts';
import { roleTarget, type Target, userTarget } from './target.ts';

// Users and roles, which have policies. IAM checks permissions before it says that one doesn't exist.

/** 404 NoSuchEntity */
export function noSuchEntity(message: string): AwsError {
  return new AwsError(404, 'NoSuchEntity', message);
}

/** 409 EntityAlreadyExists */
export function alreadyExists(message: string): AwsError {
  return new AwsError(409, 'EntityAlreadyExists', message);
}

/** Whether IAM finds something that it created. */
export function isFound({ world, now }: ApiCall, entity: object, createdAt: number | undefined): boolean {
  return isKnown(world, 'iam', entity, createdAt, now);
}

/** Names that only differ in case are the same. */
export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/**
 * The user with this name, if the caller may perform the action on it.
 * @param name defaults to the caller's
 * @param asked what the request changes
 * @throws AwsError AccessDenied or NoSuchEntity
 */
export function permittedUser(
  call: ApiCall,
  action: string,
  name: string | undefined,
  asked: TagsInRequest & Pick<Target, 'boundary'> = {},
): User {
  const { account, ...caller } = call.caller;
  if (name === undefined && caller.kind === 'role-session') {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  const own = caller.kind === 'role-session' ? undefined : caller.user;
  const wanted = name ?? own?.name ?? '';
  const user = account.users.find((candidate) => candidate.name === wanted);
  const { boundary, ...tags } = asked;
  const target = userTarget(account, user, wanted);
  permit(call, action, boundary === undefined ? target : { ...target, boundary }, tags);
  if (user === undefined || !isFound(call, user, user.createdAt))
    throw noSuchEntity(`The user with name ${wanted} cannot be found.`);
  return user;
}

/**
 * The user whose access keys an operation is about. Sessions, even the user's own, must name the user (IAM API reference,
 * ListAccessKeys and UpdateAccessKey).
 * @param name defaults to the caller's
 * @throws AwsError ValidationError, AccessDenied or NoSuchEntity
 */
export function permittedKeyOwner(call: ApiCall, action: string, name: string | undefined): User {
  if (name === undefined && call.caller.kind !== 'user') {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  return permittedUser(call, action, name);
}

/**
 * The role with this name, if the caller may perform the action on it.
 * @throws AwsError AccessDenied or NoSuchEntity
 */
export function permittedRole(call: ApiCall, action: string, name: string): Role {
  const { account } = call.caller;
  const role = account.roles.find((candidate) => candidate.name === name);
  permit(call, action, roleTarget(account, role, name));
  if (role === undefined || !isFound(call, role, role.createdAt))
    throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Users and roles, for operations that exist for both. */
export const OWNERS = {
  User: {
    word: 'user',
    /** The limit for all inline policies together, in characters without white space. */
    inlineLimit: 2048,
    name: (parameters: Parameters) => parameters.required('UserName', 'userName'),
    permitted: (call: ApiCall, action: string, name: string): User | Role => permittedUser(call, action, name),
  },
  Role: {
    word: 'role',
    inlineLimit: 10_240,
    name: (parameters: Parameters) => parameters.required('RoleName', 'roleName'),
    permitted: (call: ApiCall, action: string, name: string): User | Role => permittedRole(call, action, name),
  },
} as const;

export type OwnerKind = keyof typeof OWNERS;

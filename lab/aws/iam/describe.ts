import { roleArn, roleId, uniqueId, userArn, userId } from '../identifiers.ts';
import type { AccessKey, Account, ManagedPolicy, Role, User } from '../world.ts';
import { element, fields, type Xml } from '../xml.ts';

/** The creation date, if the world has none. */
const LONG_AGO = Date.UTC(2024, 0, 15, 9, 30);

/** A time, as IAM writes it. */
export function date(ms: number | undefined): string {
  return `${new Date(ms ?? LONG_AGO).toISOString().slice(0, 19)}Z`;
}

/** A list of members. */
export function list(name: string, members: readonly Xml[]): Xml {
  return element(name, members.map((member) => element('member', member)).join(''));
}

function tagList(tags: Readonly<Record<string, string>>): Xml {
  const members = Object.entries(tags).map(([Key, Value]) => fields({ Key, Value }));
  return members.length === 0 ? '' : list('Tags', members);
}

/** The content of a User element. */
export function userXml(account: Account, user: User): Xml {
  const arn = userArn(account, user);
  return (
    fields({
      Path: user.path,
      UserName: user.name,
      UserId: userId(account, user),
      Arn: arn,
      CreateDate: date(user.createdAt),
    }) +
    (user.boundary === undefined
      ? ''
      : element(
          'PermissionsBoundary',
          fields({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: user.boundary }),
        )) +
    tagList(user.tags)
  );
}

/** The content of a Role element. Its trust policy is percent-encoded, as IAM sends all policies. */
export function roleXml(account: Account, role: Role): Xml {
  const arn = roleArn(account, role);
  return (
    fields({
      Path: role.path,
      RoleName: role.name,
      RoleId: roleId(account, role),
      Arn: arn,
      CreateDate: date(role.createdAt),
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trustPolicy)),
      Description: role.description,
      MaxSessionDuration: role.maxSessionDuration,
    }) + tagList(role.tags)
  );
}

/** The content of a Policy element, for a managed policy. */
export function policyXml({ arn, createdAt }: ManagedPolicy, attachments: number): Xml {
  const [, path = '/', name] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  return fields({
    PolicyName: name,
    PolicyId: uniqueId('ANPA', arn),
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachments,
    IsAttachable: true,
    CreateDate: date(createdAt),
    UpdateDate: date(createdAt),
  });
}

/** The fields of an access key, without the secret. */
export function accessKeyFields(user: User, key: AccessKey): Readonly<Record<string, string>> {
  return {
    UserName: user.name,
    AccessKeyId: key.id,
    Status: key.inactive === true ? 'Inactive' : 'Active',
    CreateDate: date(key.createdAt),
  };
}

import { roleArn, userArn } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import type { PolicyDocument, PolicyStatement } from '../policy/document.ts';
import { malformed, parsePolicy } from '../policy/statement.ts';
import type { World } from '../world.ts';
import { isFound } from './owners.ts';

// The trust policies of roles name users and roles, but IAM keeps their unique IDs.

/**
 * Parses a trust policy. It can only name users and roles that exist.
 * @throws AwsError MalformedPolicyDocument
 */
export function trustPolicyOf(source: string, call: ApiCall): PolicyDocument {
  const document = parsePolicy(source, 'trust');
  const known = new Set(
    call.world.accounts.flatMap((account) => [
      ...account.users.filter((user) => isFound(call, user, user.createdAt)).map((user) => userArn(account, user)),
      ...account.roles.filter((role) => isFound(call, role, role.createdAt)).map((role) => roleArn(account, role)),
    ]),
  );
  const missing = namedPrincipals(document).find(
    (name) => /:iam::\d+:(?:user|role)\/|^A/.test(name) && !known.has(name),
  );
  if (missing !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${missing}"`);
  return document;
}

function namedPrincipals({ Statement: statements }: PolicyDocument): string[] {
  return [statements].flat().flatMap(({ Principal: principal }) => {
    if (typeof principal !== 'object') return [];
    return [principal['AWS'] ?? []].flat();
  });
}

/**
 * Puts the unique ID of a user or role that was deleted in place of its ARN in every trust policy. So a new one with the same name
 * isn't trusted until somebody writes the policy again (IAM user guide, "AWS JSON policy elements: Principal").
 */
export function forgetPrincipal({ accounts }: World, arn: string, id: string): void {
  for (const role of accounts.flatMap(({ roles }) => roles)) {
    const { Statement: statements } = role.trustPolicy;
    if (!namedPrincipals(role.trustPolicy).includes(arn)) continue;
    const renamed = [statements].flat().map((statement) => withPrincipal(statement, arn, id));
    role.trustPolicy = { ...role.trustPolicy, Statement: renamed };
  }
}

function withPrincipal(statement: PolicyStatement, arn: string, id: string): PolicyStatement {
  const { Principal: principal } = statement;
  if (typeof principal !== 'object') return statement;
  const names = [principal['AWS'] ?? []].flat().map((name) => (name === arn ? id : name));
  return { ...statement, Principal: { ...principal, AWS: names } };
}

import { readMembers } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { roleArn, userArn } from '../identifiers.ts';
import type { ApiCall } from '../operation.ts';
import { documentsOf } from '../policies-of.ts';
import { authorise, type Decision } from '../policy/decide.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { Context } from '../policy/keys.ts';
import { parsePolicy, readPolicy } from '../policy/statement.ts';
import type { Account, Role, User } from '../world.ts';
import { element, fields, text, type Xml } from '../xml.ts';
import { list } from './describe.ts';
import { isFound, noSuchEntity } from './owners.ts';
import { pageXml, readPage } from './page.ts';
import { Parameters } from './parameters.ts';
import { permit } from './permit.ts';
import { byArn } from './target.ts';

const POLICY = { min: 1, max: 131_072 } as const;

/**
 * SimulatePrincipalPolicy: what the policies of a user or a role would decide, for each action on each resource. The context is
 * only what the request says, so that conditions on MFA don't hold unless it says so. Matched statements aren't listed.
 */
export function simulatePrincipalPolicy(call: ApiCall): Xml {
  const { account } = call.caller;
  const parameters = new Parameters(call.request.params);
  const arn = parameters.required('PolicySourceArn', 'arn');
  const actions = parameters.requiredStrings('ActionNames', { min: 3, max: 128 });
  const resources = parameters.strings('ResourceArns', { min: 1, max: 2048 });
  const more = parameters.strings('PolicyInputList', POLICY);
  const boundaries = parameters.strings('PermissionsBoundaryPolicyInputList', POLICY);
  const entries = parameters.structures('ContextEntries');
  const page = readPage(parameters);
  parameters.check();
  permit(call, 'iam:SimulatePrincipalPolicy', byArn(arn));
  const invalid = actions.find((action) => !/^[a-z][\w-]*:\w+$/i.test(action));
  if (invalid !== undefined) throw new AwsError(400, 'InvalidInput', `Invalid Action: ${invalid}`);
  const owner = ownerOf(account, arn);
  if (owner === undefined || !isFound(call, owner, owner.createdAt))
    throw noSuchEntity(`The entity with ARN ${arn} cannot be found.`);

  const own = documentsOf(owner, call.world, call.now);
  const identity = [...own.identity, ...more.map((source) => parsePolicy(source, 'identity'))];
  const boundary = boundaries.length === 0 ? own.boundary : boundaries.map((source) => parsePolicy(source, 'identity'));
  const context = contextOf(account, owner, arn, entries);
  const policies = {
    identity: identity.flatMap((policy) => readPolicy(policy, 'identity')),
    boundary: boundary?.flatMap((policy) => readPolicy(policy, 'identity')),
    session: undefined,
    resource: [],
    resourceMustAllow: false,
    resourceAccountId: account.id,
  };
  const missing = missingKeys([...identity, ...(boundary ?? [])], context);
  const caller = { accountId: account.id, arn, sessionArn: arn };
  const results = actions.flatMap((action) =>
    (resources.length === 0 ? ['*'] : resources).map(
      (resource) =>
        fields({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: wordFor(authorise(policies, { action, resource, caller, context })),
        }) +
        element('MatchedStatements', '') +
        list('MissingContextValues', missing.map(text)),
    ),
  );
  return pageXml('EvaluationResults', results, page);
}

function ownerOf(account: Account, arn: string): User | Role | undefined {
  return (
    account.users.find((user) => userArn(account, user) === arn) ??
    account.roles.find((role) => roleArn(account, role) === arn)
  );
}

function contextOf(
  account: Account,
  owner: User | Role,
  arn: string,
  entries: readonly ReadonlyMap<string, string>[],
): Context {
  const context = new Context().set('aws:PrincipalArn', arn).set('aws:PrincipalAccount', account.id);
  if (!('trustPolicy' in owner)) context.set('aws:username', owner.name);
  for (const [key, value] of Object.entries(owner.tags)) context.set(`aws:PrincipalTag/${key}`, value);
  for (const entry of entries) {
    const values = readMembers(entry, 'ContextKeyValues').map((member) => member.get('') ?? '');
    context.set(entry.get('ContextKeyName') ?? '', values);
  }
  return context;
}

function missingKeys(policies: readonly PolicyDocument[], context: Context): readonly string[] {
  const keys = policies
    .flatMap(({ Statement: statements }) => statements)
    .flatMap(({ Condition: condition = {} }) => Object.values(condition).flatMap((tests) => Object.keys(tests)));
  return [...new Set(keys)].filter((key) => context.values(key) === undefined);
}

function wordFor(decision: Decision): 'allowed' | 'explicitDeny' | 'implicitDeny' {
  if (decision.allowed) return 'allowed';
  return decision.deniedBy === undefined ? 'implicitDeny' : 'explicitDeny';
}

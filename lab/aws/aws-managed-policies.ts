import type { PolicyDocument } from './policy/document.ts';
import type { ManagedPolicy, World } from './world.ts';

const allowing = (Action: string | string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource: '*' },
});

/** AWS managed policies by name: the ones that our guides attach. */
const AWS_MANAGED: ReadonlyMap<string, PolicyDocument> = new Map([
  ['AdministratorAccess', allowing('*')],
  ['AmazonS3ReadOnlyAccess', allowing(['s3:Get*', 's3:List*', 's3:Describe*'])],
]);

/** The managed policy with this ARN, AWS's or a customer's. */
export function findManagedPolicy(world: World, arn: string): ManagedPolicy | undefined {
  const [, name = ''] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  const document = AWS_MANAGED.get(name);
  if (document !== undefined) return { arn, document };
  return world.accounts.flatMap(({ managedPolicies }) => managedPolicies).find((one) => one.arn === arn);
}

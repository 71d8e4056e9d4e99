import { build, demoWorld, type PolicyDocument, type World } from '../../lab/aws/index.ts';
import { SESSION } from './action.ts';

// The demo's account with four more beside it, and roles in all of them.

/** The demo's account. */
export const HOME = '111122223333';
/** A role in the account of staging, and one in that of production. */
export const STAGING = 'arn:aws:iam::222233334444:role/deploy';
export const PROD = 'arn:aws:iam::333344445555:role/deploy';
/** Two roles in two accounts. */
export const TWO = `staging = ${STAGING}\nprod = ${PROD} region=eu-west-1`;
/** The inputs of a step that assumes both. */
export const ROLES = { ...SESSION, roles: TWO };
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
/** The region of each account's roles; the first is the step's own. */
const ACCOUNTS: readonly (readonly [account: string, region: string])[] = [
  [HOME, 'us-east-1'],
  ['222233334444', 'eu-west-1'],
  ['333344445555', 'eu-central-1'],
  ['444455556666', 'ap-southeast-2'],
  ['555566667777', 'sa-east-1'],
];
const NAMES = ['audit', 'build', 'deploy', 'report'];
/** 20 profiles: `audit-1` to `report-5`. */
export const TWENTY = ACCOUNTS.flatMap(([account, region], index) =>
  NAMES.map((role) => ({ name: `${role}-${index + 1}`, role, account, region })),
);
/** The same as lines of `roles`. */
export const TWENTY_LINES = TWENTY.map(
  ({ name, role, account, region }) =>
    `${name} = arn:aws:iam::${account}:role/${role}${account === HOME ? '' : ` region=${region}`}`,
).join('\n');

/** A trust policy for one principal. */
export function trusting(principal: string, condition?: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const statement = { Effect: 'Allow', Principal: { AWS: principal }, Action: ACTIONS } as const;
  return { Statement: condition === undefined ? statement : { ...statement, Condition: condition } };
}

const WITH_MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const ASSUMING: PolicyDocument = { Statement: { Effect: 'Allow', Action: ACTIONS, Resource: '*' } };

/** Five accounts with four roles each, which trust the demo's user where it has shown a code. */
export function manyAccounts(change: (world: World) => void = () => undefined): World {
  const world = demoWorld();
  const [home] = world.accounts;
  home?.users[0]?.policies.push(ASSUMING);
  home?.roles.splice(0);
  for (const [id] of ACCOUNTS.slice(1)) world.accounts.push(build.account({ id }));
  for (const account of world.accounts) {
    const trustPolicy = trusting(`arn:aws:iam::${HOME}:root`, WITH_MFA);
    for (const name of NAMES) account.roles.push(build.role({ name, trustPolicy, policies: [ASSUMING] }));
  }
  change(world);
  return world;
}

/** Takes roles out of the world, so that they are refused. */
export function without(...arns: readonly string[]): World {
  return manyAccounts(({ accounts }) => {
    for (const account of accounts)
      account.roles = account.roles.filter(({ name }) => !arns.includes(`arn:aws:iam::${account.id}:role/${name}`));
  });
}

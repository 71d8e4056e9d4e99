import { findRegion, type Partition, type Region } from '../core/region.ts';
import type { BucketCheck, Plan, Request } from '../core/request.ts';
import type { Expected } from './checks.ts';
import { readExports } from './exports.ts';
import { isTrue, readInteger } from './fields.ts';
import type { RawInputs } from './names.ts';
import { type ConnectionUse, readConnection } from './network.ts';
import { readPlan } from './plan.ts';
import type { InputNotice } from './problem.ts';
import { type Problem, ProblemList, type Problems } from './problem.ts';
import type { Sealing } from './sealing.ts';
import type { CiRun } from './tags.ts';

/** What a request is read against, besides the inputs. */
export interface RequestContext {
  readonly partitions: readonly Partition[];
  readonly run: CiRun;
}

/** A request, or everything that is wrong with the inputs. */
export type ParsedRequest = { readonly notices: readonly InputNotice[] } & (
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false /** At least one. */; readonly problems: readonly Problem[] }
);

/** Turns the inputs into a request, or into everything that is wrong with them at once. Never rejects. */
export async function parseRequest(given: RawInputs, context: RequestContext): Promise<ParsedRequest> {
  const problems = new ProblemList();
  const { found, notices } = problems;
  const raw = await withoutUnfit(given, problems);
  const region = readRegion(raw, context.partitions, problems);
  const minimumRemainingSeconds = readInteger(raw, 'minimum-remaining-seconds', problems);
  const sealing = await readSealing(raw, context, minimumRemainingSeconds, problems);
  const renews = isTrue(raw, 'renew', problems);
  const { roles, renewal } = await readRoleProfiles(raw, { region, renews, ...context }, problems);
  const partition = region?.partition.id;
  const manyRoles = raw.roles !== '' || renews;
  const planContext = { partition, run: context.run, manyRoles, renews, sealed: sealing.source };
  const plan = await readPlan(raw, planContext, problems);
  const bucketCheck = await readBucketCheck(raw, problems);
  const exports = readExports(raw, problems);
  const { seal } = sealing;
  const allowedAccounts = await readAllowedAccounts(raw, { plan, roles, exports, seal }, problems);
  const use = usesOf(plan, roles !== undefined, bucketCheck !== undefined);
  const connection = readConnection(raw, { region, ...use }, problems);
  const reuses = isTrue(raw, 'use-existing-credentials', problems);
  const attempts = readInteger(raw, 'retry-max-attempts', problems);
  const maxAttempts = isTrue(raw, 'disable-retry', problems) ? 1 : attempts;
  const timeoutSeconds = readInteger(raw, 'action-timeout-s', problems);
  if (found.length > 0) return { ok: false, problems: found, notices };
  if (region === undefined || plan === undefined || minimumRemainingSeconds === undefined) {
    // Each reader that gives nothing has said why; this is the net below.
    problems.add('aws-region', 'unreadable', {});
    return { ok: false, problems: found, notices };
  }
  return {
    ok: true,
    notices,
    request: {
      region,
      plan,
      roles,
      renewal,
      seal,
      allowedAccounts,
      reuse: reuses ? { minimumRemainingSeconds } : undefined,
      bucketCheck,
      exports,
      connection,
      maxAttempts,
      // 0 is the default, and means no limit.
      timeoutSeconds: timeoutSeconds || undefined,
    },
  };
}

/** A request that says how AWS is reached, and nothing else: for calls that follow no plan of these inputs. */
export async function parseConnection(raw: RawInputs, { partitions }: RequestContext): Promise<ParsedRequest> {
  const problems = new ProblemList();
  const { found, notices } = problems;
  const region = readRegion(raw, partitions, problems);
  const connection = readConnection(raw, { region, sts: true, iam: true, s3: false }, problems);
  const attempts = readInteger(raw, 'retry-max-attempts', problems);
  const maxAttempts = isTrue(raw, 'disable-retry', problems) ? 1 : attempts;
  const timeoutSeconds = readInteger(raw, 'action-timeout-s', problems) || undefined;
  if (found.length > 0 || region === undefined) return { ok: false, problems: found, notices };
  const nothing = { roles: undefined, renewal: undefined, seal: undefined, reuse: undefined, bucketCheck: undefined };
  const exports = readExports(raw, problems);
  const plan = { kind: 'environment' } as const;
  return {
    ok: true,
    notices,
    request: { ...nothing, region, plan, allowedAccounts: [], exports, connection, maxAttempts, timeoutSeconds },
  };
}

/** Values from variables that don't fit are ignored by a part that is only loaded if there are some. */
async function withoutUnfit(raw: RawInputs, problems: Problems): Promise<RawInputs> {
  if (!Object.keys(raw.variables).some((input) => !/region|proxy|endpoint/.test(input))) return raw;
  const { withoutUnfitVariables } = await import('./variables.ts');
  return withoutUnfitVariables(raw, problems);
}

/** Which services will be called, or may be: what isn't used isn't judged. */
function usesOf(plan: Plan | undefined, roles: boolean, buckets: boolean): Omit<ConnectionUse, 'region'> {
  const sealed = plan?.kind === 'sealed-session' ? plan : undefined;
  const minting = sealed === undefined ? plan : sealed.fallback;
  const mfa = minting !== undefined && 'mfa' in minting ? minting.mfa : undefined;
  return {
    sts: sealed === undefined || sealed.role !== undefined || sealed.fallback !== undefined || roles,
    s3: buckets,
    iam: mfa?.kind === 'seed' || (mfa?.kind === 'code' && mfa.serial === undefined),
  };
}

/** Sealed sessions are read by a part that is only loaded if they are used. */
async function readSealing(
  raw: RawInputs,
  { run }: RequestContext,
  minimumRemainingSeconds: number | undefined,
  problems: Problems,
): Promise<Sealing> {
  const inputs = [
    'seal-session',
    'sealing-key',
    'sealed-session',
    'sealed-session-scope',
    'sealed-session-fallback',
  ] as const;
  if (inputs.every((input) => raw[input] === '')) return { seal: undefined, source: undefined };
  const { readSealing: read } = await import('./sealing.ts');
  return read(raw, run, minimumRemainingSeconds, problems);
}

/** Roles that become profiles are read by parts that are only loaded for them. */
async function readRoleProfiles(
  raw: RawInputs,
  { renews, ...context }: RequestContext & { readonly region: Region | undefined; readonly renews: boolean },
  problems: Problems,
): Promise<Pick<Request, 'roles' | 'renewal'>> {
  const none = { roles: undefined, renewal: undefined };
  if (renews) {
    const { readRenewal } = await import('./renewal.ts');
    return readRenewal(raw, context, problems) ?? none;
  }
  if (raw.roles === '') return none;
  const { readRoles } = await import('./roles.ts');
  return { ...none, roles: readRoles(raw, context, problems) };
}

function readRegion(raw: RawInputs, partitions: readonly Partition[], problems: Problems): Region | undefined {
  const name = raw['aws-region'];
  if (name === '') {
    return problems.add('aws-region', 'region', { reason: 'missing' });
  }
  const region = findRegion(name, partitions) ?? emulatorRegion(raw, partitions);
  return region ?? problems.add('aws-region', 'region', { reason: 'unknown', value: name });
}

/** Emulators take any name; with an endpoint, a region only has to be one that can be signed. */
function emulatorRegion(raw: RawInputs, partitions: readonly Partition[]): Region | undefined {
  const name = raw['aws-region'];
  const partition = partitions.find(({ id }) => id === 'aws');
  return partition && raw['sts-endpoint'] !== '' && /^[a-z0-9-]{1,63}$/.test(name) ? { name, partition } : undefined;
}

/** The accounts and the bucket check are read by a part that is only loaded for them. */
async function readAllowedAccounts(raw: RawInputs, expected: Expected, problems: Problems): Promise<readonly string[]> {
  if (raw['allowed-account-ids'] === '') return [];
  const { readAllowedAccounts: read } = await import('./checks.ts');
  return read(raw, expected, problems);
}

async function readBucketCheck(raw: RawInputs, problems: Problems): Promise<BucketCheck | undefined> {
  if (raw['list-buckets'] === '' && raw['expected-buckets'] === '') return undefined;
  const { readBucketCheck: read } = await import('./checks.ts');
  return read(raw, problems);
}

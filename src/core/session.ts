import { Failure } from './failure.ts';
import { backoff, type MintSetting, mint, type ReadySource } from './mint.ts';
import type { Answer, Identity, Keys, Ports, RoleCall, RoleSession, SessionCredentials } from './ports.ts';
import { isTemporary, type KeySource } from './request/keys.ts';
import type { MfaSource } from './request/mfa.ts';
import { type Plan, type Request, serialsOf } from './request/request.ts';
import type { RoleRequest } from './request/role.ts';
import { parseSerial, type Serial } from './request/serial.ts';
import { withoutOptionalTags } from './request/tags.ts';

/** The credentials that the step exports, and what is known of them. */
export interface Session {
  readonly credentials: SessionCredentials;
  readonly identity: Identity;
  readonly by: 'GetSessionToken' | 'AssumeRole' | 'the environment';
  /** The device whose code was spent, where one was. */
  readonly serial: string | undefined;
}

/**
 * Gets the session that the request asks for. Throws the `Failure` that says why it could not be had; nothing has been
 * exported then.
 */
export async function obtainSession(request: Request, ports: Ports): Promise<Session> {
  const session = (await reuseSession(request, ports)) ?? (await followPlan(request, ports));
  requireAllowed(session.identity, request.allowedAccounts);
  return session;
}

function followPlan(request: Request, ports: Ports): Promise<Session> {
  const { plan } = request;
  switch (plan.kind) {
    case 'session':
      return getSession(request, plan, ports);
    case 'role':
      return assumeRoleWithCode(request, plan, ports);
    case 'role-after-session':
      return assumeRoleAfterSession(request, plan, ports);
    case 'chained-role':
      return assumeRoleFromEnvironment(request, plan.role, ports);
  }
}

/** GetSessionToken. Who the user is, is asked beside it: the answers arrive together. */
async function getSession(
  request: Request,
  plan: Extract<Request['plan'], { kind: 'session' }>,
  ports: Ports,
): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await findDevice(plan.mfa, keys, ports);
  let asked: Promise<Answer<Identity>> | undefined;
  const who = (): Promise<Answer<Identity>> => (asked ??= ports.sts.callerIdentity(keys));
  const minted = await mint(
    source,
    (mfa) => {
      const answer = ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds);
      // Its failure is looked at where it is awaited, if it is at all.
      who().catch(() => undefined);
      return answer;
    },
    mintSetting(request, keys, ports, who, () => false),
  );
  return { credentials: minted.value, identity: unwrap(await who()), by: 'GetSessionToken', serial: minted.serial };
}

/** AssumeRole with the code itself: one call in all where the role's ARN is known. */
async function assumeRoleWithCode(
  request: Request,
  plan: Extract<Request['plan'], { kind: 'role' }>,
  ports: Ports,
): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await findDevice(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = new ShrinkableCall(await roleCall(plan.role, request, source, who));
  const minted = await mint(
    source,
    (mfa) => ports.sts.assumeRole(keys, call.current, mfa),
    mintSetting(request, keys, ports, who, () => call.shrink(ports)),
  );
  return { ...minted.value, by: 'AssumeRole', serial: minted.serial };
}

/** One code for a session token, and the role with that. */
async function assumeRoleAfterSession(
  request: Request,
  plan: Extract<Request['plan'], { kind: 'role-after-session' }>,
  ports: Ports,
): Promise<Session> {
  const keys = await longTermKeys(plan.keys, ports);
  const source = await findDevice(plan.mfa, keys, ports);
  const who = (): Promise<Answer<Identity>> => ports.sts.callerIdentity(keys);
  const call = await roleCall(plan.role, request, source, who);
  const minted = await mint(
    source,
    (mfa) => ports.sts.getSessionToken(keys, mfa, plan.sessionSeconds),
    mintSetting(request, keys, ports, who, () => false),
  );
  const role = await assumeRoleWithSession(minted.value, call, plan.role.plainSecretOnly, ports);
  return { ...role, by: 'AssumeRole', serial: minted.serial };
}

/** The role with the session that an earlier step exported; no code. */
async function assumeRoleFromEnvironment(request: Request, role: RoleRequest, ports: Ports): Promise<Session> {
  const keys = ports.keys.fromEnvironment() ?? (await ports.keys.fromDefaultChain());
  if (!keys.sessionToken) {
    throw new Failure(
      'session-not-found',
      'role-chaining is true, but the environment holds no session: no AWS_SESSION_TOKEN is set.',
    );
  }
  const call = await roleCall(role, request, undefined, () => ports.sts.callerIdentity(keys));
  return {
    ...(await assumeRoleWithSession(keys, call, role.plainSecretOnly, ports)),
    by: 'AssumeRole',
    serial: undefined,
  };
}

/** How often a secret without special characters is asked for: each has a chance of 28 %. */
const PLAIN_SECRET_ATTEMPTS = 50;

async function assumeRoleWithSession(
  keys: Keys,
  first: RoleCall,
  plainSecretOnly: boolean,
  ports: Ports,
): Promise<RoleSession> {
  const call = new ShrinkableCall(first);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ports.sts.assumeRole(keys, call.current, undefined);
    if (!answer.ok) {
      if (answer.failure.code === 'packed-policy-too-large' && call.shrink(ports)) continue;
      throw answer.failure;
    }
    if (!plainSecretOnly || /^[A-Za-z0-9]+$/.test(answer.value.credentials.secretAccessKey)) return answer.value;
    if (attempt >= PLAIN_SECRET_ATTEMPTS) {
      throw new Failure('incomplete-answer', `Each of ${attempt} secret keys had special characters.`, {
        remedy: 'Leave special-characters-workaround out, or run the step again.',
      });
    }
    if (attempt % 10 === 0) await ports.clock.sleep(backoff(attempt / 10, ports.random));
  }
}

/** A call that can be sent once more without its optional tags. */
class ShrinkableCall {
  current: RoleCall;

  constructor(call: RoleCall) {
    this.current = call;
  }

  /** Leaves the optional tags out; false where there are none any more. */
  shrink({ reporter }: Pick<Ports, 'reporter'>): boolean {
    const { sessionTags } = this.current;
    if (!sessionTags?.tags.some(({ optional }) => optional)) return false;
    this.current = { ...this.current, sessionTags: withoutOptionalTags(sessionTags) };
    reporter.info('STS found the session tags and policies too large; trying again without the optional tags.');
    return true;
  }
}

/** The session of the environment, where the user allowed that and it is the one that the plan would make. */
async function reuseSession({ reuse, plan, allowedAccounts }: Request, ports: Ports): Promise<Session | undefined> {
  if (reuse === undefined) return undefined;
  const keys = ports.keys.fromEnvironment();
  if (!keys?.sessionToken) return undefined;
  const left = keys.expiration && keys.expiration.getTime() - ports.clock.now();
  if (left !== undefined && left < reuse.minimumRemainingSeconds * 1000) {
    ports.reporter.info('The session in the environment ends too soon; getting a new one.');
    return undefined;
  }
  const answer = await ports.sts.callerIdentity(keys);
  if (!answer.ok) {
    // Whatever else is wrong says nothing of the session, and would be wrong with a new one too.
    if (!['session-expired', 'access-key-unknown', 'secret-key-wrong'].includes(answer.failure.code))
      throw answer.failure;
    ports.reporter.info('The session in the environment is not valid any more; getting a new one.');
    return undefined;
  }
  const identity = answer.value;
  if (!isPlanned(identity, plan) || (allowedAccounts.length > 0 && !allowedAccounts.includes(identity.account))) {
    ports.reporter.info(`The session in the environment is another one (${identity.arn}); getting a new one.`);
    return undefined;
  }
  ports.reporter.info(
    'Using the session in the environment; whether it was made with MFA cannot be told from outside.',
  );
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken, expiration },
    identity,
    by: 'the environment',
    serial: undefined,
  };
}

/** Whether an identity is what the plan would make: a session of its role, or of a user where it has none, in its account. */
function isPlanned({ arn, account }: Identity, plan: Plan): boolean {
  const role = plan.kind === 'session' ? undefined : plan.role.role;
  const assumed = /^arn:[^:]{1,30}:sts::\d{12}:assumed-role\/([^/]{1,64})\//.exec(arn)?.[1];
  const name = role && (role.kind === 'arn' ? role.arn : role.name).split('/').at(-1);
  return assumed === name && account === (plannedAccount(plan) ?? account);
}

/** The account of the role, or else of the device; undefined where neither names one. */
function plannedAccount(plan: Plan): string | undefined {
  if (plan.kind !== 'session' && plan.role.role.kind === 'arn') return plan.role.role.account;
  const [serial] = plan.kind === 'chained-role' ? [] : serialsOf(plan.mfa);
  return serial?.kind === 'virtual' ? serial.account : undefined;
}

async function longTermKeys(source: KeySource, ports: Ports): Promise<Keys> {
  if (source.kind === 'given') return source;
  const keys = await ports.keys.fromDefaultChain();
  if (keys.sessionToken || isTemporary(keys.accessKeyId)) {
    throw new Failure(
      'keys-temporary',
      'No aws-access-key-id was given, and the credentials found on the runner are temporary ones.',
    );
  }
  return keys;
}

/** The source with its device: where the serial was left out, the one usable device that the user has. */
async function findDevice(mfa: MfaSource, keys: Keys, ports: Ports): Promise<ReadySource> {
  if (mfa.kind === 'devices') return mfa;
  if (mfa.kind === 'code' && mfa.serial !== undefined) return { kind: 'code', serial: mfa.serial.text, code: mfa.code };
  const answer = await ports.iam.listDevices(keys);
  if (!answer.ok) {
    // Only a refusal to answer is about the devices; a wrong key or a network that is down has a remedy of its own.
    if (!['access-denied', 'explicit-deny'].includes(answer.failure.code)) throw answer.failure;
    throw new Failure(
      'mfa-device-not-found',
      `mfa-serial is not given, and asking IAM for the user's devices failed: ${answer.failure.message}`,
      {
        cause: answer.failure,
      },
    );
  }
  const serials = answer.value.map(parseSerial).filter((serial): serial is Serial => !('problem' in serial));
  const [serial, ...more] = serials;
  if (serial === undefined) {
    const passed =
      answer.value.length === 0 ? '' : ' that can be used with the API (security keys and passkeys cannot)';
    throw new Failure('mfa-device-not-found', `mfa-serial is not given, and this user has no MFA device${passed}.`);
  }
  if (more.length > 0) {
    throw new Failure(
      'mfa-device-not-found',
      `mfa-serial is not given, and this user has several MFA devices: ${serials.map(({ text }) => text).join(', ')}.`,
      {
        remedy: 'Write the one whose seed this is as mfa-serial, or give them all with their seeds as mfa-devices.',
      },
    );
  }
  if (mfa.kind === 'code') return { kind: 'code', serial: serial.text, code: mfa.code };
  const { seed, slot, maxWaitSeconds } = mfa;
  return { kind: 'devices', devices: [{ serial, seed }], slot, maxWaitSeconds };
}

function mintSetting(
  { maxAttempts }: Request,
  keys: Keys,
  { clock, reporter, random, memory, iam }: Ports,
  who: () => Promise<Answer<Identity>>,
  shrink: () => boolean,
): MintSetting {
  return {
    clock,
    reporter,
    random,
    memory,
    maxAttempts,
    shrink,
    async explainUnvalidated(serial) {
      const parsed = parseSerial(serial);
      const [devices, identity] = await Promise.all([iam.listDevices(keys), who()]);
      if (identity.ok && 'account' in parsed && parsed.account !== identity.value.account) {
        throw new Failure(
          'mfa-device-unknown',
          `The device ${serial} is in the account ${parsed.account}, and the access key is of ${identity.value.arn}.`,
        );
      }
      if (!devices.ok || devices.value.includes(serial)) return devices.ok;
      const real = devices.value.length === 0 ? 'it has none' : `it has ${devices.value.join(', ')}`;
      throw new Failure('mfa-device-unknown', `This user has no MFA device ${serial}; ${real}.`);
    },
  };
}

/** The call for a role; a role given by name is in the account of the device, or else of the caller. */
async function roleCall(
  { role, plainSecretOnly: _, ...rest }: RoleRequest,
  { region }: Request,
  source: ReadySource | undefined,
  who: () => Promise<Answer<Identity>>,
): Promise<RoleCall> {
  if (role.kind === 'arn') return { ...rest, roleArn: role.arn };
  const serial =
    source === undefined
      ? undefined
      : parseSerial(source.kind === 'code' ? source.serial : source.devices[0].serial.text);
  const account = serial !== undefined && 'account' in serial ? serial.account : unwrap(await who()).account;
  return { ...rest, roleArn: `arn:${region.partition.id}:iam::${account}:role/${role.name}` };
}

function unwrap<T>(answer: Answer<T>): T {
  if (!answer.ok) throw answer.failure;
  return answer.value;
}

function requireAllowed({ account, arn }: Identity, allowed: readonly string[]): void {
  if (allowed.length === 0 || allowed.includes(account)) return;
  throw new Failure(
    'account-not-allowed',
    `The credentials are of the account ${account} (${arn}), which allowed-account-ids does not allow.`,
  );
}

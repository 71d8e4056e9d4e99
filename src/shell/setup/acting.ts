import { type Identity, isTemporary, type Keys } from '../../core/credentials.ts';
import { Failure } from '../../core/failure.ts';
import { unwrap } from '../../core/ports.ts';
import type { Request } from '../../core/request.ts';
import type { RawInputs } from '../../inputs/names.ts';
import { parseConnection } from '../../inputs/request.ts';
import { userNameOf } from '../../setup/looking.ts';
import type { IamAdmin } from '../../setup/ports.ts';
import { cleanEnvironment } from '../child-environment.ts';
import { surroundings } from '../ci.ts';
import { flagsFor, givenFlags } from '../flags.ts';
import type { Services, ServicesContext } from '../obtain.ts';
import type { Options } from '../program.ts';
import { reporterOn, sayProblems } from '../report.ts';
import { type CommandContext, getSession, requestOf } from '../request.ts';
import { readValues } from '../values.ts';
import { ask } from './confirm.ts';
import type { StoreWiring } from './stores.ts';

/** AWS's IAM and the stores, as the entry provides them. */
export interface SetupWiring extends StoreWiring {
  readonly services: Services;
  /** IAM with these keys. */
  admin(keys: Keys): Promise<IamAdmin>;
  /** From now on, what ended the command (a signal) doesn't end calls of IAM and the stores any more. */
  outlive(): void;
}

/** What setting up needs from the command. */
export type SetupContext = ServicesContext & Pick<CommandContext, 'clockUntil'>;

/** Whoever changes IAM, and how. */
export interface Acting {
  readonly identity: Identity;
  /** The long-term keys of oneself, or what an administrator has. */
  readonly keys: Keys;
  readonly iam: IamAdmin;
  readonly services: Services;
  readonly wiring: StoreWiring & Pick<SetupWiring, 'outlive'>;
  /** How AWS is reached. Its plan is not to be followed. */
  readonly request: Request;
  /** The name of the user that this is. Throws the `Failure` if it isn't one. */
  userName(): string;
  /** A request with these inputs; undefined after everything that is wrong with them was said. */
  requestWith(inputs: Partial<RawInputs>): Promise<Request | undefined>;
}

/**
 * Finds out who is to change IAM: an administrator with whatever the default chain finds, or a user with an MFA session of its own, since
 * AWS lets a user with a device change nothing without one. Undefined after everything that is wrong with the inputs was said.
 */
export async function actAs(
  who: 'administrator' | 'oneself',
  options: Options,
  context: CommandContext,
): Promise<Acting | undefined> {
  const { env, lifetime, partitions, secrets, screen } = context;
  const reading = { env, signal: lifetime.signal, screen };
  const given = await readValues(givenFlags(options, flagsFor('setup')), 'setup', reading);
  if (given['mfa-code'] !== '') secrets.mask(given['mfa-code']);
  const { run } = surroundings(env);
  const parsed = await parseConnection(given, { partitions, run });
  if (!parsed.ok) {
    sayProblems(parsed.problems, given, screen);
    return undefined;
  }
  const { request } = parsed;
  lifetime.limit(request.timeoutSeconds);
  const wiring = await setUp(request, context);
  const { services } = wiring;
  const requestWith = (inputs: Partial<RawInputs>): Promise<Request | undefined> =>
    requestOf({ ...given, 'mfa-code': '', 'mfa-serial': '', ...inputs }, context);
  const keys = await services.keys.fromDefaultChain();
  const acting = { services, wiring, request, requestWith, keys };
  if (who === 'administrator') {
    const identity = unwrap(await services.sts.callerIdentity(keys));
    return { ...acting, identity, iam: await wiring.admin(keys), userName: () => userNameOf(identity) };
  }
  if (keys.sessionToken || isTemporary(keys.accessKeyId)) throw new Failure('keys-temporary', { source: keys.source });
  const code = given['mfa-code'] || (await askForCode(context));
  secrets.conceal(code);
  const own = await requestWith({
    'aws-access-key-id': keys.accessKeyId,
    'aws-secret-access-key': keys.secretAccessKey,
    'mfa-serial': given['mfa-serial'],
    'mfa-code': code,
  });
  if (own === undefined) return undefined;
  const { session } = await getSession(own, context);
  const { identity, credentials } = session;
  return { ...acting, identity, iam: await wiring.admin(credentials), userName: () => userNameOf(identity) };
}

function askForCode({ lifetime }: CommandContext): Promise<string> {
  const nobody = 'Nobody can be asked for a code here. Set MFA_CODE to a code of your own MFA device.';
  return ask('Code of your own MFA device: ', nobody, lifetime.signal);
}

/** IAM and the stores, for a command. */
export function setUp(request: Request, context: CommandContext): Promise<SetupWiring> {
  const { env, lifetime, secrets, screen, clockUntil } = context;
  return context.setUp(request, {
    env,
    signal: lifetime.signal,
    secrets,
    retry: { clock: lifetime.clock, reporter: reporterOn(screen), random: Math.random },
    childEnvironment: () => cleanEnvironment(env),
    clockOffset: 0,
    clockUntil,
  });
}

import type { Identity } from '../../core/credentials.ts';
import { Failure } from '../../core/failure.ts';
import type { Request } from '../../core/request.ts';
import { alarmOf, moveInWords, rotatedInWords, situationInWords } from '../../inputs/messages/rotation.ts';
import { tokenAlarm } from '../../inputs/messages/rotation-report.ts';
import type { RawInputs } from '../../inputs/names.ts';
import { ROTATION_SESSION } from '../../inputs/rotation.ts';
import { deviceWith, keyPair, type Made, type SecretSlot } from '../../setup/enrollment.ts';
import { type Finding, type RotationRun, rotationOf, runRotation } from '../../setup/rotation-run.ts';
import { EXIT } from '../exit.ts';
import { givenFlags } from '../flags.ts';
import type { Options } from '../program.ts';
import { type CommandContext, getSession, requestOf } from '../request.ts';
import { readValues, UsageError } from '../values.ts';
import { type SetupWiring, setUp } from './acting.ts';
import { isOn, optional } from './options.ts';
import { placesIn } from './places.ts';
import { slotsFor } from './stores.ts';

/** Takes one safe step of a rotation, or only says what the next one would be. Resolves to the exit code. */
export async function rotate(options: Options, context: CommandContext): Promise<number> {
  const { env, lifetime, screen } = context;
  const values = await readValues(givenFlags(options), 'rotate', { env, signal: lifetime.signal, screen });
  const given = { ...values, ...ROTATION_SESSION };
  requireOneSecret(given, isOn(options, 'devices'));
  const request = await requestOf(given, context);
  if (request === undefined) return EXIT.ownFailure;
  const limit = hoursIn(options, 'limitDays', 90, 24) / 24;
  const { session } = await getSession(request, context);
  const wiring = await setUp(request, context);
  try {
    const run = await runOf(options, request, session.identity, wiring, context);
    const iam = await wiring.admin(session.credentials);
    const ports = {
      iam,
      clock: lifetime.clock,
      identify: (keys: Made['keys']) => wiring.services.sts.callerIdentity(keys, 'aside'),
      prove: (made: Made) => prove(made, given, context),
    };
    const findings = await runRotation(run, ports, isOn(options, 'status') ? 'status' : 'step');
    const exitCode = report(findings, limit, isOn(options, 'status'), context);
    const alarm = tokenAlarm(run.key.store.tokenExpires, findings[0]?.situation.now ?? new Date());
    if (alarm !== undefined) screen.say(alarm.text);
    return alarm?.level === 'error' ? EXIT.ownFailure : exitCode;
  } finally {
    wiring.services.close();
  }
}

/** Two values can't be replaced in one write: a job between the two would get a pair that doesn't match. */
function requireOneSecret(given: RawInputs, devices: boolean): void {
  if (given['aws-access-key'] === '')
    throw new UsageError(
      'rotate needs the access key ID and the secret access key in one secret: AWS_ACCESS_KEY, as ID:SECRET. Store them like that (enroll does), and pass it with --aws-access-key-file or the variable.',
    );
  if (devices && (given['mfa-devices'] === '' || given['mfa-devices'].trim().includes('\n')))
    throw new UsageError(
      'rotate --devices needs the serial and the seed of one device in one secret, as "SERIAL SEED": MFA_DEVICES, or --mfa-devices-file.',
    );
}

async function runOf(
  options: Options,
  request: Request,
  identity: Identity,
  wiring: SetupWiring,
  { env }: CommandContext,
): Promise<RotationRun> {
  const [place, more] = placesIn(options, env);
  if (place === undefined || place.kind === 'output' || more !== undefined)
    throw new UsageError('Say where the secret is: --github [OWNER/REPO] or --gitlab PROJECT.');
  const store = await wiring.openStore(place);
  const [keySlot, deviceSlot] = slotsFor(place.kind, 'pairs');
  const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
  const rules = {
    maxAge: hoursIn(options, 'maxAgeDays', 60, 24),
    grace: hoursIn(options, 'graceHours', 24, 1),
    keep: hoursIn(options, 'keepDays', 7, 24),
  };
  const nameIn = (attribute: string, slot: SecretSlot | undefined): string =>
    optional(options, attribute, NAME) ?? slot?.name ?? '';
  const device = {
    secret: nameIn('deviceSecret', deviceSlot),
    separator: place.kind === 'gitlab' ? ':' : ' ',
    maxAge: hoursIn(options, 'deviceMaxAgeDays', 365, 24),
  } as const;
  return rotationOf(request, identity, {
    store,
    keySecret: nameIn('keySecret', keySlot),
    rules,
    device: isOn(options, 'devices') ? device : undefined,
  });
}

/** A number of days or hours, in hours. */
function hoursIn(options: Options, attribute: string, otherwise: number, unit: number): number {
  const text = options[attribute];
  if (typeof text !== 'string') return otherwise * unit;
  const flag = attribute.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0) throw new UsageError(`--${flag} isn't a number from 1 to 9999.`);
  return Number(text) * unit;
}

async function prove(made: Made, given: RawInputs, context: CommandContext): Promise<void> {
  const pairs = { 'aws-access-key': keyPair(made), 'mfa-devices': deviceWith(' ')(made) };
  const request = await requestOf({ ...given, 'mfa-serial': '', 'mfa-seed': '', ...pairs }, context);
  if (request === undefined) throw new Failure('unexpected', { error: 'the new device is not a valid input' });
  await getSession(request, context);
}

function report(
  findings: readonly Finding[],
  limitDays: number,
  isStatus: boolean,
  { screen }: CommandContext,
): number {
  let exitCode = 0;
  for (const finding of findings) {
    const { what, secret, situation, move, rotated } = finding;
    const lines = isStatus
      ? [...situationInWords(situation, what), `Next: ${moveInWords(move, what, secret)}`]
      : [rotatedInWords(rotated, what, secret) ?? moveInWords(move, what, secret)];
    screen.show(`${lines.join('\n')}\n`);
    const alarm = alarmOf(finding, limitDays, what);
    if (alarm === undefined) continue;
    screen.say(alarm);
    exitCode = EXIT.ownFailure;
  }
  return exitCode;
}

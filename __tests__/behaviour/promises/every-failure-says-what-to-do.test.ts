import { randomBytes } from 'node:crypto';
import { mkdirSync, utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codeOfStep, DEMO, type Emulator, type EmulatorOptions, type Fault, stepAt } from '../../../lab/aws/index.ts';
import { failuresOf } from '../../../scripts/samples/failures.ts';
import type { FailureCode } from '../../../src/core/failure.ts';
import { WORDING } from '../../../src/github/wording.ts';
import { explain, FAILURE_CODES } from '../../../src/inputs/messages/catalogue.ts';
import { COMMAND } from '../../../src/inputs/messages/command.ts';
import { STORES } from '../../../src/inputs/messages/stores.ts';
import { emulate } from '../../aws/wire.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { type Failed, fail, type Step, succeed } from '../../kit/failing.ts';
import { failingFiles, fullDiskAt } from '../../kit/faults.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { testNeeding } from '../../kit/platform.ts';
import { preloading } from '../../kit/preload.ts';
import { policy, roleThatAllows, spend, worldWith } from '../../kit/worlds.ts';

// Promise 4: every failure says what to do. Each code of the catalogue is brought about here, by the action as a user runs
// it, and what is printed ends with the one next thing to try. If only an answer made by the test can do it, a comment says why.

/** What its message names, and how it comes about. */
type Scenario = readonly [facts: readonly string[], act: () => Promise<Failed>];

const ONE_TRY = { 'disable-retry': 'true' };
const TO_ROLE = { 'role-to-assume': 'deploy' };
const WRONG_SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const CHAINED = {
  ...TO_ROLE,
  'aws-access-key-id': '',
  'aws-secret-access-key': '',
  'mfa-serial': '',
  'mfa-seed': '',
  'role-chaining': 'true',
  'role-to-assume': DEMO.roleArn,
};
const SEALING_KEY = randomBytes(32).toString('base64');
const SEALING = { 'seal-session': 'true', 'sealing-key': SEALING_KEY };
/** A job that is handed a session needs no key, no device and no code. */
const OPENING = {
  'aws-access-key-id': '',
  'aws-secret-access-key': '',
  'mfa-serial': '',
  'mfa-seed': '',
  'sealing-key': SEALING_KEY,
};
const SESSION = {
  AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'aSecretOfTheSession/EXAMPLE',
  AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjEXAMPLE',
};

async function when(step: Step, options: EmulatorOptions = {}, ...faults: readonly Fault[]): Promise<Failed> {
  const emulator = await emulate(options);
  for (const fault of faults) emulator.faults.add({ times: Infinity, ...fault });
  return fail(emulator, step);
}

const given = (inputs: Readonly<Record<string, string>>, options: EmulatorOptions = {}, ...faults: readonly Fault[]) =>
  when({ inputs }, options, ...faults);

const refusing = (status: number, code: string, message: string): Fault => ({
  kind: 'refuse-with',
  status,
  code,
  message,
});

/** A role that lets its users do no more than this. */
const onlyAllowing = (...actions: readonly string[]) => ({
  world: worldWith((account) => account.roles.splice(0, 1, roleThatAllows('deploy', actions))),
});

/** The action can't have the failures of the command. */
const OF_COMMAND = { ...COMMAND, ...STORES };
type ActionCode = Exclude<FailureCode, keyof typeof OF_COMMAND>;
const ACTION_CODES = FAILURE_CODES.filter((code): code is ActionCode => !(code in OF_COMMAND));

const SCENARIOS: Readonly<Record<ActionCode, Scenario>> = {
  'invalid-input': [['aws-region', '"Nowhere"'], () => given({ 'aws-region': 'Nowhere' })],
  'host-unknown': [['GITHUB_ACTIONS'], () => when({ stepEnv: { GITHUB_ACTIONS: undefined } })],
  'command-file-missing': [['GITHUB_ENV'], () => when({ stepEnv: { GITHUB_ENV: undefined } })],
  'command-file-unwritable': [
    ['GITHUB_ENV', 'EACCES'],
    () => when({ stepEnv: failingFiles([{ call: 'openSync', path: 'GITHUB_ENV', code: 'EACCES' }]) }),
  ],

  'keys-not-found': [['aws-access-key-id'], () => given({ 'aws-access-key-id': '', 'aws-secret-access-key': '' })],
  'keys-temporary': [
    ['AWS_ACCESS_KEY_ID'],
    () => when({ inputs: { 'aws-access-key-id': '', 'aws-secret-access-key': '' }, env: SESSION }),
  ],
  'session-not-found': [['role-chaining', 'AWS_ACCESS_KEY_ID'], withoutSession],

  'mfa-code-refused': [['mfa-max-wait-seconds'], () => refusedAt(72.5, '0')],
  'mfa-seed-wrong': [[], () => refusedAt(132.5, '0')],
  'mfa-code-spent': [['mfa-code'], usedCode],
  'mfa-device-unknown': [['GAHT12345678'], () => given({ 'mfa-serial': 'GAHT12345678' })],
  'mfa-device-not-found': [
    ['mfa-serial'],
    () => given({ 'mfa-serial': '' }, { world: worldWith((_account, user) => user.devices.splice(0)) }),
  ],
  'mfa-wait-too-long': [['mfa-max-wait-seconds'], lateTurn],
  // Both values are always sent.
  'mfa-incomplete': [
    ['AssumeRole'],
    () =>
      given(TO_ROLE, {}, refusing(403, 'AccessDenied', 'must provide both MFA serial number and one time pass code.')),
  ],
  // Temporary keys are told by how they begin, before a call; AWS may come to give out others.
  'session-credentials-refused': [
    ['GetSessionToken'],
    () => given({}, {}, refusing(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials')),
  ],

  'assume-role-denied': [['AssumeRole'], () => given({ 'role-to-assume': 'other' })],
  'tag-session-denied': [['AssumeRole'], () => given(TO_ROLE, onlyAllowing('sts:AssumeRole'))],
  'source-identity-denied': [
    ['AssumeRole'],
    () => given({ ...TO_ROLE, 'role-source-identity': 'octocat' }, onlyAllowing('sts:AssumeRole', 'sts:TagSession')),
  ],
  'explicit-deny': [
    ['AssumeRole'],
    () =>
      given(TO_ROLE, {
        world: worldWith((_account, user) =>
          user.policies.push(policy({ Effect: 'Deny', Action: '*', Resource: '*' })),
        ),
      }),
  ],
  // What is denied in STS has a code of its own above; this is for words that are not known yet.
  'access-denied': [['AssumeRole'], () => given(TO_ROLE, {}, refusing(403, 'AccessDenied', 'no'))],
  // Refused before any call, as an input; here in case AWS counts otherwise.
  'chained-duration-too-long': [
    ['AssumeRole'],
    () => given(TO_ROLE, {}, refusing(400, 'ValidationError', 'DurationSeconds exceeds the 1 hour session limit for')),
  ],
  'role-duration-too-long': [
    ['AssumeRole'],
    () => given({ ...TO_ROLE, 'role-duration-seconds': '7200' }, onlyAllowing('sts:AssumeRole', 'sts:TagSession')),
  ],
  'packed-policy-too-large': [
    ['AssumeRole'],
    () =>
      given(TO_ROLE, { world: worldWith((_account, _user, world) => Object.assign(world, { packedSizeLimit: 9 })) }),
  ],
  'malformed-policy': [
    ['AssumeRole'],
    () => given({ ...TO_ROLE, 'inline-session-policy': '{"Statement":[{"Effect":"Maybe"}]}' }),
  ],
  'invalid-parameter': [
    ['AssumeRole'],
    () => given({ ...TO_ROLE, 'managed-session-policies': 'arn:aws:iam::aws:policy/NoSuch' }),
  ],

  'access-key-unknown': [['InvalidClientTokenId'], () => given({ 'aws-access-key-id': 'AKIAI44QH8DHBEXAMPLE' })],
  'secret-key-wrong': [['SignatureDoesNotMatch'], () => given({ 'aws-secret-access-key': 'notTheSecretOfThisKey' })],
  // A clock that is off is corrected from the first refusal; this is one that cannot be.
  'clock-off': [
    ['AssumeRole'],
    () => given(TO_ROLE, {}, refusing(403, 'SignatureDoesNotMatch', 'Signature expired: now')),
  ],
  // The emulator knows a session only where it gave it out; refusals.test.ts has one that has really ended.
  'session-expired': [
    ['AssumeRole'],
    () => when({ inputs: CHAINED, env: SESSION }, {}, refusing(403, 'ExpiredToken', 'is expired')),
  ],
  'region-disabled': [
    ['RegionDisabledException'],
    () => given({}, { world: worldWith((account) => account.disabledRegions.push(DEMO.region)) }),
  ],
  throttled: [['Throttling'], () => given(ONE_TRY, {}, { kind: 'throttle' })],
  'service-unavailable': [['HTTP 503'], () => given(ONE_TRY, {}, { kind: 'status', status: 503 })],
  network: [['GetSessionToken', 'ECONNRESET'], () => given(ONE_TRY, {}, { kind: 'reset-after' })],
  unreachable: [['ECONNREFUSED'], closedPort],
  'proxy-refused': [['localhost:', 'HTTP 403'], lockedProxy],
  'tls-untrusted': [['localhost:'], () => given(ONE_TRY, { tls: true })],
  'incomplete-answer': [['HTTP 200'], () => given(ONE_TRY, {}, { kind: 'truncate' })],

  'sealed-session-empty': [[], () => given({ ...OPENING, 'sealed-session': '' })],
  'sealed-session-altered': [
    [],
    () => opening((sealed) => ({ inputs: { 'sealed-session': `${sealed.slice(0, -1)}*` } })),
  ],
  'sealed-session-version': [
    ['2', '1'],
    () => opening((sealed) => ({ inputs: { 'sealed-session': sealed.replace('aws-mfa-1.', 'aws-mfa-2.') } })),
  ],
  'sealed-session-elsewhere': [
    ['1658821493', '1658821494'],
    () => opening(() => ({ env: { GITHUB_RUN_ID: '1658821494' } })),
  ],
  'sealed-session-expired': [['2026-09-01T13:00:'], openedTooLate],
  'sealed-session-masked': [[], () => given({ ...SEALING, 'http-proxy': 'http://u:e@127.0.0.1:1' })],
  'session-expiry-unknown': [
    [],
    async () => {
      const emulator = await emulate();
      const { exported } = (await succeed(emulator)).result;
      const inputs = { ...CHAINED, 'role-to-assume': '', roles: `mine = ${DEMO.roleArn}`, ...SEALING };
      return fail(emulator, { inputs, env: exported });
    },
  ],
  'session-not-renewing': [
    ['assumed-role/deploy'],
    async () => {
      const emulator = await emulate();
      const { exported } = (await succeed(emulator, { inputs: { 'role-to-assume': 'deploy' } })).result;
      return fail(emulator, { inputs: { ...CHAINED, renew: 'true' }, env: exported });
    },
  ],
  'sealing-key-wrong': [
    ['sealing-key'],
    () => opening(() => ({ inputs: { 'sealing-key': randomBytes(32).toString('base64') } })),
  ],

  'account-not-allowed': [
    ['allowed-account-ids'],
    // Where the device is named, it tells the account before a code is spent.
    () => given({ 'allowed-account-ids': '444455556666', 'mfa-serial': '' }),
  ],
  'buckets-denied': [
    ['ListBuckets'],
    () => given({ 'list-buckets': 'true' }, { world: worldWith((_account, user) => user.policies.splice(0)) }),
  ],
  'bucket-not-found': [['no-such-bucket'], () => given({ 'expected-buckets': 'no-such-bucket' })],
  'bucket-denied': [
    ['example-logs'],
    () =>
      given({ 'expected-buckets': 'example-logs' }, { world: worldWith((_account, user) => user.policies.splice(0)) }),
  ],
  'buckets-unauthenticated': [
    ['SignatureDoesNotMatch'],
    () => given({ 'list-buckets': 'true' }, {}, { service: 's3', ...refusing(403, 'SignatureDoesNotMatch', 'no') }),
  ],

  'profile-exists': [['other'], () => given({ 'aws-profile': 'other' })],
  'profile-unwritable': [
    ['temp'],
    // RUNNER_TEMP, seen from where the step runs.
    () => when({ inputs: { 'aws-profile': 'mine' }, env: { AWS_CONFIG_FILE: 'temp' } }),
  ],
  'profile-locked': [['config.lock'], lockedProfile],
  'export-failed': [['ENOSPC'], () => when({ stepEnv: fullDiskAt('GITHUB_ENV') })],

  'timed-out': [['1 s', 'action-timeout-s'], () => given({ 'action-timeout-s': '1' }, {}, { kind: 'hang' })],
  cancelled: [['SIGINT'], interrupted],
  unexpected: [['time is out of joint'], unforeseen],
};

describe('what is printed ends with what to do', () => {
  const { cancelled, ...others } = SCENARIOS;

  for (const code of ACTION_CODES) if (code !== 'cancelled') test(code, () => check(code, others[code]));

  testNeeding('signals')('cancelled', () => check('cancelled', cancelled));

  async function check(code: ActionCode, [facts, act]: Scenario): Promise<void> {
    const failed = await act();
    expectFailure(failed, code, ...facts);
    expect(failuresOf(code).map((failure) => explain(failure, WORDING).remedy)).toContain(failed.remedy);
  }
});

test('every failure of the catalogue has a scenario here', () => {
  expect(Object.keys(SCENARIOS).sort()).toEqual([...ACTION_CODES].sort());
});

function withoutSession(): Promise<Failed> {
  const env = { AWS_ACCESS_KEY_ID: DEMO.accessKeyId, AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey };
  return when({ inputs: CHAINED, env });
}

/** What a job's step seals. */
async function sealed(emulator: Emulator, step: Step = {}): Promise<string> {
  const { result } = await succeed(emulator, { ...step, inputs: SEALING });
  const text = result.outputs['sealed-session'] ?? '';
  expect(text).toMatch(/^aws-mfa-1\./);
  return text;
}

/** Another job opens what one has sealed, and something is changed on the way; nothing is sent. */
async function opening(change: (text: string) => Step): Promise<Failed> {
  const emulator = await emulate();
  const text = await sealed(emulator);
  const step = change(text);
  const failed = await fail(emulator, { ...step, inputs: { ...OPENING, 'sealed-session': text, ...step.inputs } });
  expect(failed.calls).toEqual([]);
  return failed;
}

/** The session lasts an hour, and the other job comes two hours later. */
async function openedTooLate(): Promise<Failed> {
  const time = timeInBucket(12.5);
  const emulator = await emulate({ clock: time.clock });
  const text = await sealed(emulator, { stepEnv: time.env });
  const later = timeInBucket(12.5 + 7200);
  return fail(emulator, { inputs: { ...OPENING, 'sealed-session': text }, stepEnv: later.env });
}

/** All codes are refused from so many seconds after the beginning of a bucket on. */
async function refusedAt(seconds: number, maxWait: string): Promise<Failed> {
  const time = timeInBucket(seconds);
  const inputs = { 'mfa-seed': WRONG_SEED, 'mfa-max-wait-seconds': maxWait };
  return when({ inputs, stepEnv: time.env }, { clock: time.clock });
}

async function usedCode(): Promise<Failed> {
  const time = timeInBucket(72.5);
  const emulator = await emulate({ clock: time.clock });
  await spend(emulator, [0]);
  const code = codeOfStep(DEMO.seed, stepAt(emulator.clock.now()));
  return fail(emulator, { inputs: { 'mfa-seed': '', 'mfa-code': code }, stepEnv: time.env });
}

async function lateTurn(): Promise<Failed> {
  const time = timeInBucket(72.5);
  return when(
    { inputs: { 'mfa-slot': '19/20', 'mfa-max-wait-seconds': '0' }, stepEnv: time.env },
    { clock: time.clock },
  );
}

async function closedPort(): Promise<Failed> {
  const { close, ...emulator } = await emulate();
  await close();
  return fail(emulator, { inputs: ONE_TRY });
}

async function lockedProxy(): Promise<Failed> {
  const proxy = createServer().on('connect', (_request, socket) => {
    // The step may be gone before this is.
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  try {
    return await given({ 'http-proxy': `http://127.0.0.1:${port}` }, { tls: true });
  } finally {
    proxy.close();
  }
}

async function lockedProfile(): Promise<Failed> {
  // It asks for the lock every 50 ms for ten seconds, which take no time here.
  const time = timeInBucket(12.5, 50);
  const prepare: Step['prepare'] = ({ home }) => {
    const lock = join(home, '.aws/config.lock');
    mkdirSync(lock);
    // Its time is in the future, so nobody takes it for the lock of a dead process.
    utimesSync(lock, Date.UTC(2100, 0) / 1000, Date.UTC(2100, 0) / 1000);
  };
  return when({ inputs: { 'aws-profile': 'mine' }, stepEnv: time.env, prepare }, { clock: time.clock });
}

async function interrupted(): Promise<Failed> {
  const emulator = await emulate();
  emulator.faults.add({ kind: 'hang' });
  const { started } = interrupt(['SIGINT'], arrived(emulator.calls, 'GetSessionToken'));
  return fail(emulator, { started });
}

function unforeseen(): Promise<Failed> {
  return when({ stepEnv: preloading('unforeseen') });
}

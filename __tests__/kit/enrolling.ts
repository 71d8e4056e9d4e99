import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  build,
  codeOfStep,
  DEMO,
  type Emulator,
  type FaultKind,
  SettableClock,
  startEmulator,
  stepAt,
  type User,
} from '../../lab/aws/index.ts';
import { type Github, githubWorld, startGithub } from '../../lab/github/index.ts';
import type { Replacement } from '../../lab/http/interruptions.ts';
import { PARTITIONS } from '../../src/aws/partitions.ts';
import { connect } from '../../src/cli-connect.ts';
import { setUp } from '../../src/cli-setup.ts';
import type { Clock } from '../../src/core/ports.ts';
import { runCommand } from '../../src/shell/dispatch.ts';
import { readCommandLine } from '../../src/shell/program.ts';
import { sayFailure, screenOn } from '../../src/shell/report.ts';
import { startSecrets } from '../../src/shell/secrets.ts';
import { call } from '../aws/wire.ts';
import { policy, worldWith } from './worlds.ts';

// The commands that change IAM, between an AWS and a GitHub of their own, with any call of theirs in trouble. They run in this process,
// and a wait only moves the clock of all three.

export const ADMIN = {
  AWS_ACCESS_KEY_ID: 'AKIAADMINADMINADMIN1',
  AWS_SECRET_ACCESS_KEY: 'TheSecretAccessKeyOfAnAdministrator00001',
} as const;
export const TOKEN = 'github_pat_11AAAAAAA0exampleOfAToken';
const REPOSITORY = 'acme/app';

/** Whose user it is. */
export type Mode =
  | 'an administrator'
  /** Who can tag itself, or not. */
  | 'oneself with tags'
  | 'oneself';

/** One request of a run: which of its kind, in order. */
export type CallPlace =
  | { readonly server: 'AWS'; readonly operation: string; readonly skip: number }
  | { readonly server: 'GitHub'; readonly method: string; readonly url: string; readonly skip: number };

/** What goes wrong with a request. */
export type Trouble =
  | 'refused'
  | 'throttled'
  | 'error before'
  | 'reset before'
  | 'reset after'
  | 'hang before'
  | 'hang after';

export interface Ended {
  readonly exitCode: number;
  /** What a person read. */
  readonly screen: string;
}

/** A clock that a test can move. */
export type MovingClock = Pick<SettableClock, 'now' | 'advance'>;

/** A place in which one user is enrolled for one repository. */
export interface Scene {
  readonly emulator: Emulator;
  readonly hub: Github;
  readonly clock: MovingClock;
  readonly mode: Mode;
  readonly home: string;
  /** The variables of the command. A person's code is one of now. */
  env(): Readonly<Record<string, string>>;
  /** All requests so far, in order. */
  readonly places: readonly CallPlace[];
  /** Called when a request is answered, or certainly won't be. */
  onAnswered: (place: CallPlace) => void;
  trouble(place: CallPlace, trouble: Trouble): void;
  close(): Promise<void>;
}

/** What a user that may enroll itself needs, besides tagging itself. */
const OWN_ACTIONS = [
  ...['Enable', 'Deactivate', 'CreateVirtual', 'DeleteVirtual'].map((verb) => `iam:${verb}MFADevice`),
  ...['List', 'Create', 'Delete'].map((verb) => `iam:${verb}AccessKey${verb === 'List' ? 's' : ''}`),
];
const TAGGING = ['iam:GetUser', 'iam:TagUser', 'iam:UntagUser'];

function worldFor(mode: Mode) {
  return worldWith((account, user, world) => {
    const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
    const accessKeys = [{ id: ADMIN.AWS_ACCESS_KEY_ID, secret: ADMIN.AWS_SECRET_ACCESS_KEY }];
    account.users.push(build.user({ name: 'admin', accessKeys, policies: [everything] }));
    const actions = mode === 'oneself' ? OWN_ACTIONS : [...OWN_ACTIONS, ...TAGGING];
    if (mode !== 'an administrator') user.policies.push(policy({ Effect: 'Allow', Action: actions, Resource: '*' }));
    world.delays = { accessKey: { ms: 0 }, device: { ms: 0 } };
  });
}

/** Starts the servers. The clock begins at the real time, since undoing has a deadline of its own. */
export async function startScene(mode: Mode, clock: MovingClock = new SettableClock(Date.now())): Promise<Scene> {
  const places: CallPlace[] = [];
  const note = (place: CallPlace): void => {
    places.push(place);
    scene.onAnswered(place);
  };
  const emulator = await startEmulator({
    world: worldFor(mode),
    clock,
    answered: ({ operation }) =>
      note({
        server: 'AWS',
        operation,
        skip: places.filter((one) => 'operation' in one && one.operation === operation).length,
      }),
  });
  const hub = await startGithub({
    clock,
    world: githubWorld({
      repositories: [{ id: 4711, fullName: REPOSITORY, environments: [] }],
      tokens: [{ value: TOKEN, kind: 'personal', sees: [REPOSITORY], permissions: { secrets: 'write' } }],
    }),
    answered: ({ method, url }) =>
      note({
        server: 'GitHub',
        method,
        url,
        skip: places.filter((one) => 'url' in one && one.url.includes(url) && one.method === method).length,
      }),
  });
  const home = mkdtempSync(join(tmpdir(), 'enrolling-'));
  const scene: Scene = {
    emulator,
    hub,
    clock,
    mode,
    home,
    env: () => ({
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_CACHE_HOME: home,
      LOCALAPPDATA: home,
      AWS_REGION: DEMO.region,
      AWS_ENDPOINT_URL: emulator.endpoint,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: hub.apiUrl,
      GH_TOKEN: TOKEN,
      ...(mode === 'an administrator'
        ? ADMIN
        : {
            AWS_ACCESS_KEY_ID: DEMO.accessKeyId,
            AWS_SECRET_ACCESS_KEY: DEMO.secretAccessKey,
            MFA_SERIAL: DEMO.serial,
            MFA_CODE: codeOfStep(DEMO.seed, stepAt(clock.now())),
          }),
    }),
    places,
    onAnswered: () => undefined,
    trouble: (place, trouble) => addTrouble({ emulator, hub }, place, trouble),
    async close() {
      await Promise.all([emulator.close(), hub.close()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
  return scene;
}

const AWS_TROUBLES: Readonly<Record<Trouble, FaultKind>> = {
  refused: {
    kind: 'refuse-with',
    status: 403,
    code: 'AccessDenied',
    message: 'User: arn:aws:iam::111122223333:user/someone is not authorized to perform this action',
  },
  throttled: { kind: 'throttle' },
  'error before': { kind: 'status', status: 500 },
  'reset before': { kind: 'reset-before' },
  'reset after': { kind: 'reset-after' },
  'hang before': { kind: 'hang' },
  'hang after': { kind: 'hang', handled: true },
};

const GITHUB_TROUBLES: Readonly<
  Record<Trouble, { readonly when: 'before' | 'after'; readonly as: 'reset' | 'hang' | Replacement }>
> = {
  refused: {
    when: 'before',
    as: {
      status: 403,
      headers: { 'x-accepted-github-permissions': 'secrets=write' },
      body: { message: 'Resource not accessible by personal access token' },
    },
  },
  throttled: { when: 'before', as: { status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too many' } } },
  'error before': { when: 'before', as: { status: 500, body: { message: 'Server Error' } } },
  'reset before': { when: 'before', as: 'reset' },
  'reset after': { when: 'after', as: 'reset' },
  'hang before': { when: 'before', as: 'hang' },
  'hang after': { when: 'after', as: 'hang' },
};

function addTrouble({ emulator, hub }: Pick<Scene, 'emulator' | 'hub'>, place: CallPlace, trouble: Trouble): void {
  if (place.server === 'GitHub') hub.interruptions.add({ ...GITHUB_TROUBLES[trouble], ...place });
  else emulator.faults.add({ ...AWS_TROUBLES[trouble], operation: place.operation, skip: place.skip });
}

/** Runs the command in this process. `signal` ends it as Ctrl-C does. */
export async function runIn(
  scene: Scene,
  args: readonly string[],
  {
    env = {},
    signal = new AbortController().signal,
  }: { readonly env?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<Ended> {
  const secrets = startSecrets();
  let shown = '';
  const screen = screenOn({ write: (text: string) => (shown += text) } as unknown as NodeJS.WritableStream, secrets);
  const clockUntil = (end: AbortSignal): Clock => ({
    now: () => scene.clock.now(),
    async sleep(milliseconds) {
      end.throwIfAborted();
      scene.clock.advance(milliseconds);
    },
  });
  try {
    const exitCode = await runCommand(readCommandLine([...args], '0.0.0'), {
      env: { ...scene.env(), ...env },
      lifetime: { signal, clock: clockUntil(signal), limit: () => undefined, succeed: () => undefined },
      clockUntil,
      secrets,
      screen,
      partitions: PARTITIONS,
      connect,
      setUp,
    });
    return { exitCode, screen: shown };
  } catch (error) {
    sayFailure(error, screen);
    return { exitCode: 125, screen: shown };
  }
}

/** The arguments that enroll in this mode. */
export function enrollArgs(mode: Mode): readonly string[] {
  const who = mode === 'an administrator' ? ['--user', 'pipeline', '--role', DEMO.roleArn] : ['--self', '--new-key'];
  return ['enroll', ...who, '--github', REPOSITORY, '--yes'];
}

/** The user that is enrolled. */
export function enrolled({ emulator, mode }: Scene): User | undefined {
  const name = mode === 'an administrator' ? 'pipeline' : 'ci';
  return emulator.world.accounts[0]?.users.find((user) => user.name === name);
}

/** The secrets of the repository. */
export function secretsOf({ hub }: Scene): Readonly<Record<string, string>> {
  const { secrets } = hub.stores.vault({ kind: 'actions', of: REPOSITORY });
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

/** Whether a pipeline gets a session with what is stored. */
export async function secretsWork(scene: Scene): Promise<boolean> {
  const { AWS_ACCESS_KEY: pair = '', AWS_MFA_DEVICE: device = '' } = secretsOf(scene);
  const [accessKeyId = '', secretAccessKey = ''] = pair.split(':');
  const [serial = '', seed = ''] = device.split(' ');
  if (secretAccessKey === '' || seed === '') return false;
  // Nobody has used a code of then.
  scene.clock.advance(180_000);
  const code = codeOfStep(seed, stepAt(scene.clock.now()));
  const reply = await call(scene.emulator, { accessKeyId, secretAccessKey }, 'GetSessionToken', {
    SerialNumber: serial,
    TokenCode: code,
  });
  return reply.status === 200;
}

/** Everything that an enrollment made and that is still there, in words. */
export function remains(scene: Scene): readonly string[] {
  const { emulator, mode } = scene;
  const user = enrolled(scene);
  const isOwn = mode !== 'an administrator';
  const tags = Object.keys(user?.tags ?? {});
  return [
    ...(user !== undefined && !isOwn ? ['the user pipeline'] : []),
    ...(isOwn && tags.length > 0 ? ['the tag on ci'] : []),
    ...(isOwn ? [] : Object.keys(user?.namedPolicies ?? {}).map((name) => `the policy ${name}`)),
    ...(user?.devices ?? []).filter(({ serial }) => serial !== DEMO.serial).map(({ serial }) => `the device ${serial}`),
    ...(emulator.world.accounts[0]?.unassignedDevices ?? []).map(({ serial }) => `the device ${serial}`),
    ...(user?.accessKeys ?? []).filter(({ id }) => id !== DEMO.accessKeyId).map(({ id }) => id),
    ...Object.keys(secretsOf(scene)),
  ];
}

/** What is wrong after a run; empty if nothing is. */
export async function complaints(scene: Scene, { exitCode, screen }: Ended): Promise<readonly string[]> {
  if (exitCode === 0) return (await secretsWork(scene)) ? [] : ['the stored secrets do not work'];
  if (Object.keys(secretsOf(scene)).length > 0)
    return screen.includes('Run the same command again to complete it.') ? [] : ['secrets were left without a word'];
  return remains(scene)
    .filter((thing) => !screen.split('\n').some((line) => line.includes('Still there') && line.includes(thing)))
    .map((thing) => `${thing} was left without a word`);
}

/** The same after one more run, which must succeed and leave one of each. */
export async function complaintsAgain(
  scene: Scene,
  run: (scene: Scene, args: readonly string[]) => Promise<Ended> = runIn,
): Promise<readonly string[]> {
  scene.clock.advance(60_000);
  const ended = await run(scene, enrollArgs(scene.mode));
  if (ended.exitCode !== 0) return [`again: ${ended.screen}`];
  const user = enrolled(scene);
  const own = scene.mode === 'an administrator' ? 0 : 1;
  const counts = [
    user?.accessKeys.length,
    user?.devices.length,
    scene.emulator.world.accounts[0]?.unassignedDevices.length,
  ];
  return [
    ...(counts.join() === [own + 1, own + 1, 0].join() ? [] : [`again: keys, devices, unassigned: ${counts}`]),
    ...(/^\d/.test(user?.tags['aws-mfa-credentials-enrolling'] ?? '') ? ['again: still marked'] : []),
    ...((await secretsWork(scene)) ? [] : ['again: the stored secrets do not work']),
  ];
}

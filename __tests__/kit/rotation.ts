import { DEMO, type Emulator, startEmulator } from '../../lab/aws/index.ts';
import type { AccessKey, User, World } from '../../lab/aws/world.ts';
import { type Github, githubWorld, startGithub, type Token } from '../../lab/github/index.ts';
import type { Job, StepOptions, StepResult } from '../../lab/runner/job.ts';
import { closeAfterTest, jobFor } from './action.ts';
import { timeInBucket } from './clocks.ts';
import { policy, worldWith } from './worlds.ts';

// The sub-action `rotate` with an AWS and a GitHub of its own, at the same time.

export const DAY_MS = 86_400_000;

/** The token that may write secrets. */
export const TOKEN = 'github_pat_11AAAAAAA0rotating0rotating0rotating';
const REPOSITORY = 'octo-org/octo-repo';

/** The device of the demo's user, as the secret holds it. */
export const DEVICE = `${DEMO.serial} ${DEMO.seed}`;
/** Its key. */
export const KEY = `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`;

/** What differs from a key that is due, in a secret that was written when the key was created. */
export interface RotationSetting {
  /** The user's keys, by their age in days. By default one, which the secret holds. */
  readonly keys?: readonly (Partial<AccessKey> & { readonly ageDays: number })[];
  /** When the secret was written. By default, when the first key was created. Undefined: there is none. */
  readonly writtenDaysAgo?: number | undefined;
  readonly token?: Partial<Token>;
  readonly env?: Readonly<Record<string, string>>;
  readonly change?: (user: User, world: World) => void;
}

export interface Rotating {
  readonly emulator: Emulator;
  readonly github: Github;
  readonly job: Job;
  readonly user: User;
  /** The current time. */
  now(): number;
  /** Runs a step with these inputs in addition to those that it needs. */
  rotate(inputs?: Readonly<Record<string, string>>, options?: Omit<StepOptions, 'inputs'>): Promise<StepResult>;
  /** What a secret of the repository holds now. */
  secret(name?: string): string | undefined;
}

/** The inputs that every step needs. */
export const INPUTS = {
  'aws-region': DEMO.region,
  'aws-access-key': KEY,
  'mfa-devices': DEVICE,
  'github-token': TOKEN,
} as const;

/** Starts an AWS and a GitHub in a common time, and a job on a runner. Sleeps take no time. */
export async function startRotating(setting: RotationSetting = {}): Promise<Rotating> {
  const { keys = [{ ageDays: 61 }], token, env = {}, change = () => undefined } = setting;
  const time = timeInBucket(0, 1000);
  const [first] = keys;
  const written = 'writtenDaysAgo' in setting ? setting.writtenDaysAgo : first?.ageDays;
  let user: User | undefined;
  const world = worldWith((account, found, all) => {
    user = found;
    found.accessKeys = keys.map(({ ageDays, ...given }) => ({
      id: DEMO.accessKeyId,
      secret: DEMO.secretAccessKey,
      ...given,
      createdAt: time.clock.now() - ageDays * DAY_MS,
    }));
    found.policies.push(policy({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }));
    all.delays = { accessKey: { ms: 0 }, device: { ms: 0 } };
    change(found, all);
    account.users = [found];
  });
  if (user === undefined) throw new Error('the demo has a user');
  const emulator = await startEmulator({ world, clock: time.clock });
  closeAfterTest(() => emulator.close());
  const github = await startGithub({
    clock: time.clock,
    world: githubWorld({
      repositories: [{ id: 4711, fullName: REPOSITORY, environments: ['production'] }],
      tokens: [
        {
          value: TOKEN,
          kind: 'personal',
          sees: [REPOSITORY],
          permissions: { secrets: 'write', environments: 'write' },
          ...token,
        } as Token,
      ],
    }),
  });
  closeAfterTest(() => github.close());
  const vault = github.stores.vault({ kind: 'actions', of: REPOSITORY });
  if (written !== undefined)
    for (const [name, value] of [
      ['AWS_ACCESS_KEY', KEY],
      ['AWS_MFA_DEVICE', DEVICE],
    ] as const)
      vault.store(name, value, time.clock.now() - written * DAY_MS);
  const job = jobFor(emulator, { entry: 'rotate', env: { ...time.env, GITHUB_API_URL: github.apiUrl, ...env } });
  return {
    emulator,
    github,
    job,
    user,
    now: time.clock.now,
    rotate: (inputs = {}, options = {}) => job.step({ ...options, inputs: { ...INPUTS, ...inputs } }),
    secret: (name = 'AWS_ACCESS_KEY') => vault.value(name),
  };
}

import { user } from '../../lab/aws/build.ts';
import { PLAYGROUND, playgroundWorld } from '../../lab/aws/demo-world.ts';
import { type Account, codeOfStep, type Emulator, stepAt, type User, type World } from '../../lab/aws/index.ts';
import { createIamAdmin } from '../../src/aws/iam-admin.ts';
import type { Keys } from '../../src/core/credentials.ts';
import type { Answer } from '../../src/core/ports.ts';
import type { CodePair, IamAdmin } from '../../src/setup/ports.ts';
import { emulate } from '../aws/wire.ts';
import { clientSetting } from './client-setting.ts';
import { policy } from './worlds.ts';

// The IamAdmin port against the emulator, for tests of it.

export const ACCOUNT = PLAYGROUND.accountId;
export const ARN = `arn:aws:iam::${ACCOUNT}:user/ci`;
export const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/ci`;
/** A managed policy that may be a boundary. */
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/limits`;
export const SEED: string = PLAYGROUND.seed;
/** A key that a test may give to the user `ci`. */
export const OF_CI: Keys = { accessKeyId: 'AKIACI00000000000001', secretAccessKey: 's' };
export const DOCUMENT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::50%+é"}]}';
export const ALL = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
export const PLAIN = { name: 'ci', tags: {}, boundary: undefined };

export interface Setting {
  readonly iam: IamAdmin;
  readonly emulator: Emulator;
  readonly account: Account;
  readonly ci: User;
  readonly shared: ReturnType<typeof clientSetting>;
}

/** IAM for the administrator of an account that also has the user `ci`, as a test wants it. */
export async function administrate(
  change: (ci: User, account: Account, world: World) => void = () => undefined,
  keys: Keys = PLAYGROUND.admin,
): Promise<Setting> {
  const world = playgroundWorld();
  const [account] = world.accounts;
  if (account === undefined) throw new Error('the playground has an account');
  const ci = user({ name: 'ci' });
  account.users.push(ci);
  account.managedPolicies.push({ arn: BOUNDARY, document: ALL });
  change(ci, account, world);
  const emulator = await emulate({ world });
  const shared = clientSetting(emulator.endpoint, { maxAttempts: 12 });
  return { iam: createIamAdmin(shared, keys), emulator, account, ci, shared };
}

/** The same without the user `ci`. */
export function withoutUser(change: (account: Account, world: World) => void = () => undefined): Promise<Setting> {
  return administrate((ci, account, world) => {
    account.users.splice(account.users.indexOf(ci), 1);
    change(account, world);
  });
}

/** The value of an answer, or the failure's code and facts. */
export function told<T>(answer: Answer<T>): unknown {
  return answer.ok ? answer.value : { [answer.failure.code]: answer.failure.facts };
}

/** The code of a failure. */
export function codeOf<T>(answer: Answer<T>): string {
  return answer.ok ? 'no failure' : answer.failure.code;
}

/** The codes of the previous step and of this one, by the emulator's clock. */
export function codesBy({ clock }: Pick<Emulator, 'clock'>, seed = SEED): () => CodePair {
  return () => {
    const step = stepAt(clock.now());
    return [codeOfStep(seed, step - 1), codeOfStep(seed, step)];
  };
}

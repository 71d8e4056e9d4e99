import { role } from '../../lab/aws/build.ts';
import { DEMO, demoWorld } from '../../lab/aws/demo-world.ts';
import type { Emulator } from '../../lab/aws/index.ts';
import type { PolicyDocument, PolicyStatement } from '../../lab/aws/policy/document.ts';
import { codeOfStep, stepAt } from '../../lab/aws/totp.ts';
import type { Account, Role, User, World } from '../../lab/aws/world.ts';
import { call } from '../aws/wire.ts';

// Worlds in which something is not as it should be, made from the demo's.

/** The demo's world, changed. */
export function worldWith(change: (account: Account, user: User, world: World) => void): World {
  const world = demoWorld();
  const [account] = world.accounts;
  const [user] = account?.users ?? [];
  if (account === undefined || user === undefined) throw new Error('the demo has an account with a user');
  change(account, user, world);
  return world;
}

/** A policy of one statement. */
export function policy(statement: PolicyStatement): PolicyDocument {
  return { Version: '2012-10-17', Statement: statement };
}

/** A role of the demo's account that lets its users do these things, under this condition. */
export function roleThatAllows(
  name: string,
  actions: readonly string[],
  condition: PolicyStatement['Condition'] = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  more: Partial<Role> = {},
): Role {
  const trustPolicy = policy({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DEMO.accountId}:root` },
    Action: actions,
    Condition: condition,
  });
  return role({ name, trustPolicy, ...more });
}

/** Somebody else's job spends these codes of the demo's device: each in steps from the emulator's present one. */
export async function spend(emulator: Emulator, offsets: readonly number[]): Promise<void> {
  for (const offset of offsets) {
    const reply = await sendCode(emulator, codeOfStep(DEMO.seed, stepAt(emulator.clock.now()) + offset));
    if (reply.status !== 200) throw new Error(`the code of step ${offset} could not be spent: ${reply.body}`);
  }
}

/** Somebody else's job uses up verifications of the demo's device with wrong codes. */
export async function useUp(emulator: Emulator, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await sendCode(emulator, '000000');
}

function sendCode(emulator: Emulator, code: string) {
  const keys = { accessKeyId: DEMO.accessKeyId, secretAccessKey: DEMO.secretAccessKey };
  return call(emulator, keys, 'GetSessionToken', { SerialNumber: DEMO.serial, TokenCode: code });
}

/** Whoever comes with an AWS account and wants a pipeline in it: an administrator, or a user of somebody else's account with a phone. */
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, DEMO, demoWorld, type PolicyDocument, type User, type World } from '../aws/index.ts';

/** The person, and the account before anything was enrolled. All secrets are new. */
export interface Newcomer {
  readonly world: World;
  readonly key: { readonly id: string; readonly secret: string };
  /** The seed on the phone; undefined for an administrator. */
  readonly phone: string | undefined;
  readonly roleArn: string;
  /** What an enrollment has made: the key that the pipeline uses, and the new device. */
  enrolled(): Enrolled;
}

export interface Enrolled {
  readonly key: { readonly id: string; readonly secret: string };
  readonly device: { readonly serial: string; readonly seed: string };
}

/** The account has a role and buckets, and no user but the newcomer. */
export function newcomer(who: 'administrator' | 'user'): Newcomer {
  const key = { id: `AKIA${base32(16)}`, secret: randomBytes(30).toString('base64') };
  const phone = who === 'user' ? base32(64) : undefined;
  const person = phone === undefined ? administrator(key) : guest(key, phone);
  const world = demoWorld();
  const [account] = world.accounts;
  if (account === undefined) throw new Error('the demo has an account');
  account.users = [person];
  return {
    world,
    key,
    phone,
    roleArn: DEMO.roleArn,
    enrolled() {
      const user = phone === undefined ? account.users.find(({ name }) => name === 'ci') : person;
      const [made] = user?.accessKeys ?? [];
      const device = user?.devices.at(-1);
      if (made === undefined || device === undefined) throw new Error('there is no key or no device');
      return { key: made, device };
    },
  };
}

function administrator(key: Newcomer['key']): User {
  const attachedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  return build.user({ name: 'admin', accessKeys: [key], attachedPolicies });
}

/** May do what docs/iam.md tells the owner of the account to allow, and nothing else. */
function guest(key: Newcomer['key'], phone: string): User {
  const serial = `arn:aws:iam::${DEMO.accountId}:mfa/alex`;
  return build.user({
    name: 'alex',
    accessKeys: [key],
    devices: [build.device({ serial, seed: phone })],
    policies: [ownersPolicy()],
  });
}

function ownersPolicy(): PolicyDocument {
  const page = readFileSync(join(import.meta.dirname, '../../docs/iam.md'), 'utf8');
  const [, json] = /^### What the owner has to allow$[\s\S]*?^```json\n([\s\S]*?)^```$/m.exec(page) ?? [];
  if (json === undefined) throw new Error("docs/iam.md doesn't say what the owner has to allow");
  return JSON.parse(json);
}

/** Random characters of Base32's alphabet. */
function base32(length: number): string {
  return Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(randomInt(32))).join('');
}

import { user } from './build.ts';
import { DEMO, demoWorld } from './demo-world.ts';
import type { World } from './world.ts';

/**
 * What `npm run emulator` has: the demo's account, and an administrator for the commands of the documents. Its user is not
 * called `ci`, so that the README's first step can create that one.
 */
export const TRIAL = {
  ...DEMO,
  userName: 'demo',
  serial: `arn:aws:iam::${DEMO.accountId}:mfa/demo`,
  admin: {
    accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
  },
} as const;

/** The world of `npm run emulator`. */
export function trialWorld(): World {
  const world = demoWorld();
  for (const account of world.accounts) {
    for (const one of account.users) {
      one.name = TRIAL.userName;
      for (const device of one.devices) device.serial = TRIAL.serial;
    }
    account.users.push(
      user({
        name: 'admin',
        accessKeys: [{ id: TRIAL.admin.accessKeyId, secret: TRIAL.admin.secretAccessKey }],
        attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
    );
  }
  return world;
}

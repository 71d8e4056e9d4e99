/**
 * The emulator in a separate process, so that its work doesn't count as the action's. Its world has a user for every run, since a
 * code works once and a device accepts nine in three minutes, and a role that all of them may assume. Prints its endpoint and
 * certificate as a line of JSON.
 */
import { build, startEmulator } from '../aws/index.ts';
import { ACCOUNT, benchUser, ROLE } from './users.ts';

const users = Array.from({ length: Number(process.argv[3] ?? 100) }, (_, index) => {
  const { name, accessKeyId, secretAccessKey, serial, seed } = benchUser(index);
  return build.user({
    name,
    accessKeys: [{ id: accessKeyId, secret: secretAccessKey }],
    devices: [build.device({ serial, seed })],
    policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] }],
  });
});
const role = build.role({
  name: ROLE,
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
  },
});
const emulator = await startEmulator({
  tls: process.argv[2] === 'tls',
  world: build.world({ accounts: [build.account({ id: ACCOUNT, users, roles: [role] })] }),
});
console.log(JSON.stringify({ endpoint: emulator.endpoint, caPem: emulator.caPem }));

/**
 * The emulator in a process of its own, so that its work does not count as the action's. Its world has a user for every run:
 * a code works once, and a device answers nine in three minutes. Prints its endpoint and certificate as one line of JSON.
 */
import { build, startEmulator } from '../aws/index.ts';
import { benchUser } from './users.ts';

const users = Array.from({ length: Number(process.argv[3] ?? 100) }, (_, index) => {
  const { name, accessKeyId, secretAccessKey, serial, seed } = benchUser(index);
  return build.user({
    name,
    accessKeys: [{ id: accessKeyId, secret: secretAccessKey }],
    devices: [build.device({ serial, seed })],
  });
});
const emulator = await startEmulator({
  tls: process.argv[2] === 'tls',
  world: build.world({ accounts: [build.account({ id: '111122223333', users })] }),
});
console.log(JSON.stringify({ endpoint: emulator.endpoint, caPem: emulator.caPem }));

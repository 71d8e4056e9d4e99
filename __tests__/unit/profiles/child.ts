// A step in a process of its own, for the tests: ACTION CONFIG CREDENTIALS NAME.
import { once } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { prepareProfiles } from '../../../src/profiles/profiles.ts';
import { removeProfiles } from '../../../src/profiles/removal.ts';
import { parseWrittenProfiles } from '../../../src/profiles/written.ts';

const [action = '', config = '', credentials = '', name = ''] = process.argv.slice(2);
const profile = {
  name,
  region: 'eu-central-1',
  credentials: { accessKeyId: `ASIA${name}`, secretAccessKey: `secret-${name}`, sessionToken: `token-${name}` },
};

if (action === 'interrupted') {
  // As an action that winds up in its own time: whatever it began must get to its end.
  process.once('SIGTERM', () => setTimeout(() => process.stdout.write('wound up\n', () => process.exit()), 200));
}
const prepared = await prepareProfiles({ config, credentials }, [profile], 'refuse');
if (action === 'killed within') {
  // Between the writing of temporary files and their move into place.
  fs.renameSync = () => {
    fs.writeSync(1, `${JSON.stringify(prepared.written)}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  syncBuiltinESMExports();
  prepared.commit();
} else if (action === 'killed' || action === 'interrupted') {
  process.stdout.write(`${JSON.stringify(prepared.written)}\n`);
  setInterval(() => undefined, 1_000);
} else {
  prepared.commit();
  prepared.release();
  process.stdout.write(`${JSON.stringify(prepared.written)}\n`);
  await once(process.stdin, 'data');
  const written = parseWrittenProfiles(JSON.stringify(prepared.written));
  process.stdout.write(`${JSON.stringify(written && (await removeProfiles(written)))}\n`);
  process.stdin.destroy();
}

/**
 * `npm run demo`: the built action, run as a runner runs it against the local emulator. Five scenes, each with a verdict:
 * whether what is promised is true.
 */
import { type Emulator, startEmulator } from '../aws/index.ts';
import { styled } from './print.ts';
import { play, run } from './scene.ts';
import { LOST, MISTAKE, opening, ROLE, SEALING, SESSION } from './scenes.ts';

/** An AWS of its own for each scene: no code of one is spent in the next. */
async function inFreshAws(scene: (emulator: Emulator) => Promise<boolean>): Promise<boolean> {
  const emulator = await startEmulator();
  try {
    return await scene(emulator);
  } finally {
    await emulator.close();
  }
}

// Whoever reads no further, as `head` does, has seen enough.
process.stdout.on('error', () => process.exit());

const results = [
  await inFreshAws((emulator) => play(SESSION, emulator)),
  await inFreshAws((emulator) => play(ROLE, emulator)),
  await inFreshAws(async (emulator) => {
    emulator.faults.add({ kind: 'reset-after', operation: 'GetSessionToken' });
    return play(LOST, emulator);
  }),
  await inFreshAws(async (emulator) => {
    const { step } = await run(SEALING, emulator);
    return play(opening(step.outputs['sealed-session'] ?? ''), emulator);
  }),
  await inFreshAws((emulator) => play(MISTAKE, emulator)),
];

const passed = results.filter(Boolean).length;
console.log(`\n${passed} of ${results.length} scenes are as promised (Node ${process.version}).`);
console.log(styled('dim', '`npm run emulator` starts the same AWS for your own tools and workflows.'));
process.exitCode = passed === results.length ? 0 : 1;

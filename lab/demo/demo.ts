/**
 * `npm run demo`: runs the built action as a runner does, and the command as a shell does, against the local emulator. Six scenes, each
 * with a verdict on what it promises.
 */
import { type Emulator, startEmulator } from '../aws/index.ts';
import { builtCommand } from '../command/built.ts';
import { playCommand } from './command-scene.ts';
import { styled } from './print.ts';
import { play, run } from './scene.ts';
import { LOST, MISTAKE, opening, ROLE, SEALING, SESSION } from './scenes.ts';

/** Plays a scene with a fresh AWS, so that no scene uses another's codes. */
async function inFreshAws(scene: (emulator: Emulator) => Promise<boolean>): Promise<boolean> {
  const emulator = await startEmulator();
  try {
    return await scene(emulator);
  } finally {
    await emulator.close();
  }
}

// The reader may stop early, as `head` does.
process.stdout.on('error', () => process.exit());

// It may have to be built, which takes longer than the other scenes.
const command = builtCommand();
// A failure is reported when its turn comes.
command.catch(() => undefined);

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
  await inFreshAws(async (emulator) => playCommand(await command, emulator)),
];

const passed = results.filter(Boolean).length;
console.log(`\n${passed} of ${results.length} scenes are as promised (Node ${process.version}).`);
console.log(styled('dim', 'To use the same AWS with your own tools and workflows, run `npm run emulator`.'));
process.exitCode = passed === results.length ? 0 : 1;

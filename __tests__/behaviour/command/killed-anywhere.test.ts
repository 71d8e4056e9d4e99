import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { builtCommand } from '../../../lab/command/built.ts';
import { TAGS } from '../../../src/setup/enrollment.ts';
import { closeAfterTest } from '../../kit/action.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import {
  type CallPlace,
  complaints,
  complaintsAgain,
  type Ended,
  enrollArgs,
  enrolled,
  type Mode,
  type Scene,
  secretsWork,
  startScene,
  type Trouble,
} from '../../kit/enrolling.ts';

// The command is killed, or receives Ctrl-C, exactly before a call is handled, after it was handled, and after it was answered. The same
// command once more completes it. `npm run test:nightly` does that at every call, `npm test` at some of them.

const NIGHTLY = Number(process.env['PROPERTY_FACTOR'] || 1) > 1;
const EVERY = NIGHTLY ? 1 : 7;

const MOMENTS = ['before it is handled', 'after it is handled', 'after it is answered'] as const;
type Moment = (typeof MOMENTS)[number];

const HANGS: Readonly<Record<Moment, Trouble | undefined>> = {
  'before it is handled': 'hang before',
  'after it is handled': 'hang after',
  'after it is answered': undefined,
};

interface Started {
  readonly scene: Scene;
  run(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ended>;
}

async function start(mode: Mode): Promise<Started> {
  const time = timeInBucket(0, 1000);
  const [command, scene] = await Promise.all([builtCommand(), startScene(mode, time.clock)]);
  closeAfterTest(() => scene.close());
  return {
    scene,
    run: (args, onStart) =>
      new Promise((resolve, reject) => {
        const env = { ...scene.env(), ...time.env };
        const child = spawn(process.execPath, [command, ...args], { cwd: scene.home, env });
        onStart?.(child);
        let screen = '';
        child.stdout.resume();
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          screen += text;
        });
        child.stdin.end();
        child.once('error', reject);
        child.once('close', (code) => resolve({ exitCode: code ?? 137, screen }));
      }),
  };
}

async function callsOf(mode: Mode): Promise<readonly CallPlace[]> {
  const { scene, run } = await start(mode);
  expect(await run(enrollArgs(mode))).toMatchObject({ exitCode: 0 });
  return [...scene.places];
}

/** What is wrong after a signal at one call, and one more run. */
async function complaintsAfter(signal: 'SIGKILL' | 'SIGINT', mode: Mode, place: CallPlace, moment: Moment) {
  const { scene, run } = await start(mode);
  const hang = HANGS[moment];
  if (hang !== undefined) scene.trouble(place, hang);
  const ended = await run(enrollArgs(mode), (child) => {
    scene.onAnswered = (answered) => {
      if (Object.values(answered).join() === Object.values(place).join()) child.kill(signal);
    };
  });
  scene.onAnswered = () => undefined;
  const wrong = signal === 'SIGINT' || ended.exitCode === 0 ? await complaints(scene, ended) : [];
  // Killed when everything was done, or not in time.
  if (ended.exitCode === 0 || (await isComplete(scene))) return { ended, wrong };
  return { ended, wrong: [...wrong, ...(await complaintsAgain(scene, (_, args) => run(args)))] };
}

/** Whether an administrator's enrollment has done its last call. */
async function isComplete(scene: Scene): Promise<boolean> {
  const tags = enrolled(scene)?.tags ?? {};
  return TAGS.key in tags && tags[TAGS.pending] === 'no' && (await secretsWork(scene));
}

const CASES = (['an administrator', 'oneself'] as const).flatMap((mode) =>
  (['SIGKILL', 'SIGINT'] as const).map((signal) => [mode, signal] as const),
);

test.each(CASES)(
  'enroll by %s survives %s at its calls',
  async (mode, signal) => {
    const places = (await callsOf(mode)).flatMap((place) => MOMENTS.map((moment) => ({ place, moment })));
    const failed: Record<string, unknown> = {};
    const tried = places.filter((_, index) => index % EVERY === (signal === 'SIGKILL' ? 0 : 3) % EVERY);
    for (const { place, moment } of tried) {
      const { wrong, ended } = await complaintsAfter(signal, mode, place, moment);
      if (wrong.length > 0) failed[`${Object.values(place).join(' ')} ${moment}`] = { wrong, ended };
    }
    expect(failed).toEqual({});
    expect(tried.length).toBeGreaterThanOrEqual(10);
  },
  900_000,
);

import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import {
  type CallPlace,
  type Ended,
  enrollArgs,
  enrolled,
  type Mode,
  remains,
  runIn,
  type Scene,
  secretsOf,
  secretsWork,
  startScene,
  type Trouble,
} from '../../kit/enrolling.ts';

// Each call of an enrollment fails once, in each way. Afterwards either everything is there and works, or nothing is left but what was
// said; and the same command once more completes it.

const MODES: readonly Mode[] = ['an administrator', 'oneself with tags'];
const TROUBLES: readonly Trouble[] = ['refused', 'throttled', 'error before', 'reset before', 'reset after'];

async function withScene<T>(mode: Mode, act: (scene: Scene) => Promise<T>): Promise<T> {
  const scene = await startScene(mode);
  try {
    return await act(scene);
  } finally {
    await scene.close();
  }
}

/** The calls of a run without trouble. */
function callsOf(mode: Mode): Promise<readonly CallPlace[]> {
  return withScene(mode, async (scene) => {
    const ended = await runIn(scene, enrollArgs(mode));
    expect(ended).toMatchObject({ exitCode: 0 });
    return [...scene.places];
  });
}

/** What is wrong after a run; empty if nothing is. */
async function complaints(scene: Scene, { exitCode, screen }: Ended): Promise<readonly string[]> {
  if (exitCode === 0) return (await secretsWork(scene)) ? [] : ['the stored secrets do not work'];
  if (Object.keys(secretsOf(scene)).length > 0)
    return screen.includes('Run the same command again to complete it.') ? [] : ['secrets were left without a word'];
  return remains(scene)
    .filter((thing) => !screen.split('\n').some((line) => line.includes('Still there: ') && line.includes(thing)))
    .map((thing) => `${thing} was left without a word`);
}

/** The same after one more run, which must succeed and leave one of each. */
async function complaintsAgain(scene: Scene): Promise<readonly string[]> {
  scene.clock.advance(60_000);
  const ended = await runIn(scene, enrollArgs(scene.mode));
  if (ended.exitCode !== 0) return [`again: ${ended.screen}`];
  const user = enrolled(scene);
  const own = scene.mode === 'an administrator' ? 0 : 1;
  const counts = [
    user?.accessKeys.length,
    user?.devices.length,
    scene.emulator.world.accounts[0]?.unassignedDevices.length,
  ];
  return [
    ...(counts.join() === [own + 1, own + 1, 0].join() ? [] : [`again: keys, devices, unassigned: ${counts}`]),
    ...(Object.keys(user?.tags ?? {}).includes('aws-mfa-credentials-enrolling') ? ['again: still marked'] : []),
    ...((await secretsWork(scene)) ? [] : ['again: the stored secrets do not work']),
  ];
}

beforeAll(() => {
  // What there is to paste into a workflow.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

/** What is wrong after a run with trouble at each of its calls in turn, by call. */
async function afterEachCall(
  mode: Mode,
  run: (scene: Scene, place: CallPlace) => Promise<Ended>,
): Promise<Readonly<Record<string, unknown>>> {
  const failed: Record<string, unknown> = {};
  for (const place of await callsOf(mode))
    await withScene(mode, async (scene) => {
      const ended = await run(scene, place);
      const wrong = [
        ...(await complaints(scene, ended)),
        ...(ended.exitCode === 0 ? [] : await complaintsAgain(scene)),
      ];
      if (wrong.length > 0) failed[Object.values(place).join(' ')] = { wrong, ended };
    });
  return failed;
}

describe.each(MODES)('enroll by %s', (mode) => {
  test.each(TROUBLES)('survives every call %s', async (trouble) => {
    const failed = await afterEachCall(mode, async (scene, place) => {
      scene.trouble(place, trouble);
      return runIn(scene, enrollArgs(mode));
    });
    expect(failed).toEqual({});
  });

  test.each(['error before', 'reset before', 'reset after'] as const)(
    'survives every call %s if none is repeated',
    async (trouble) => {
      const failed = await afterEachCall(mode, async (scene, place) => {
        scene.trouble(place, trouble);
        return runIn(scene, enrollArgs(mode), { env: { DISABLE_RETRY: 'true' } });
      });
      expect(failed).toEqual({});
    },
  );

  test.each(['hang before', 'hang after'] as const)(
    'takes back what it made if it is cancelled: every call %s',
    async (trouble) => {
      const failed = await afterEachCall(mode, async (scene, place) => {
        scene.trouble(place, trouble);
        const controller = new AbortController();
        const at = scene.places.length;
        scene.onAnswered = (answered) => {
          if (Object.values(answered).join() === Object.values(place).join() && scene.places.length > at)
            controller.abort(new Failure('cancelled', { signal: 'SIGINT' }));
        };
        return runIn(scene, enrollArgs(mode), { signal: controller.signal });
      });
      expect(failed).toEqual({});
    },
  );
});

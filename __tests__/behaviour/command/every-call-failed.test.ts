import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import {
  type CallPlace,
  complaints,
  complaintsAgain,
  type Ended,
  enrollArgs,
  type Mode,
  runIn,
  type Scene,
  startScene,
  type Trouble,
} from '../../kit/enrolling.ts';

// Each call of an enrollment fails once, in each way. Afterwards either everything is there and works, or nothing is left but what was
// said; and the same command once more completes it.

const MODES: readonly Mode[] = ['an administrator', 'oneself with tags', 'oneself'];
const TROUBLES: readonly Trouble[] = ['refused', 'throttled', 'error before', 'reset before', 'reset after'];
/** What isn't in every `npm test`: what it shows, the others show as well. */
const NIGHTLY_ONLY: readonly string[] =
  Number(process.env['PROPERTY_FACTOR'] || 1) > 1 ? [] : ['throttled', 'error before', 'reset before'];

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
  const isIncluded = (trouble: Trouble): boolean => mode === 'an administrator' || !NIGHTLY_ONLY.includes(trouble);

  test.each(TROUBLES.filter(isIncluded))('survives every call %s', async (trouble) => {
    const failed = await afterEachCall(mode, async (scene, place) => {
      scene.trouble(place, trouble);
      return runIn(scene, enrollArgs(mode));
    });
    expect(failed).toEqual({});
  });

  test.each((['error before', 'reset after'] as const).filter(isIncluded))(
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

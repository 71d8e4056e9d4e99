import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  type CallPlace,
  enrollArgs,
  enrolled,
  type Mode,
  remains,
  runIn,
  type Scene,
  startScene,
  type Trouble,
} from '../../kit/enrolling.ts';

// Each call of unenroll and revoke fails once, in each way.

beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const TROUBLES: readonly Trouble[] =
  Number(process.env['PROPERTY_FACTOR'] || 1) > 1
    ? ['refused', 'throttled', 'error before', 'reset before', 'reset after']
    : ['refused', 'throttled', 'reset after'];

const UNENROLL = ['unenroll', '--user', 'pipeline', '--github', 'acme/app', '--yes'];
const REVOKE = ['revoke', '--user', 'pipeline', '--role-name', 'deploy', '--yes'];

/** A scene after an enrollment, and the calls of one run of a command in another. */
async function afterEachCall(
  mode: Mode,
  args: readonly string[],
  run: (scene: Scene, place: CallPlace) => Promise<readonly string[]>,
): Promise<Readonly<Record<string, unknown>>> {
  const enrolledScene = async (): Promise<Scene> => {
    const scene = await startScene(mode);
    expect(await runIn(scene, enrollArgs(mode))).toMatchObject({ exitCode: 0 });
    return scene;
  };
  const good = await enrolledScene();
  const before = good.places.length;
  expect(await runIn(good, args)).toMatchObject({ exitCode: 0 });
  await good.close();
  const failed: Record<string, unknown> = {};
  for (const place of good.places.slice(before)) {
    const scene = await enrolledScene();
    const happened = scene.places.filter((one) => sameKind(one, place)).length;
    const wrong = await run(scene, { ...place, skip: place.skip - happened });
    if (wrong.length > 0) failed[Object.values(place).join(' ')] = wrong;
    await scene.close();
  }
  return failed;
}

function sameKind(one: CallPlace, other: CallPlace): boolean {
  const kind = ({ skip: _, ...rest }: CallPlace): string => Object.values(rest).join(' ');
  return kind(one) === kind(other);
}

describe('unenroll', () => {
  test.each(TROUBLES)('is done after one more run if a call is %s', async (trouble) => {
    const failed = await afterEachCall('an administrator', UNENROLL, async (scene, place) => {
      scene.trouble(place, trouble);
      const first = await runIn(scene, UNENROLL, { env: { DISABLE_RETRY: String(trouble !== 'throttled') } });
      if (first.exitCode === 0) return remains(scene);
      const second = await runIn(scene, UNENROLL);
      return [...remains(scene), ...(second.exitCode === 0 ? [] : [second.screen])];
    });
    expect(failed).toEqual({});
  });
});

describe('revoke', () => {
  const state = (scene: Scene) => {
    const user = enrolled(scene);
    const role = scene.emulator.world.accounts[0]?.roles.find(({ name }) => name === 'deploy');
    return [
      ...(user?.accessKeys ?? []).filter(({ inactive }) => inactive !== true).map(() => 'an active key'),
      ...(user?.devices ?? []).map(() => 'a device'),
      ...[user, role].map((owner) => `${'AWSRevokeOlderSessions' in (owner?.namedPolicies ?? {})}`),
    ];
  };

  test.each(TROUBLES)('does everything else if a call is %s, and all of it in one more run', async (trouble) => {
    const failed = await afterEachCall('an administrator', REVOKE, async (scene, place) => {
      scene.trouble(place, trouble);
      const first = await runIn(scene, REVOKE, { env: { DISABLE_RETRY: String(trouble !== 'throttled') } });
      const done = ['true', 'true'];
      // The caller can't be asked for anything.
      const isFirst = 'operation' in place && place.operation === 'GetCallerIdentity';
      const undone = state(scene).filter((each) => each !== 'true');
      const wrong = [
        ...(undone.length > 1 && !isFirst ? ['more than one thing was left out', ...undone] : []),
        ...(undone.length > 0 && first.exitCode === 0 ? ['nothing was said'] : []),
      ];
      const second = await runIn(scene, REVOKE);
      return [
        ...wrong,
        ...(second.exitCode === 0 ? [] : [second.screen]),
        ...(state(scene).join() === done.join() ? [] : state(scene)),
      ];
    });
    expect(failed).toEqual({});
  });

  test('says that there is no such user', async () => {
    const scene = await startScene('an administrator');
    const ended = await runIn(scene, ['revoke', '--user', 'nobody', '--yes']);
    expect(ended).toMatchObject({ exitCode: 125, screen: expect.stringContaining('nobody') });
    await scene.close();
  });
});

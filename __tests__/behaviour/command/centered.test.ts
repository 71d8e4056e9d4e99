import { beforeAll, expect, jest, test } from '@jest/globals';
import { SettableClock } from '../../../lab/aws/index.ts';
import { enrollArgs, runIn, startScene } from '../../kit/enrolling.ts';

const STEP_MS = 30_000;

beforeAll(() => {
  // What there is to paste into a workflow.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('enroll centers the window of the device and wastes no code, at whatever moment of a step', async () => {
  const start = Math.ceil(Date.now() / STEP_MS) * STEP_MS;
  const odd: Record<number, unknown> = {};
  for (let moment = 0; moment < STEP_MS; moment += 700) {
    const scene = await startScene('an administrator', new SettableClock(start + moment));
    const { exitCode } = await runIn(scene, enrollArgs('an administrator'));
    const { emulator } = scene;
    const user = emulator.world.accounts[0]?.users.find(({ name }) => name === 'pipeline');
    const found = {
      exitCode,
      adjustmentSteps: user?.devices[0]?.adjustmentSteps,
      codes: emulator.calls.filter(({ operation }) => operation === 'GetSessionToken').map(({ status }) => status),
    };
    if (JSON.stringify(found) !== '{"exitCode":0,"adjustmentSteps":0,"codes":[200]}') odd[moment] = found;
    await scene.close();
  }
  expect(odd).toEqual({});
});

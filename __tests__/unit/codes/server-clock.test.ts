import { describe, expect, test } from '@jest/globals';
import { ServerClock } from '../../../src/core/codes/server-clock.ts';
import { FakeClock, FakeReporter } from '../../kit/fake-ports.ts';

const NOW = 1_800_000_000_000;

function clockWith(offset = 0) {
  const local = new FakeClock(NOW);
  const reporter = new FakeReporter();
  return { local, reporter, server: new ServerClock(local, reporter, offset) };
}

describe('AWS’s clock', () => {
  test('is the local one until a response says otherwise', async () => {
    const { local, server } = clockWith();
    expect(server.now()).toBe(NOW);
    await local.sleep(5_000);
    expect(server.now()).toBe(NOW + 5_000);
  });

  test('begins with what is remembered', () => {
    expect(clockWith(-60_000).server.now()).toBe(NOW - 60_000);
  });

  test.each([600_000, -600_000, 1_501, -1_501])(
    'follows a response that is %i ms off, and returns the difference',
    async (off) => {
      const { server } = clockWith();
      expect(await server.learn(NOW + off)).toBe(off);
      expect(server.offset).toBe(off);
      expect(server.now()).toBe(NOW + off);
    },
  );

  test.each([0, 1_500, -1_500])('ignores the coarseness of the header: %i ms', async (off) => {
    const { server } = clockWith();
    expect(await server.learn(NOW + off)).toBe(0);
    expect(server.now()).toBe(NOW);
  });

  test('doesn’t move if a response has no time', async () => {
    const { server } = clockWith(60_000);
    expect(await server.learn(undefined)).toBe(0);
    expect(server.offset).toBe(60_000);
  });

  test('moves only by what is new', async () => {
    const { server } = clockWith(60_000);
    expect(await server.learn(NOW + 70_000)).toBe(10_000);
    expect(server.offset).toBe(70_000);
  });
});

describe('a local clock that is off', () => {
  test.each([
    [30_000, 0],
    [30_001, 1],
    [-30_001, 1],
  ])('by %i ms causes %i warnings', async (off, warnings) => {
    const { server, reporter } = clockWith();
    await server.learn(NOW + off);
    expect(reporter.notices).toHaveLength(warnings);
  });

  test('causes one warning', async () => {
    const { server, reporter } = clockWith();
    await server.learn(NOW + 60_000);
    await server.learn(NOW + 90_000);
    expect(reporter.notices).toHaveLength(1);
  });

  test.each([
    [90_400, 90],
    [-90_400, -90],
  ])('by %i ms is %i s behind', async (off, secondsBehind) => {
    const { server, reporter } = clockWith();
    await server.learn(NOW + off);
    expect(reporter.notices).toEqual([{ kind: 'clock-off', secondsBehind }]);
  });
});

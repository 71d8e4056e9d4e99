import { describe, expect, test } from '@jest/globals';
import { clockWarning, ServerClock } from '../../../src/core/codes/server-clock.ts';
import { FakeClock, FakeReporter } from '../../kit/fake-ports.ts';

const NOW = 1_800_000_000_000;

function clockWith(offset = 0) {
  const local = new FakeClock(NOW);
  const reporter = new FakeReporter();
  return { local, reporter, server: new ServerClock(local, reporter, offset) };
}

describe('AWS’s clock', () => {
  test('is the local one until an answer tells otherwise', async () => {
    const { local, server } = clockWith();
    expect(server.now()).toBe(NOW);
    await local.sleep(5_000);
    expect(server.now()).toBe(NOW + 5_000);
  });

  test('begins with what is remembered', () => {
    expect(clockWith(-60_000).server.now()).toBe(NOW - 60_000);
  });

  test.each([600_000, -600_000, 1_501, -1_501])('follows an answer that is %i ms off, and says by how much', (off) => {
    const { server } = clockWith();
    expect(server.learn(NOW + off)).toBe(off);
    expect(server.offset).toBe(off);
    expect(server.now()).toBe(NOW + off);
  });

  test.each([0, 1_500, -1_500])('does not follow the coarseness of the header: %i ms', (off) => {
    const { server } = clockWith();
    expect(server.learn(NOW + off)).toBe(0);
    expect(server.now()).toBe(NOW);
  });

  test('stays where an answer does not tell', () => {
    const { server } = clockWith(60_000);
    expect(server.learn(undefined)).toBe(0);
    expect(server.offset).toBe(60_000);
  });

  test('moves by what is new alone', () => {
    const { server } = clockWith(60_000);
    expect(server.learn(NOW + 70_000)).toBe(10_000);
    expect(server.offset).toBe(70_000);
  });
});

describe('a local clock that is off', () => {
  test.each([
    [30_000, 0],
    [30_001, 1],
    [-30_001, 1],
  ])('by %i ms is warned of %i times', (off, warnings) => {
    const { server, reporter } = clockWith();
    server.learn(NOW + off);
    expect(reporter.warnings).toHaveLength(warnings);
  });

  test('is warned of once', () => {
    const { server, reporter } = clockWith();
    server.learn(NOW + 60_000);
    server.learn(NOW + 90_000);
    expect(reporter.warnings).toHaveLength(1);
  });

  test.each([
    [
      90_400,
      "The clock of this runner is 90 s behind AWS's. This step goes by AWS's clock; set the runner's clock (NTP).",
    ],
    [
      -90_400,
      "The clock of this runner is 90 s ahead of AWS's. This step goes by AWS's clock; set the runner's clock (NTP).",
    ],
  ])('by %i ms is told as "%s"', (off, sentence) => {
    expect(clockWarning(off)).toBe(sentence);
  });
});

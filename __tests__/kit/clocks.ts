import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatorClock } from '../../lab/aws/index.ts';
import { closeAfterTest } from './action.ts';
import { preloading } from './preload.ts';

/** One time for an emulator and for the action's process. */
export interface SharedTime {
  /** The emulator's. Both move by `advance`. */
  readonly clock: EmulatorClock & { advance(milliseconds: number): void };
  /** `env:` that puts the action's clock there too. */
  readonly env: Readonly<Record<string, string>>;
}

/** A three-minute bucket begins at this moment, and so does a step. */
const BUCKET_START = Date.UTC(2026, 8, 1, 12, 0, 0);

/**
 * A time that goes on from so many seconds after the beginning of a three-minute bucket: the place in the bucket and
 * in the step doesn't depend on when the test runs. With `skipFrom`, sleeps of the action of that many milliseconds and more take no
 * time: the clock moves on by them.
 */
export function timeInBucket(seconds: number, skipFrom?: number): SharedTime {
  const folder = mkdtempSync(join(tmpdir(), 'shared-time-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'offset-ms');
  writeFileSync(file, String(BUCKET_START + seconds * 1000 - Date.now()));
  return {
    clock: {
      now: () => Date.now() + Number(readFileSync(file, 'utf8')),
      advance: (milliseconds) => writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + milliseconds)),
    },
    env: {
      ...preloading('clock'),
      TEST_CLOCK: file,
      ...(skipFrom !== undefined && { TEST_SKIP_FROM: String(skipFrom) }),
    },
  };
}

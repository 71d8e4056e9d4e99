import { afterEach, describe, expect, test } from '@jest/globals';
import { build, type Emulator, startEmulator } from '../../../lab/aws/index.ts';
import { type Execute, executeAsProcess } from '../../../lab/runner/execute.ts';
import { Job } from '../../../lab/runner/job.ts';
import { executeInProcess } from '../../kit/in-process.ts';

const KEY = { id: 'AKIAIOSFODNN7MATRIX1', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYMATRIXKEY1' };
const jobs: Job[] = [];
let emulator: Emulator | undefined;

afterEach(async () => {
  for (const job of jobs.splice(0)) job.close();
  await emulator?.close();
});

/** Runs all jobs of a matrix at the same time, and returns how each ended. */
async function runMatrix(total: number, deviceCount: number, execute: Execute) {
  const devices = Array.from({ length: deviceCount }, (_, index) => ({
    serial: `arn:aws:iam::111122223333:mfa/matrix-${index}`,
    seed: 'ABCDEFGH'.charAt(index).repeat(32),
  }));
  const user = build.user({
    name: 'matrix',
    accessKeys: [KEY],
    devices: devices.map((device) => build.device(device)),
  });
  emulator = await startEmulator({
    world: build.world({ accounts: [build.account({ id: '111122223333', users: [user] })] }),
  });
  const { endpoint } = emulator;
  const results = await Promise.all(
    Array.from({ length: total }, (_, index) => {
      const job = new Job({ action: process.cwd(), execute, env: { AWS_ENDPOINT_URL: endpoint } });
      jobs.push(job);
      return job.step({
        inputs: {
          'aws-region': 'eu-central-1',
          'aws-access-key-id': KEY.id,
          'aws-secret-access-key': KEY.secret,
          'mfa-devices': devices.map(({ serial, seed }) => `${serial} ${seed}`).join('\n'),
          'mfa-slot': `${index}/${total}`,
        },
      });
    }),
  );
  return { results, minted: emulator.calls.filter(({ operation }) => operation === 'GetSessionToken') };
}

/** The seconds that the log announced as waits. */
function waits(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line) => /\b(\d+) s\b/.exec(line)?.[1] ?? []).map(Number);
}

describe('the jobs of a matrix with slots, all at the same time', () => {
  test.each([
    [5, 1, executeAsProcess],
    [40, 8, executeInProcess],
  ])(
    '%i jobs on %i devices: a session each, no refusal, no wait beyond an edge of a step',
    async (total, deviceCount, execute) => {
      const { results, minted } = await runMatrix(total, deviceCount, execute);
      expect(results.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: total }, () => 0));
      expect(minted.map(({ status }) => status)).toEqual(Array.from({ length: total }, () => 200));
      expect(new Set(minted.map(({ mfa }) => `${mfa?.serial} ${mfa?.code}`)).size).toBe(total);
      expect(Math.max(0, ...results.flatMap(({ lines }) => waits(lines)))).toBeLessThanOrEqual(6);
    },
  );
});

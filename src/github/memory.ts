import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTHING_KNOWN, parseRecollection, recent } from '../core/codes/recollection.ts';
import type { Environment, Memory, Recollection } from '../core/ports.ts';
import { readOwnFile } from '../profiles/own-file.ts';

/**
 * What the steps of one job remember of their codes and of AWS's clock, in a file in the job's temporary folder: so a second use of the
 * action doesn't start with a code that the first one spent. It contains serial numbers, steps and verdicts, but no seed and no code.
 * Losing it costs a rejected code, so nothing here fails the step. `now` is the local clock.
 */
export function openMemory(env: Environment, now: () => number = Date.now): Memory {
  const folder = env['RUNNER_TEMP'];
  if (!folder) return { recall: () => NOTHING_KNOWN, keep: () => undefined };
  const path = join(folder, 'aws-mfa-credentials.json');
  /** Read once: the clock and the codes are requested separately. */
  let known: Recollection | undefined;
  return {
    recall: () => (known ??= recent(parseRecollection(readOwnFile(path, 'others-may-read')), now())),
    keep(recollection) {
      known = undefined;
      const temporary = `${path}.${process.pid}.${now()}`;
      try {
        // Written in full and moved into place: a link that someone put there is replaced, not followed.
        writeFileSync(temporary, JSON.stringify(recent(recollection, now())), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, path);
      } catch {
        try {
          rmSync(temporary, { force: true });
        } catch {
          // Then it stays: it isn't worth failing the step.
        }
      }
    },
  };
}

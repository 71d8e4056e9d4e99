import type { Seal, SealedSource } from '../core/request.ts';
import { isTrue, readBoolean, readChoice } from './fields.ts';
import type { InputName, RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { readSealingKey } from './sealing-key.ts';
import type { CiRun } from './tags.ts';

/** Whether a session is to be sealed, opened, or both; `wrong` if one is to be opened and the inputs don't say how. */
export interface Sealing {
  readonly seal: Seal | undefined;
  readonly source: SealedSource | 'wrong' | undefined;
}

/** Reads whether a session is to be sealed or opened, and how. */
export function readSealing(
  raw: RawInputs,
  run: CiRun,
  minimumRemainingSeconds: number | undefined,
  problems: Problems,
): Sealing {
  // With a key, what isn't a boolean was meant for sealing: then everything that is wrong is reported at once.
  const sealing =
    readBoolean(raw, 'seal-session', problems) ?? (raw['seal-session'] !== '' && raw['sealing-key'] !== '');
  const opening = wantsOpening(raw, sealing);
  if (!sealing && !opening) {
    if (raw['seal-session'] === '' && raw['sealed-session-scope'] !== '')
      problems.add('sealed-session-scope', 'only-with', { any: ['seal-session', 'sealed-session'] });
    return { seal: undefined, source: undefined };
  }
  if (opening && isTrue(raw, 'use-existing-credentials'))
    problems.add('use-existing-credentials', 'conflict', { with: 'sealed-session' });
  const seal = readSeal(raw, run, sealing ? 'seal-session' : 'sealed-session', problems);
  const complete = seal !== undefined && minimumRemainingSeconds !== undefined;
  return {
    seal: sealing ? seal : undefined,
    source: opening ? (complete ? { text: raw['sealed-session'], seal, minimumRemainingSeconds } : 'wrong') : undefined,
  };
}

/** An empty `sealed-session` looks like one that isn't given; only what goes with it shows that it was meant. */
function wantsOpening(raw: RawInputs, sealing: boolean): boolean {
  return (
    raw['sealed-session'] !== '' ||
    isTrue(raw, 'sealed-session-fallback') ||
    (raw['sealing-key'] !== '' && !sealing && raw['seal-session'] === '')
  );
}

function readSeal(raw: RawInputs, run: CiRun, wantedBy: InputName, problems: Problems): Seal | undefined {
  const key = readSealingKey(raw, problems);
  const scope = readChoice(raw, 'sealed-session-scope', problems);
  const { repository, runId } = run;
  if (repository === '' || runId === '') return problems.add(wantedBy, 'run-unknown', {});
  return key && scope && { key, scope, repository, runId };
}

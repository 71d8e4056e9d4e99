import type { Seal, SealedSource, SealScope } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { isTrue, readBoolean } from './fields.ts';
import type { InputName, Problems, RawInputs } from './names.ts';
import { readSealingKey } from './sealing-key.ts';
import type { WorkflowFacts } from './tags.ts';

/** Whether a session is to be sealed, opened, or both; `wrong` where one is to be opened and the inputs do not say how. */
export interface Sealing {
  readonly seal: Seal | undefined;
  readonly source: SealedSource | 'wrong' | undefined;
}

/** Reads whether a session is to be sealed or opened, and how. */
export function readSealing(
  raw: RawInputs,
  facts: WorkflowFacts,
  minimumRemainingSeconds: number | undefined,
  problems: Problems,
): Sealing {
  // With a key, what is no boolean was meant for sealing: all that is wrong is told at once.
  const sealing =
    readBoolean(raw, 'seal-session', problems) ?? (raw['seal-session'] !== '' && raw['sealing-key'] !== '');
  const opening = wantsOpening(raw, sealing);
  if (!sealing && !opening) {
    if (raw['seal-session'] === '' && raw['sealed-session-scope'] !== '')
      problems.add(
        'sealed-session-scope',
        'is given, and no session is to be sealed or opened: set seal-session: true or pass sealed-session',
      );
    return { seal: undefined, source: undefined };
  }
  if (opening && isTrue(raw, 'use-existing-credentials')) {
    problems.add(
      'use-existing-credentials',
      'is true together with sealed-session: the one asks STS for the session in the environment, the other needs no call. Choose one',
    );
  }
  const seal = readSeal(raw, facts, sealing ? 'seal-session' : 'sealed-session', problems);
  const complete = seal !== undefined && minimumRemainingSeconds !== undefined;
  return {
    seal: sealing ? seal : undefined,
    source: opening ? (complete ? { text: raw['sealed-session'], seal, minimumRemainingSeconds } : 'wrong') : undefined,
  };
}

/** An empty `sealed-session` looks like one that was not given; that it was meant shows only in what goes with it. */
function wantsOpening(raw: RawInputs, sealing: boolean): boolean {
  return (
    raw['sealed-session'] !== '' ||
    isTrue(raw, 'sealed-session-fallback') ||
    (raw['sealing-key'] !== '' && !sealing && raw['seal-session'] === '')
  );
}

function readSeal(raw: RawInputs, facts: WorkflowFacts, wantedBy: InputName, problems: Problems): Seal | undefined {
  const key = readSealingKey(raw, problems);
  const scope = readScope(raw, problems);
  const repository = facts.Repository ?? '';
  const runId = facts.RunId ?? '';
  if (repository === '' || runId === '') {
    return problems.add(
      wantedBy,
      'needs GITHUB_REPOSITORY and GITHUB_RUN_ID, to which a sealed session is bound, and one of them is not set. Run this as a step of a workflow',
    );
  }
  return key && scope && { key, scope, repository, runId };
}

function readScope(raw: RawInputs, problems: Problems): SealScope | undefined {
  const text = raw['sealed-session-scope'];
  if (text === '' || text === 'run') return 'run';
  if (text === 'repository') return text;
  return problems.add('sealed-session-scope', `is ${quote(text)}; write run or repository`);
}

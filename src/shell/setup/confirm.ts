import { createInterface } from 'node:readline/promises';
import type { Screen } from '../report.ts';
import { UsageError } from '../values.ts';
import type { Consent } from './options.ts';

/** Whether a plan that was shown is carried out. Throws a `UsageError` if nobody can be asked. */
export async function agreed(consent: Consent, screen: Screen, signal: AbortSignal): Promise<boolean> {
  if (consent === 'dry-run') {
    screen.say('This was a dry run. Nothing was changed.');
    return false;
  }
  if (consent === 'yes') return true;
  const answer = await ask(
    'Carry this out? [y/N] ',
    'Nobody can be asked for consent here. Add --yes, or --dry-run.',
    signal,
  );
  if (/^y(?:es)?$/i.test(answer)) return true;
  screen.say('Nothing was changed.');
  return false;
}

/** What a person types at a terminal. Throws a `UsageError` if there is none, and the signal's reason if it is aborted. */
export async function ask(question: string, nobody: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(nobody);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question, { signal })).trim();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}

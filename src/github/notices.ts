import { isFailure, messageOf } from '../core/failure.ts';
import type { Reporter } from '../core/ports.ts';
import type { Line } from '../inputs/messages/notices.ts';
import type { Wording } from '../inputs/messages/wording.ts';
import type { Variables } from '../inputs/names.ts';
import type { InputNotice } from '../inputs/problem.ts';
import type { ProfileNotice } from '../profiles/notice.ts';
import { type Log, log } from './log.ts';

// What happens, as lines of the log. The words are loaded only when they are needed.

/** Shows what happens on the way to a session. */
export function reporterOn(shown: Log): Reporter {
  return {
    async note(notice) {
      const [{ wordNotice }, words] = await Promise.all([import('../inputs/messages/notices.ts'), wording()]);
      show(await wordNotice(notice, words), shown);
    },
  };
}

/** Shows what there is to know about the inputs. */
export async function logInputNotices(notices: readonly InputNotice[], variables: Variables): Promise<void> {
  if (notices.length === 0) return;
  const [{ wordInputNotice }, { withVariables }, words] = await Promise.all([
    import('../inputs/messages/notices.ts'),
    import('../inputs/messages/wording.ts'),
    wording(),
  ]);
  for (const notice of notices) show(wordInputNotice(notice, withVariables(words, variables)), log);
}

/** Shows what there is to know about the profile files. */
export async function logProfileNotices(notices: readonly ProfileNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const [{ wordProfileNotice }, words] = await Promise.all([
    import('../inputs/messages/profile-notices.ts'),
    wording(),
  ]);
  for (const notice of notices) show(wordProfileNotice(notice, words), log);
}

/** What an error says that the runner's command files may have caused. */
export async function wordsFor(error: unknown): Promise<string> {
  const [{ messageOfRunner }, words] = await Promise.all([import('../inputs/messages/runner.ts'), wording()]);
  for (const code of ['command-file-missing', 'command-file-unwritable', 'export-failed'] as const)
    if (isFailure(error, code)) return messageOfRunner(error, words);
  return messageOf(error);
}

async function wording(): Promise<Wording> {
  return (await import('./wording.ts')).WORDING;
}

function show({ level, text }: Line, shown: Log): void {
  shown[level](text);
}

import * as core from '@actions/core';
import type { Reporter } from '../core/ports.ts';
import type { Variables } from '../inputs/names.ts';
import type { InputNotice } from '../inputs/notice.ts';
import type { ProfileNotice } from '../profiles/notice.ts';
import { withoutCodes } from './masking.ts';

/**
 * Makes text from outside harmless in a log: the runner takes `::name::` at the start of a line and `##[name]` anywhere in it
 * for a command, so both are taken apart, and so is whatever could begin a line of its own or turn the text around. Codes that were
 * sent are taken out: some odd answers repeat them.
 */
export function neutralise(text: string): string {
  return withoutCodes(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replaceAll('##[', '# #[')
    .replace(/^\s*::/, ': :');
}

/** The step's log. */
export interface Log {
  info(line: string): void;
  warning(line: string): void;
}

/** Prints to the step's log. Every line is neutralised, whatever it is made of. */
export const log: Log = {
  info(line) {
    core.info(neutralise(line));
  },
  warning(line) {
    core.warning(neutralise(line));
  },
};

/** Shows what happens in a log, in words that are loaded only when they are needed. */
export function reporterOn(shown: Log): Reporter {
  return {
    async note(notice) {
      const [{ wordNotice }, { WORDING }] = await Promise.all([
        import('../inputs/messages/notices.ts'),
        import('./wording.ts'),
      ]);
      const { level, text } = await wordNotice(notice, WORDING);
      shown[level](text);
    },
  };
}

/** Shows what there is to know about the inputs. */
export async function logInputNotices(notices: readonly InputNotice[], variables: Variables): Promise<void> {
  const [{ wordInputNotice }, { withVariables }, { WORDING }] = await Promise.all([
    import('../inputs/messages/input-notices.ts'),
    import('../inputs/messages/wording.ts'),
    import('./wording.ts'),
  ]);
  const words = withVariables(WORDING, variables);
  for (const notice of notices) {
    const { level, text } = wordInputNotice(notice, words);
    log[level](text);
  }
}

/** Shows what there is to know about the profile files. */
export async function logProfileNotices(notices: readonly ProfileNotice[]): Promise<void> {
  const [{ wordProfileNotice }, { WORDING }] = await Promise.all([
    import('../inputs/messages/profile-notices.ts'),
    import('./wording.ts'),
  ]);
  for (const notice of notices) {
    const { level, text } = wordProfileNotice(notice, WORDING);
    log[level](text);
  }
}

/** An annotation of an error, with nothing but what happened. */
export function sayError(message: string): void {
  core.error(neutralise(message));
}

import { CHAINING_CAP } from '../../core/request.ts';
import { quote, someOf } from '../../core/words.ts';
import type { IgnoredBecause, InputNotice } from '../notice.ts';
import type { Line } from './notices.ts';
import type { Wording } from './wording.ts';

// What there is to know about the inputs of a step that continues. Loaded only if there is something.

/** Puts a notice about inputs into words. */
export function wordInputNotice(notice: InputNotice, words: Wording): Line {
  switch (notice.kind) {
    case 'variables-ignored':
      return {
        level: 'info',
        text: `Ignoring ${notice.variables.join(', ')} from the environment: ${reason(notice.because, words)}.`,
      };
    case 'custom-tags-not-sent':
      return {
        level: 'info',
        text: `Not sending ${words.input('custom-tags')}, because of ${words.setting('role-skip-session-tagging', 'true')}.`,
      };
    case 'unknown-transitive-keys':
      return {
        level: 'warning',
        text: `Ignoring ${someOf(notice.keys.map(quote))} in ${words.input('transitive-tag-keys')}: the session has no such tag. If the next role needs it, add it to ${words.input('custom-tags')}.`,
      };
  }
}

function reason(because: IgnoredBecause, { input, setting }: Wording): string {
  switch (because) {
    case 'no-role':
      return 'this step assumes no role';
    case 'no-profile':
      return 'this step writes no profile';
    case 'nothing-sealed':
      return 'this step neither seals nor opens a session';
    case 'nothing-opened':
      return 'this step opens no session';
    case 'no-existing-session':
      return 'this step uses no existing session';
    case 'no-retries':
      return `${setting('disable-retry', 'true')} allows no retries`;
    case 'own-code-inputs':
      return 'this step has its own keys, seed or code';
    case 'own-code':
      return 'this step has its own code or seed';
    case 'own-sealed-session':
      return 'this step has its own sealed session';
    case 'roles-names-roles':
      return `${input('roles')} lists the roles to assume`;
    case 'role-chaining-has-session':
      return `${input('role-chaining')} uses the session in the environment`;
    case 'reuse-has-session':
      return `${input('use-existing-credentials')} uses the session in the environment`;
    case 'opens-session':
      return 'this step opens a sealed session';
    case 'role-chaining-without-code':
      return `${input('role-chaining')} uses the session of an earlier step and sends no code`;
    case 'sealed-session-without-code':
      return 'a sealed session needs no code';
    case 'pool-has-serials':
      return `${input('mfa-devices')} has its own serials`;
    case 'single-code':
      return `${input('mfa-code')} is a single code, which is sent at once`;
    case 'repeat-costs-code':
      return 'every attempt would use up a code';
    case 'role-chaining-cap':
      return `a role assumed with a session lasts at most ${CHAINING_CAP} seconds`;
    case 'role-duration':
      return `a role uses ${input('role-duration-seconds')}`;
    case 'buckets-of-roles':
      return "it isn't clear which of the roles should reach the buckets";
  }
}

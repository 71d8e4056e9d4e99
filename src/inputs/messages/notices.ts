import type { Failure } from '../../core/failure.ts';
import type { Notice } from '../../core/ports.ts';
import { CHAINING_CAP } from '../../core/request.ts';
import { momentInWords, quote, someOf } from '../../core/words.ts';
import type { IgnoredBecause, InputNotice } from '../problem.ts';
import { whyNoCode } from './codes.ts';
import type { Wording } from './wording.ts';

// What happens in a step that continues. Loaded only when something does; the catalogue of failures only for those that are in one.

/** A notice as a line of a log. */
export interface Line {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

const WARNINGS: readonly Notice['kind'][] = ['clock-off', 'sealed-session-unusable', 'session-shorter-than-role'];

/** Puts a notice into words. */
export async function wordNotice(notice: Notice, words: Wording): Promise<Line> {
  const level = WARNINGS.includes(notice.kind) ? 'warning' : 'info';
  return { level, text: await textOf(notice, words) };
}

async function textOf(notice: Notice, words: Wording): Promise<string> {
  switch (notice.kind) {
    case 'waiting':
      return `Waiting ${notice.seconds} s for the next code. ${whyNoCode(notice.because, words)}`;
    case 'retrying': {
      const how = notice.withAnotherCode ? ' with another code' : '';
      const isNew = notice.failure.outlook === 'soon';
      const hint = isNew ? ' What AWS has just created takes a few seconds to work everywhere.' : '';
      return `${await messageOf(notice.failure, words)}${hint} Trying again${how} (attempt ${notice.attempt} of ${notice.most}).`;
    }
    case 'clock-off': {
      const { secondsBehind: seconds } = notice;
      return `This ${words.terms.host}'s clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} AWS's. This ${words.terms.use} uses AWS's time. Set the ${words.terms.host}'s clock (NTP).`;
    }
    case 'keys-found':
      return `Using the keys from ${notice.source}.`;
    case 'session-found':
      return `Using the session from ${notice.source}.`;
    case 'session-shorter-than-role':
      return `The session ends at ${momentInWords(notice.expiration)}, sooner than the credentials of ${someOf(notice.profiles)} would. Tools can't renew a role after that.`;
    case 'session-token-ignored':
      return `Ignoring the session token from ${notice.source}: its key is a long-term key (AKIA…), which never has one.`;
    case 'reused':
      return "Reusing the session in the environment. AWS doesn't show whether it was obtained with MFA.";
    case 'not-reused':
      return `Getting a new session: ${whyNotReused(notice, words)}.`;
    case 'optional-tags-dropped':
      return 'The session tags and policies are too large for STS. Trying again without the optional tags.';
    case 'sealed-session-unusable':
      return `${await messageOf(notice.failure, words)} Getting a new session instead (${words.setting('sealed-session-fallback', 'true')}).`;
  }
}

function whyNotReused(notice: Extract<Notice, { kind: 'not-reused' }>, { terms }: Wording): string {
  switch (notice.reason) {
    case 'hidden-terms':
      return `this ${terms.use} requests a session policy, a source identity or tags, and the session in the environment doesn't show whether it has them`;
    case 'expires-soon':
      return 'the session in the environment expires too soon';
    case 'expiry-unknown':
      return "the session in the environment doesn't say when it expires, so it can't be sealed";
    case 'invalid':
      return 'the session in the environment is no longer valid';
    case 'other-identity':
      return `the session in the environment is another one (${notice.arn})`;
  }
}

async function messageOf(failure: Failure, words: Wording): Promise<string> {
  const { explain } = await import('./catalogue.ts');
  return explain(failure, words).message;
}

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
    case 'tags-not-renewed':
      return {
        level: 'info',
        text: `The roles are assumed without session tags, because a profile can't express them (${words.setting('renew', 'true')}).`,
      };
    case 'unknown-transitive-keys':
      return {
        level: 'warning',
        text: `Ignoring ${someOf(notice.keys.map(quote))} in ${words.input('transitive-tag-keys')}: the session has no such tag. If the next role needs it, add it to ${words.input('custom-tags')}.`,
      };
  }
}

function reason(because: IgnoredBecause, { input, setting, terms: { use } }: Wording): string {
  switch (because) {
    case 'no-role':
      return `this ${use} assumes no role`;
    case 'no-profile':
      return `this ${use} writes no profile`;
    case 'nothing-sealed':
      return `this ${use} neither seals nor opens a session`;
    case 'nothing-opened':
      return `this ${use} opens no session`;
    case 'no-existing-session':
      return `this ${use} uses no existing session`;
    case 'no-retries':
      return `${setting('disable-retry', 'true')} allows no retries`;
    case 'own-code-inputs':
      return `this ${use} has its own keys, seed or code`;
    case 'own-key':
      return `this ${use} has its own access key`;
    case 'own-code':
      return `this ${use} has its own code or seed`;
    case 'own-sealed-session':
      return `this ${use} has its own sealed session`;
    case 'roles-names-roles':
      return `${input('roles')} lists the roles to assume`;
    case 'role-chaining-has-session':
      return `${input('role-chaining')} uses the session in the environment`;
    case 'reuse-has-session':
      return `${input('use-existing-credentials')} uses the session in the environment`;
    case 'opens-session':
      return `this ${use} opens a sealed session`;
    case 'role-chaining-without-code':
      return `${input('role-chaining')} uses the session in the environment and sends no code`;
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
    case 'not-in-profile':
      return `a profile can't express it (${setting('renew', 'true')})`;
  }
}

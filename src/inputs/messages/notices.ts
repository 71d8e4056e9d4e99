import type { Failure } from '../../core/failure.ts';
import type { Notice } from '../../core/notice.ts';
import { whyNoCode } from './next-code.ts';
import type { Wording } from './wording.ts';

// What happens in a step that continues. Loaded only when something does; the catalogue of failures only for those that are in one.

/** A notice as a line of a log. */
export interface Line {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

/** Puts a notice into words. */
export async function wordNotice(notice: Notice, words: Wording): Promise<Line> {
  const level = notice.kind === 'clock-off' || notice.kind === 'sealed-session-unusable' ? 'warning' : 'info';
  return { level, text: await textOf(notice, words) };
}

async function textOf(notice: Notice, words: Wording): Promise<string> {
  switch (notice.kind) {
    case 'waiting':
      return `Waiting ${notice.seconds} s for the next code. ${whyNoCode(notice.because)}`;
    case 'retrying': {
      const how = notice.withAnotherCode ? ' with another code' : '';
      return `${await messageOf(notice.failure, words)} Trying again${how} (attempt ${notice.attempt} of ${notice.most}).`;
    }
    case 'clock-off': {
      const { secondsBehind: seconds } = notice;
      return `This runner's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} AWS's. This step uses AWS's time. Set the runner's clock (NTP).`;
    }
    case 'keys-found':
      return `Using the keys from ${notice.source}.`;
    case 'session-found':
      return `Using the session from ${notice.source}.`;
    case 'session-token-ignored':
      return `Ignoring the session token from ${notice.source}: its key is a long-term key (AKIA…), which never has one.`;
    case 'reused':
      return "Reusing the session in the environment. AWS doesn't show whether it was obtained with MFA.";
    case 'not-reused':
      return `Getting a new session: ${whyNotReused(notice)}.`;
    case 'optional-tags-dropped':
      return 'The session tags and policies are too large for STS. Trying again without the optional tags.';
    case 'sealed-session-unusable':
      return `${await messageOf(notice.failure, words)} Getting a new session instead (${words.setting('sealed-session-fallback', 'true')}).`;
  }
}

function whyNotReused(notice: Extract<Notice, { kind: 'not-reused' }>): string {
  switch (notice.reason) {
    case 'hidden-terms':
      return "this step requests a session policy, a source identity or tags, and the session in the environment doesn't show whether it has them";
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

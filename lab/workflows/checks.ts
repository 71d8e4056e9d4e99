/** Checks from outside that many workflows share. */
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { Call, Judgement } from '../aws/index.ts';
import type { Check } from './case.ts';
import { textOf } from './leftovers.ts';

const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'];

/** AWS's verdict on each code. */
export function judgedCalls(calls: readonly Call[]): readonly Judgement[] {
  return calls.flatMap(({ mfa }) => mfa ?? []);
}

/** This many codes were sent, and none was refused, not even those that jobs sent at the same time. */
export function everyCodeIsAccepted(count: number): Check {
  return {
    what: count === 1 ? 'one code is sent and accepted' : `${count} codes are sent and accepted`,
    holds: ({ calls }) => {
      const verdicts = judgedCalls(calls).map(({ verdict }) => verdict);
      deepEqual(
        verdicts,
        Array.from({ length: count }, () => 'accepted'),
      );
    },
  };
}

export const noCodeIsSentTwice: Check = {
  what: 'no code is sent twice',
  holds: ({ calls }) => {
    const sent = judgedCalls(calls).map(({ serial, code }) => `${serial} ${code}`);
    equal(new Set(sent).size, sent.length);
  },
};

export const noCredentialsAreLeft: Check = {
  what: 'after the post steps, there are no credentials in the environment',
  holds: ({ leftovers }) => {
    notEqual(leftovers.length, 0, 'no job left anything');
    for (const { job, environment } of leftovers) {
      const left = CREDENTIALS.filter((name) => environment[name]);
      deepEqual(left, [], `${job} leaves ${left.join(', ')}`);
    }
  },
};

export const noProfileIsLeft: Check = {
  what: 'there is no profile in the home folder',
  holds: ({ home }) => {
    equal(textOf(home, '.aws/credentials'), undefined);
    equal(textOf(home, '.aws/config'), undefined);
  },
};

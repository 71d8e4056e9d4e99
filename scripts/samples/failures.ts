import { Failure, type FailureCode } from '../../src/core/failure.ts';
import { FAILURE_CODES } from '../../src/inputs/messages/catalogue.ts';
import { AWS } from './aws.ts';
import { CODES } from './codes.ts';
import { COMMAND } from './command.ts';
import { PROFILES } from './profiles.ts';
import { RUNNER } from './runner.ts';
import type { Sample, Samples } from './sample.ts';
import { SEALING } from './sealing.ts';
import { SESSIONS } from './sessions.ts';

const SAMPLES: Samples<FailureCode> = {
  ...CODES,
  ...SESSIONS,
  ...SEALING,
  ...AWS,
  ...PROFILES,
  ...RUNNER,
  ...COMMAND,
};

/** Failures of a code as they happen, the plainest first. */
export function failuresOf<Code extends FailureCode>(code: Code): readonly [Failure<Code>, ...Failure<Code>[]] {
  const [first, ...more]: Samples<FailureCode>[Code] = SAMPLES[code];
  const failureOf = ({ facts, ...options }: Sample<Code>): Failure<Code> => new Failure<Code>(code, facts, options);
  return [failureOf(first), ...more.map(failureOf)];
}

/** Every sample, in the order of the catalogue. */
export const FAILURES: readonly Failure[] = FAILURE_CODES.flatMap(failuresOf);

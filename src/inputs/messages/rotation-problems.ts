import { quote } from '../../core/words.ts';
import type { OneSecret, RotationProblem } from '../rotation.ts';

/** What each of these is, and the form in which one secret holds it. */
const ONE_SECRET: Readonly<Record<OneSecret, string>> = {
  'aws-access-key':
    "the access key ID and the secret access key in one secret, as ID:SECRET, because a job that starts between two writes would get a pair that doesn't match. Store them like that (`aws-mfa-credentials enroll --replace` does), and pass the secret as aws-access-key, here and in the workflows that use it.",
  'mfa-devices':
    'the serial and the seed in one secret, as "SERIAL SEED", so that a new device takes one write. Store them like that (`aws-mfa-credentials enroll --replace` does), and pass the secret as mfa-devices, here and in the workflows that use it.',
};

/** A problem as one or two sentences. `emptySecret`: why a secret may arrive empty. */
export function explainRotationProblem(problem: RotationProblem, emptySecret: string): string {
  switch (problem.kind) {
    case 'missing':
      return missing(problem.input, emptySecret);
    case 'separate':
      return `${problem.given.join(' and ')} can't be rotated: it takes ${ONE_SECRET[problem.input]}`;
    case 'several-devices':
      return 'mfa-devices has several lines, but devices: true replaces the whole secret with one device. Pass one line.';
    case 'not-boolean':
      return `${problem.input} must be true or false, not ${quote(problem.value)}.`;
    case 'not-number':
      return `${problem.input} must be a whole number of ${problem.unit} from 1 to 9999, not ${quote(problem.value)}.`;
    case 'not-text':
      return `${problem.input} must be ${problem.form}, not ${quote(problem.value)}.`;
    case 'limit':
      return `max-age-days is ${problem.maxAge}, which isn't less than limit-days, ${problem.limit}: a key would reach its limit before it is replaced.`;
  }
}

function missing(input: Extract<RotationProblem, { kind: 'missing' }>['input'], emptySecret: string): string {
  switch (input) {
    case 'github-token':
      return `github-token is empty. It takes a token that may write secrets, which GITHUB_TOKEN can't. ${emptySecret}`;
    case 'repository':
      return 'repository is empty, and so is GITHUB_REPOSITORY. Write OWNER/REPOSITORY.';
    default:
      return `${input} is empty. A rotation takes ${ONE_SECRET[input]} ${emptySecret}`;
  }
}

import type { InputName } from '../names.ts';
import type { ProblemFacts } from '../problem.ts';
import type { Wording } from './wording.ts';

// Inputs that go together or don't. Each text is what follows the name of the input.

/** An input that only applies with another one. */
export function onlyWith({ any }: ProblemFacts['only-with'], words: Wording, input: InputName): string {
  return `only applies with ${list(any.map(words.input), 'or')}.${ONLY_WITH[input]?.(words) ?? ''}`;
}

/** What else there is to say about an input that only applies with another one. */
const ONLY_WITH: Partial<Record<InputName, (words: Wording) => string>> = {
  'role-duration-seconds': ({ input }) => ` For a session token, use ${input('session-duration-seconds')}.`,
  'mfa-session-first': () => ' Without a role, the step gets a session token anyway.',
  'special-characters-workaround': () => ' Otherwise, every attempt would use up a code.',
};

/** Two inputs that contradict each other. */
export function conflict({ with: other }: ProblemFacts['conflict'], words: Wording, input: InputName): string {
  const isSwitch = other === 'role-chaining';
  const start = `can't be combined with ${isSwitch ? words.setting(other, 'true') : words.input(other)}`;
  switch (other) {
    case 'roles':
      return input === 'role-to-assume'
        ? `${start}. Make it a line of ${words.input(other)}; other lines can start from it with source_profile=….`
        : `${start}: it isn't clear which of the roles should reach the buckets. Check them in a later step with aws --profile.`;
    case 'role-chaining':
      return `${start}, which uses the session of an earlier step and sends no code. Remove one of them.`;
    case 'sealed-session':
      return input === 'role-chaining' || input === 'use-existing-credentials'
        ? `${start}: one uses the session in the environment, the other brings its own. Remove one of them.`
        : `${start}, which needs no code. Remove it, or set ${words.setting('sealed-session-fallback', 'true')} to get a new session if the sealed one can't be used.`;
    case 'role-to-assume':
      return `only applies to session tokens. For a role, use ${words.input('role-duration-seconds')}, or set ${words.setting('mfa-session-first', 'true')}.`;
    case 'mfa-code':
      return `${start}: it divides the codes of a seed among jobs, and there is only one code.`;
    case 'mfa-devices':
      return `${start}, which has its own serials. Remove it.`;
    default:
      return `${start}. Remove one of them.`;
  }
}

/** "a", "a and b", "a, b and c". */
export function list<Item extends string>(
  items: readonly Item[],
  conjunction: 'and' | 'or',
  named: (item: Item) => string = (item) => item,
): string {
  const last = items.slice(-1).map(named).join('');
  return items.length < 2 ? last : `${items.slice(0, -1).map(named).join(', ')} ${conjunction} ${last}`;
}

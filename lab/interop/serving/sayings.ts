import type { ClientKey } from '../renewal/clients.ts';

// What programs say when they can't get credentials: the interoperability tests compare it, and docs/cli.md shows it.

/** Why there are no credentials. */
type Trouble =
  /** The session has ended, and AWS refuses another: 503, with the reason. */
  | 'refused'
  /** The token is wrong: 403. */
  | 'forbidden'
  /** The command was killed. */
  | 'gone'
  /** The command is stopped, and so the server accepts connections and never answers. */
  | 'silent'
  /** `credential-process` ends with 125, and says why on standard error. */
  | 'process';

/** Parts of a message, in this order. `…` is anything. */
export type Saying = string;

/** What clients with the same code say. Undefined if they wait until the server answers. */
export type Sayings = Readonly<Record<Exclude<Trouble, 'silent'>, Saying>> & { readonly silent: Saying | undefined };

const PYTHON: Sayings = {
  refused: "Error when retrieving credentials from container-role: …503…the role can't be assumed…",
  forbidden: 'Error when retrieving credentials from container-role: …403…Authorization header is wrong…',
  gone: 'Could not connect to the endpoint URL: "http://127.0.0.1:…"',
  silent: 'Read timeout on endpoint URL: "http://127.0.0.1:…"',
  process: "Error when retrieving credentials from custom-process: …the role can't be assumed…",
};
const JAVASCRIPT: Sayings = {
  refused: 'Could not load credentials from any providers',
  forbidden: 'Could not load credentials from any providers',
  gone: 'Could not load credentials from any providers',
  silent: undefined,
  process: 'Could not load credentials from any providers',
};
const GO: Sayings = {
  refused: "failed to load credentials, …assume-role-denied: AssumeRole: the role can't be assumed…",
  forbidden: 'failed to load credentials, AccessDenied: …Authorization header is wrong.',
  gone: 'failed to load credentials, …connect: connection refused',
  silent: undefined,
  process: 'error in credential_process: exit status 125',
};
const JAVA: Sayings = {
  refused: 'Failed to load credentials from metadata service.',
  forbidden: 'Failed to load credentials from metadata service.',
  gone: 'Failed to load credentials from metadata service.',
  silent: 'Failed to load credentials from metadata service.',
  process:
    'Unable to load credentials from any of the providers in the chain …Failed to refresh process-based credentials.',
};

export const SAYINGS: Readonly<Record<ClientKey, Sayings>> = {
  'cli-v1': PYTHON,
  'cli-v2': PYTHON,
  boto3: PYTHON,
  'javascript-v3': JAVASCRIPT,
  'go-v2': GO,
  terraform: GO,
  'java-v2': JAVA,
};

/** Whether a message has the parts of a saying. */
export function matches(message: string, saying: Saying): boolean {
  const parts = saying.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'), 's').test(message);
}

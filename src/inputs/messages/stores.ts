import type { FailureFacts } from '../../core/failure.ts';
import type { StoreFailureFacts, StoreRefused, StoreUnreachable, Unmaskable } from '../../core/store-failure-facts.ts';
import { momentInWords } from '../../core/words.ts';
import type { Entries, Wording } from './wording.ts';

// Failures of the stores of secrets, GitHub and GitLab. Only the command has them.

export const STORES: Entries<keyof StoreFailureFacts> = {
  'store-token-missing': {
    message: missing,
    remedy: (_, facts) =>
      facts?.store === 'GitLab'
        ? 'Set GITLAB_TOKEN to a personal, group or project access token with the scope api: of a maintainer for the variables of a project, of an owner for those of a group.'
        : `Set GH_TOKEN to a token that may write secrets, or run \`gh auth login\`. ${TOKENS}`,
  },
  'store-token-malformed': {
    message: ({ source }) => `${source} isn't a token: it contains spaces or other characters that no token has.`,
    remedy: () => 'Set it to the token alone, without a name, quotes or line breaks.',
  },
  'store-token-refused': {
    message: (facts) => refused(facts, "the token isn't valid."),
    remedy: () =>
      'Check that the token is complete, has not expired or been revoked, and belongs to this host. An organization can also require that it is authorized for single sign-on.',
  },
  'store-denied': {
    message: (facts) => refused(facts, `the token isn't allowed to do this.${accepted(facts)}`),
    remedy: (_, facts) => remedyForDenied(facts),
  },
  'store-not-found': {
    message: ({ store, call, place, reason }) =>
      reason === 'moved'
        ? `${call}: ${place} has moved.`
        : `${call}: ${place} doesn't exist, or ${store} doesn't show it to this token.`,
    remedy: (_, facts) =>
      facts?.reason === 'moved'
        ? 'Use its current name. The token is never sent to another address.'
        : 'Check the spelling, and that the token has access to it.',
  },
  'store-rejected': {
    message: (facts) => refused(facts, `${facts.store} rejected the request.`),
    remedy: () => 'Correct what the message names. The value was not stored.',
  },
  'store-rate-limited': {
    message: (facts) => refused(facts, `too many requests; the next one is allowed at ${momentInWords(facts.until)}.`),
    remedy: () => 'Run the command again after that time. What was stored until now stays.',
  },
  'store-unreachable': {
    message: (facts) => `${facts.call}: ${unreachable(facts)}`,
    remedy: remedyForUnreachable,
  },
  'store-unavailable': {
    message: unavailable,
    remedy: ({ terms }, facts) =>
      facts?.reason === 'odd-answer' || facts?.reason === 'key'
        ? `Check the address of ${facts.store}, and what is between it and the ${terms.host}: a proxy, firewall or captive portal may have answered instead.`
        : 'Run the command again later. The status page of GitHub or GitLab shows whether the service has problems.',
  },
  'store-value-unmaskable': {
    message: ({ name, because }) => `GitLab can't mask the value of ${name}: ${REASONS[because]}. Nothing was sent.`,
    remedy: () =>
      'A masked value is one line of 8 to 10,000 characters, without spaces: a device as SERIAL:SEED, a key as ID:SECRET.',
  },
  'store-not-masked': {
    message: ({ name, place, value }) =>
      value === 'removed'
        ? `GitLab stored ${name} in ${place} without masking it, so it was removed again.`
        : `GitLab stored ${name} in ${place} without masking it, and it could not be removed again.`,
    remedy: (_, facts) =>
      facts?.value === 'left'
        ? 'Remove the variable in the CI/CD settings now, or mask it there: job logs would show it.'
        : 'Check that this version of GitLab can mask variables. No job can have seen the value in the meantime, unless one started in that second.',
  },
};

const TOKENS =
  'A fine-grained token needs "Secrets: write" for a repository, "Environments: write" for an environment, "Dependabot secrets: write" for Dependabot, and "Secrets: write" of the organization for its secrets. A classic token needs the scope repo, or admin:org.';

function missing(facts: FailureFacts['store-token-missing']): string {
  if (facts.store === 'GitLab')
    return facts.reason === 'job-token'
      ? 'CI_JOB_TOKEN is the only token here, and GitLab lets no job token write variables.'
      : 'There is no token for GitLab: GITLAB_TOKEN is not set.';
  const gh = facts.gh === 'not-installed' ? 'gh is not installed' : `gh has none for ${facts.host} (${facts.gh.error})`;
  return `There is no token for GitHub: neither GH_TOKEN nor GITHUB_TOKEN is set, and ${gh}.`;
}

/** What happened in our words, and what the store said. */
function refused({ store, call, status, said }: StoreRefused, what: string): string {
  return `${call}: ${what} (${store}: HTTP ${status}${said === '' ? '' : `, ${said}`})`;
}

function accepted({ store, accepts }: FailureFacts['store-denied']): string {
  return accepts === undefined ? '' : ` ${store} says that it accepts ${accepts}.`;
}

function remedyForDenied(facts: FailureFacts['store-denied'] | undefined): string {
  if (facts?.store === 'GitLab')
    return 'Use a token with the scope api, of a maintainer for the variables of a project, or of an owner for those of a group.';
  const workflow =
    facts === undefined || facts.token === 'installation'
      ? 'The GITHUB_TOKEN of a workflow can never write secrets, whatever its permissions. '
      : '';
  return `${workflow}Use a token with the permission named above. ${TOKENS}`;
}

function unreachable({ reason, target, proxy, error }: StoreUnreachable): string {
  switch (reason) {
    case 'name':
      return `the host name ${target} doesn't resolve (${error}).`;
    case 'connection':
      return `can't connect to ${target} (${error}).`;
    case 'tls':
      return `can't establish a secure connection to ${target} (${error}).`;
    case 'untrusted':
      return `the certificate of ${target} is not trusted (${error}).`;
    case 'proxy':
      return `can't connect to the proxy ${proxy} (${error}).`;
    case 'tunnel':
      return `the proxy ${proxy} did not open a tunnel to ${target} (${error}).`;
    case 'silent':
      return `no complete answer from ${target} (${error}).`;
  }
}

function remedyForUnreachable({ input, terms }: Wording, facts?: StoreUnreachable): string {
  if (facts?.reason === 'untrusted')
    return `If a proxy or your own server uses a private CA, set NODE_EXTRA_CA_CERTS to its certificate file. A clock that is days off causes this too: check the ${terms.host}'s date.`;
  const again = facts?.reason === 'silent' ? ' The secret may have been stored: storing it again does no harm.' : '';
  return `Check that the ${terms.host} can reach the host: DNS, firewall, proxy (${input('http-proxy')}, ${input('no-proxy')}).${again}`;
}

function unavailable(facts: FailureFacts['store-unavailable']): string {
  switch (facts.reason) {
    case 'error':
      return refused(facts, `${facts.store} has a problem.`);
    case 'odd-answer':
      return `${facts.call}: this answer isn't from the API of ${facts.store} (HTTP ${facts.status}).`;
    case 'key':
      return `${facts.call}: the answer contains no public key of 32 bytes, so nothing was sealed or sent.`;
  }
}

const REASONS: Readonly<Record<Unmaskable, string>> = {
  short: 'it has fewer than 8 characters',
  long: 'it has more than 10,000 characters',
  space: 'it contains a space or a line break',
  characters: 'it contains characters other than letters, digits and _+=/@:.~-',
};

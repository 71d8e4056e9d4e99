import type { ClientContext } from './aws/client-context.ts';
import { connect } from './cli-connect.ts';
import { type Environment, unwrap } from './core/ports.ts';
import type { Request } from './core/request.ts';
import type { RetryContext } from './core/retry.ts';
import { openAgent } from './net/agent.ts';
import type { SecretStore } from './setup/ports.ts';
import { cleanEnvironment } from './shell/child-environment.ts';
import type { SetupContext, SetupWiring } from './shell/setup/acting.ts';
import type { OutputChoice, Place } from './shell/setup/places.ts';
import type { StoreContext } from './stores/context.ts';
import { fileText } from './stores/file.ts';
import { type GithubPlace, githubApiUrl } from './stores/github-place.ts';
import { githubHost, githubToken, gitlabToken } from './stores/tokens.ts';
import { VERSION } from './version.ts';

type StorePlace = Exclude<Place, OutputChoice>;

/** What was begun is taken back in this time, or reported as left. */
const UNDO_MS = 5 * 60_000;

/** What commands that change IAM need: an administrator's IAM, and the stores of secrets. */
export async function setUp(request: Request, context: SetupContext): Promise<SetupWiring> {
  const services = connect(request, context);
  const { secrets, clockUntil } = context;
  // Programs such as `gh` don't need what this one was given.
  const env = cleanEnvironment(context.env);
  let { signal } = context;
  let retry: RetryContext = { ...context.retry, maxAttempts: request.maxAttempts };
  return {
    services,
    outlive() {
      signal = AbortSignal.timeout(UNDO_MS);
      retry = { ...retry, clock: clockUntil(signal) };
    },
    async admin(keys) {
      const { createIamAdmin } = await import('./aws/iam-admin.ts');
      const client = await services.client();
      const outliving: ClientContext = {
        ...client,
        endpoint: request.connection.iam?.endpoint,
        get signal() {
          return signal;
        },
        get retry() {
          return retry;
        },
      };
      return createIamAdmin(outliving, keys);
    },
    async openStore(place) {
      const outliving: StoreContext = {
        agent: await openAgent(request.connection.proxy),
        secrets,
        userAgent: `aws-mfa-credentials/${VERSION}`,
        get signal() {
          return signal;
        },
        get retry() {
          return retry;
        },
      };
      return openStore(place, env, outliving);
    },
    fileText: (form, { keys, device }) => fileText(form, { ...keys, ...device }),
  };
}

/** The store of a place, reached by the same rules as AWS: proxy, certificates, time limits. */
async function openStore(place: StorePlace, env: Environment, store: StoreContext): Promise<SecretStore> {
  if (place.kind === 'gitlab') {
    const { createGitlabStore } = await import('./stores/gitlab.ts');
    const { of: kind, id, jobs, scope, apiUrl } = place;
    return createGitlabStore({ kind, id, jobs, scope }, apiUrl, unwrap(gitlabToken(env, store.secrets)), store);
  }
  const { createGithubStore } = await import('./stores/github.ts');
  const host = place.host ?? githubHost(env);
  const token = unwrap(await githubToken(env, host, store.secrets));
  return createGithubStore(githubPlace(place), apiUrlOf(host, env), token, store);
}

/** In a workflow, GitHub says itself where its API is. */
function apiUrlOf(host: string, { GITHUB_SERVER_URL, GITHUB_API_URL }: Environment): string {
  const isHere = GITHUB_API_URL && URL.parse(GITHUB_SERVER_URL ?? '')?.host === host;
  return isHere ? GITHUB_API_URL : githubApiUrl(host);
}

function githubPlace({ of, place }: Extract<StorePlace, { kind: 'github' }>): GithubPlace {
  switch (place.kind) {
    case 'repository':
      return { ...place, of };
    case 'environment':
      return place;
    case 'organization':
      return { kind: 'organization', org: place.org, of, access: { visibility: place.visibility } };
  }
}

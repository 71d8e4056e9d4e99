/** Whose secrets: those that workflows read, or those that Dependabot's runs read. */
export type SecretsOf = 'actions' | 'dependabot';

/** Which repositories can use a secret of an organization. */
export type Access =
  | { readonly visibility: 'all' | 'private' }
  | { readonly visibility: 'selected'; readonly repositoryIds: readonly number[] };

/** Where GitHub keeps a secret. */
export type GithubPlace =
  | { readonly kind: 'repository'; readonly owner: string; readonly repo: string; readonly of: SecretsOf }
  | { readonly kind: 'environment'; readonly owner: string; readonly repo: string; readonly environment: string }
  | { readonly kind: 'organization'; readonly org: string; readonly of: SecretsOf; readonly access: Access };

/** A path of GitHub's API, as Octokit fills it in. */
export interface Route {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The path under which the secrets of a place are. */
export function secretsRoute(place: GithubPlace): Route {
  switch (place.kind) {
    case 'repository': {
      const { owner, repo, of } = place;
      return { path: '/repos/{owner}/{repo}/{of}/secrets', parameters: { owner, repo, of } };
    }
    case 'environment': {
      const { owner, repo, environment } = place;
      const path = '/repos/{owner}/{repo}/environments/{environment}/secrets';
      return { path, parameters: { owner, repo, environment } };
    }
    case 'organization': {
      const { org, of } = place;
      return { path: '/orgs/{org}/{of}/secrets', parameters: { org, of } };
    }
  }
}

/** The same for an environment, as older GitHub Enterprise Servers have it. */
export function oldEnvironmentRoute(repositoryId: number, environment: string): Route {
  return {
    path: '/repositories/{id}/environments/{environment}/secrets',
    parameters: { id: String(repositoryId), environment },
  };
}

/** What a secret of this place has besides its value. */
export function accessMembers(place: GithubPlace): Readonly<Record<string, unknown>> {
  if (place.kind !== 'organization') return {};
  const { access } = place;
  return {
    visibility: access.visibility,
    ...(access.visibility === 'selected' && { selected_repository_ids: access.repositoryIds }),
  };
}

/** What must exist, for a sentence. */
export function nameOf(place: GithubPlace): string {
  switch (place.kind) {
    case 'repository':
      return `the repository ${place.owner}/${place.repo}`;
    case 'environment':
      return `the environment ${place.environment} of ${place.owner}/${place.repo}`;
    case 'organization':
      return `the organization ${place.org}`;
  }
}

/** To complete "stored in …". */
export function titleOf(place: GithubPlace): string {
  if (place.kind === 'repository')
    return `the ${place.of === 'dependabot' ? 'Dependabot ' : ''}secrets of ${place.owner}/${place.repo}`;
  const ofDependabot = place.kind === 'organization' && place.of === 'dependabot';
  return `the ${ofDependabot ? 'Dependabot ' : ''}secrets of ${nameOf(place)}`;
}

/** The address of the API of a host, as in `GH_HOST`. */
export function githubApiUrl(host: string): string {
  const name = host.toLowerCase();
  if (name === 'github.com') return 'https://api.github.com';
  return name.endsWith('.ghe.com') ? `https://api.${name}` : `https://${name}/api/v3`;
}

// What exists in the small GitHub, as plain data. Tests build it, and may change it between requests.

/** The editions differ in their base path, and in what old ones lack. */
export type Edition =
  /** `https://api.github.com` */
  | 'github.com'
  /** GitHub Enterprise Server: `https://HOST/api/v3` */
  | 'ghes'
  /** An old one: no variables, and secrets of environments only under `/repositories/ID`. */
  | 'old-ghes';

/** The permissions of fine-grained tokens and of apps, by the names that GitHub uses in headers. */
export type Permission =
  | 'metadata'
  | 'actions'
  | 'administration'
  | 'secrets'
  | 'environments'
  | 'dependabot_secrets'
  | 'actions_variables'
  | 'organization_secrets'
  | 'organization_dependabot_secrets'
  | 'organization_actions_variables';

export type Level = 'read' | 'write';

/** A token. It only sees the repositories and organisations that are listed: `owner/name` and `owner`. */
export type Token = {
  readonly value: string;
  readonly sees: readonly string[];
  /** ms since the epoch. Answers contain it as a header; after it, the token is refused. */
  readonly expiresAt?: number;
} & (
  | {
      /** A fine-grained personal access token, or one of an app or a workflow. */
      readonly kind: 'personal' | 'installation';
      readonly permissions: Readonly<Partial<Record<Permission, Level>>>;
    }
  | { readonly kind: 'classic'; readonly scopes: readonly ('repo' | 'admin:org')[] }
);

export interface Repository {
  readonly id: number;
  /** `owner/name` */
  readonly fullName: string;
  /** Names of its environments. */
  environments: string[];
}

export interface GithubWorld {
  edition: Edition;
  tokens: Token[];
  repositories: Repository[];
  /** Owners of repositories that are organisations. */
  organizations: string[];
  /** Requests left until the rate limit. */
  remainingRequests: number;
}

/** A world with defaults for everything that a test doesn't care about. */
export function githubWorld(given: Partial<GithubWorld> = {}): GithubWorld {
  return {
    edition: 'github.com',
    tokens: [],
    repositories: [],
    organizations: [],
    remainingRequests: 5000,
    ...given,
  };
}

// What exists in the small GitLab, as plain data. Tests build it, and may change it between requests.

/** A token. It sees the projects and groups in which it has a role. */
export interface Token {
  readonly value: string;
  /** Of a person, a project or a group; of an OAuth application; of a running job. */
  readonly kind: 'access' | 'oauth' | 'job';
  readonly scope: 'api' | 'read_api';
  /** By full path. Only maintainers may read and change variables of a project, only owners those of a group. */
  readonly roles: Readonly<Record<string, 'developer' | 'maintainer' | 'owner'>>;
  /** ms since the epoch */
  readonly expiresAt?: number;
}

export interface Owner {
  readonly id: number;
  /** `group/project`, or a group's path */
  readonly path: string;
}

/** A CI/CD variable. */
export interface Variable {
  readonly key: string;
  readonly value: string;
  readonly variable_type: 'env_var' | 'file';
  readonly protected: boolean;
  readonly masked: boolean;
  /** Answers don't contain its value. */
  readonly hidden: boolean;
  /** Variables in its value aren't expanded. */
  readonly raw: boolean;
  readonly environment_scope: string;
  readonly description: string | null;
}

export interface GitlabWorld {
  projects: Owner[];
  groups: Owner[];
  tokens: Token[];
  /** Versions before 17.4 ignore `masked_and_hidden`, so that such a variable is neither. */
  knowsHidden: boolean;
}

/** A world with defaults for everything that a test doesn't care about. */
export function gitlabWorld(given: Partial<GitlabWorld> = {}): GitlabWorld {
  return { projects: [], groups: [], tokens: [], knowsHidden: true, ...given };
}

import type { SentRequest } from '../http/json-server.ts';
import { GithubRefusal, notFound } from './refusal.ts';
import type { GithubWorld, Level, Permission, Token } from './world.ts';

// Who may do what. GitHub checks the token, then what it sees, then its permissions.

/** What a request needs. */
export interface Need {
  /** `owner/name` of a repository, or an organisation. */
  readonly of: string;
  readonly permission: Permission;
  readonly level: Level;
}

/**
 * The token of a request.
 * @throws GithubRefusal 401 or 403
 */
export function tokenOf(world: GithubWorld, { headers, at }: SentRequest): Token {
  if (headers['user-agent'] === undefined) {
    throw new GithubRefusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  }
  const { authorization } = headers;
  if (authorization === undefined) throw new GithubRefusal(401, 'Requires authentication');
  const [, value] = /^(?:token|bearer) (\S+)$/i.exec(authorization) ?? [];
  const token = world.tokens.find((one) => one.value === value);
  if (token === undefined || at >= (token.expiresAt ?? Number.POSITIVE_INFINITY)) {
    throw new GithubRefusal(401, 'Bad credentials');
  }
  return token;
}

/**
 * Checks that a token sees something and has the permission for it.
 * @throws GithubRefusal 403 or 404
 */
export function authorize(token: Token, { of, permission, level }: Need): void {
  if (!token.sees.some((one) => one.toLowerCase() === of.toLowerCase())) throw notFound();
  if (token.kind === 'classic') {
    const scope = of.includes('/') ? 'repo' : 'admin:org';
    if (token.scopes.includes(scope)) return;
    // We don't know GitHub's answer letter for letter.
    throw new GithubRefusal(403, `Must have admin rights to ${of.includes('/') ? 'Repository' : 'Organization'}.`, {
      'x-oauth-scopes': token.scopes.join(', '),
      'x-accepted-oauth-scopes': scope,
    });
  }
  const has = permission === 'metadata' ? 'read' : token.permissions[permission];
  if (has === 'write' || has === level) return;
  const whose = token.kind === 'personal' ? 'personal access token' : 'integration';
  throw new GithubRefusal(403, `Resource not accessible by ${whose}`, {
    'x-accepted-github-permissions': `${permission}=${level}`,
  });
}

/** The header with the end of a token, as GitHub writes it. */
export function expirationHeader({ expiresAt }: Token): Readonly<Record<string, string>> {
  if (expiresAt === undefined) return {};
  const [day = '', time = ''] = new Date(expiresAt).toISOString().split(/[T.]/);
  return { 'github-authentication-token-expiration': `${day} ${time} UTC` };
}

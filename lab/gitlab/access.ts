import type { SentRequest } from '../http/json-server.ts';
import { GitlabRefusal, notFound } from './refusal.ts';
import type { GitlabWorld, Owner, Token } from './world.ts';

/**
 * The token of a request. A job's token isn't accepted, because variables aren't among what a job may use.
 * @throws GitlabRefusal 401
 */
export function tokenOf(world: GitlabWorld, { headers, url, at }: SentRequest): Token {
  const inQuery = new URL(url, 'http://localhost').searchParams.get('private_token');
  const [, bearer] = /^bearer (\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const value = headers['private-token'] ?? inQuery ?? bearer;
  const token = world.tokens.find((one) => one.value === value);
  const isOAuthElsewhere = token?.kind === 'oauth' && value !== bearer;
  if (token === undefined || token.kind === 'job' || isOAuthElsewhere) {
    throw new GitlabRefusal(401, { message: '401 Unauthorized' });
  }
  if (at >= (token.expiresAt ?? Number.POSITIVE_INFINITY)) {
    throw new GitlabRefusal(401, {
      error: 'invalid_token',
      error_description: 'Token is expired. You can either do re-authorization or token refresh.',
    });
  }
  return token;
}

/**
 * The project or group, if the token may do with its variables what the request says.
 * @param id its number, or its path
 * @throws GitlabRefusal 403 or 404
 */
export function authorizedOwner(
  world: GitlabWorld,
  token: Token,
  { kind, id, isRead }: { kind: 'projects' | 'groups'; id: string; isRead: boolean },
): Owner {
  if (token.scope === 'read_api' && !isRead) {
    throw new GitlabRefusal(403, {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api',
    });
  }
  const owner = world[kind].find((one) => String(one.id) === id || one.path.toLowerCase() === id.toLowerCase());
  const role = owner && token.roles[owner.path];
  if (owner === undefined || role === undefined) throw notFound(kind === 'projects' ? 'Project' : 'Group');
  const mayAdminister = role === 'owner' || (role === 'maintainer' && kind === 'projects');
  if (!mayAdminister) throw new GitlabRefusal(403, { message: '403 Forbidden' });
  return owner;
}

import { notFound } from './refusal.ts';
import type { SecretPlace } from './stores.ts';
import type { GithubWorld, Permission, Repository } from './world.ts';

/** What a path names. */
export type Target = { readonly place: SecretPlace; readonly permission: Permission } & (
  | { readonly kind: 'repository' | 'environment-itself' }
  | { readonly kind: 'secrets'; readonly rest: readonly string[] }
  | { readonly kind: 'variables'; readonly rest: readonly string[] }
);

/**
 * Finds out what a path names. Whether the token sees it is another question.
 * @throws GithubRefusal 404
 */
export function targetOf(world: GithubWorld, pathname: string): Target {
  const base = world.edition === 'github.com' ? '/' : '/api/v3/';
  if (!pathname.startsWith(base)) throw notFound();
  const [root, ...parts] = pathname.slice(base.length).split('/').map(decodeURIComponent);
  if (root === 'orgs') return targetOfOrganization(world, parts);
  if (root === 'repos') {
    const [owner = '', name = '', ...rest] = parts;
    return targetOfRepository(
      world,
      repositoryBy(world, (one) => same(one.fullName, `${owner}/${name}`)),
      rest,
      false,
    );
  }
  if (root === 'repositories') {
    const [id = '', ...rest] = parts;
    return targetOfRepository(
      world,
      repositoryBy(world, (one) => String(one.id) === id),
      rest,
      true,
    );
  }
  throw notFound();
}

function targetOfOrganization(world: GithubWorld, [name = '', store, what, ...rest]: readonly string[]): Target {
  const of = world.organizations.find((one) => same(one, name));
  if (of === undefined) throw notFound();
  if (what === 'secrets' && store === 'actions') {
    return { kind: 'secrets', place: { kind: 'actions', of }, permission: 'organization_secrets', rest };
  }
  if (what === 'secrets' && store === 'dependabot') {
    return { kind: 'secrets', place: { kind: 'dependabot', of }, permission: 'organization_dependabot_secrets', rest };
  }
  if (what === 'variables' && store === 'actions' && world.edition !== 'old-ghes') {
    return { kind: 'variables', place: { kind: 'actions', of }, permission: 'organization_actions_variables', rest };
  }
  throw notFound();
}

function targetOfRepository(
  world: GithubWorld,
  { fullName: of, environments }: Repository,
  [store, what, ...rest]: readonly string[],
  isById: boolean,
): Target {
  if (store === undefined) return { kind: 'repository', place: { kind: 'actions', of }, permission: 'metadata' };
  if (store === 'environments' && what !== undefined) {
    const place = { kind: 'environment', of, environment: what } as const;
    const [part, ...names] = rest;
    if (part === undefined) return { kind: 'environment-itself', place, permission: 'administration' };
    const isOld = world.edition === 'old-ghes';
    // Old versions know these paths only with the repository's ID.
    const isKnown = environments.some((one) => same(one, what)) && (!isOld || isById);
    if (part === 'secrets' && isKnown) return { kind: 'secrets', place, permission: 'environments', rest: names };
    if (part === 'variables' && isKnown && !isOld) {
      return { kind: 'variables', place, permission: 'environments', rest: names };
    }
    throw notFound();
  }
  if (isById) throw notFound();
  if (store === 'actions' && what === 'secrets') {
    return { kind: 'secrets', place: { kind: 'actions', of }, permission: 'secrets', rest };
  }
  if (store === 'dependabot' && what === 'secrets') {
    return { kind: 'secrets', place: { kind: 'dependabot', of }, permission: 'dependabot_secrets', rest };
  }
  if (store === 'actions' && what === 'variables' && world.edition !== 'old-ghes') {
    return { kind: 'variables', place: { kind: 'actions', of }, permission: 'actions_variables', rest };
  }
  throw notFound();
}

function repositoryBy(world: GithubWorld, is: (repository: Repository) => boolean): Repository {
  const repository = world.repositories.find(is);
  if (repository === undefined) throw notFound();
  return repository;
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

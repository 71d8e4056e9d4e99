import { execFileSync } from 'node:child_process';
import type { Environment } from '../../core/ports.ts';
import { cleanEnvironment } from '../child-environment.ts';
import type { Options } from '../program.ts';
import { UsageError } from '../values.ts';
import { readRemote } from './remote.ts';

// Where secrets are to be stored, as the options say it.

/** A place that secrets are stored in. */
export type Place = GithubChoice | GitlabChoice | OutputChoice;

export interface GithubChoice {
  readonly kind: 'github';
  /** Undefined: the one that `gh` uses. */
  readonly host: string | undefined;
  readonly of: 'actions' | 'dependabot';
  readonly place:
    | { readonly kind: 'repository'; readonly owner: string; readonly repo: string }
    | { readonly kind: 'environment'; readonly owner: string; readonly repo: string; readonly environment: string }
    | { readonly kind: 'organization'; readonly org: string; readonly visibility: 'all' | 'private' };
}

export interface GitlabChoice {
  readonly kind: 'gitlab';
  /** `https://HOST/api/v4` */
  readonly apiUrl: string;
  readonly of: 'project' | 'group';
  /** The full path, or the number. */
  readonly id: string;
  readonly jobs: 'protected' | 'all';
  /** `*` for every environment. */
  readonly scope: string;
}

export interface OutputChoice {
  readonly kind: 'output';
  readonly form: 'json' | 'dotenv';
  /** Undefined for standard output. */
  readonly path: string | undefined;
}

const SLUG = /^[\w.-]{1,100}$/;

/** All places that the options name. Throws a `UsageError` if one can't be meant. */
export function placesIn(options: Options, env: Environment): readonly Place[] {
  return [githubIn(options, env), gitlabIn(options, env), outputIn(options)].filter((place) => place !== undefined);
}

/** The servers of these places, except for github.com and gitlab.com: a git remote may name one that nobody means. */
export function serversOf(places: readonly Place[], env: Environment): readonly string[] {
  const hosts = places.flatMap((place) => {
    if (place.kind === 'github') return place.host ?? hostOf(env);
    return place.kind === 'gitlab' ? new URL(place.apiUrl).host : [];
  });
  return hosts.filter((host) => host !== 'github.com' && host !== 'gitlab.com');
}

function hostOf(env: Environment): string {
  return env['GH_HOST'] || URL.parse(env['GITHUB_SERVER_URL'] ?? '')?.host || 'github.com';
}

function githubIn(options: Options, env: Environment): GithubChoice | undefined {
  const { github, org, environment, dependabot } = options;
  const of = dependabot === true ? 'dependabot' : 'actions';
  if (typeof org === 'string') {
    if (github !== undefined || environment !== undefined)
      throw new UsageError('--org stores the secrets for many repositories: leave out --github and --environment.');
    if (!SLUG.test(org)) throw new UsageError("--org isn't the name of an organization.");
    const visibility = options['visibility'] === 'all' ? 'all' : 'private';
    return { kind: 'github', host: undefined, of, place: { kind: 'organization', org, visibility } };
  }
  if (github === undefined) {
    if (environment !== undefined && options['gitlab'] === undefined)
      throw new UsageError('--environment needs --github or --gitlab.');
    return undefined;
  }
  const { host, owner, repo } = typeof github === 'string' ? slugIn(github) : repositoryHere(env);
  if (typeof environment !== 'string') return { kind: 'github', host, of, place: { kind: 'repository', owner, repo } };
  if (of === 'dependabot') throw new UsageError('Dependabot has no environments: leave out --environment.');
  return { kind: 'github', host, of, place: { kind: 'environment', owner, repo, environment } };
}

interface Slug {
  readonly host: string | undefined;
  readonly owner: string;
  readonly repo: string;
}

/** OWNER/REPO, or HOST/OWNER/REPO as in `gh`. */
function slugIn(text: string): Slug {
  const parts = text.split('/');
  const [repo = '', owner = '', host] = parts.toReversed();
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^[\w.:-]{1,253}$/.test(part)))
    throw new UsageError("--github isn't OWNER/REPO.");
  return { host, owner, repo };
}

/** The repository of this folder: what a workflow says, or git's remote `origin`. */
function repositoryHere(env: Environment): Slug {
  const known = env['GITHUB_REPOSITORY'];
  if (known) return slugIn(known);
  const remote = readRemote(originUrl(env));
  if (remote === undefined || remote.owner.includes('/'))
    throw new UsageError("This folder's git remote names no repository on GitHub. Use --github OWNER/REPO.");
  const { host, owner, name: repo } = remote;
  return { host: host === 'github.com' ? undefined : host, owner, repo };
}

function originUrl(env: Environment): string {
  try {
    const output = execFileSync('git', ['remote', 'get-url', 'origin'], {
      env: cleanEnvironment(env),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
    return output.toString().trim();
  } catch {
    return '';
  }
}

function gitlabIn(options: Options, env: Environment): GitlabChoice | undefined {
  const { gitlab, gitlabGroup, environment } = options;
  const id = typeof gitlab === 'string' ? gitlab : typeof gitlabGroup === 'string' ? gitlabGroup : undefined;
  if (id === undefined) return undefined;
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(id)) throw new UsageError("--gitlab isn't the path of a project, GROUP/PROJECT.");
  return {
    kind: 'gitlab',
    apiUrl: gitlabUrl(options['gitlabUrl'], env),
    of: typeof gitlab === 'string' ? 'project' : 'group',
    id,
    jobs: options['unprotected'] === true ? 'all' : 'protected',
    scope: typeof environment === 'string' ? environment : '*',
  };
}

function gitlabUrl(given: unknown, env: Environment): string {
  const text = typeof given === 'string' ? given : (env['CI_API_V4_URL'] ?? 'https://gitlab.com');
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw new UsageError("--gitlab-url isn't the address of a GitLab, https://HOST.");
  const path = url.pathname.replace(/\/(?:api\/v4\/?)?$/, '');
  return `${url.origin}${path}/api/v4`;
}

function outputIn({ output }: Options): OutputChoice | undefined {
  if (typeof output !== 'string') return undefined;
  if (output === '') throw new UsageError('--output is empty.');
  if (output === 'json' || output === 'dotenv') return { kind: 'output', form: output, path: undefined };
  return { kind: 'output', form: /(?:^|[/.\\])env$|dotenv$/.test(output) ? 'dotenv' : 'json', path: output };
}

import type { JsonAnswer, SentRequest } from '../http/json-server.ts';
import { authorize, expirationHeader, tokenOf } from './access.ts';
import { GithubRefusal, notFound } from './refusal.ts';
import { type Target, targetOf } from './routes.ts';
import type { Stores } from './stores.ts';
import type { GithubWorld, Permission } from './world.ts';

const LIMIT = 5000;
const HOUR_MS = 3_600_000;

/** GitHub's REST API without its HTTP server: requests in, answers out. */
export class GithubApi {
  readonly #world: GithubWorld;
  readonly #stores: Stores;

  constructor(world: GithubWorld, stores: Stores) {
    this.#world = world;
    this.#stores = stores;
  }

  answer(request: SentRequest): JsonAnswer {
    this.#world.remainingRequests--;
    const headers = {
      ...rateLimit(this.#world.remainingRequests, request.at),
      'x-github-media-type': 'github.v3; format=json',
    };
    let expiration = {};
    try {
      const token = tokenOf(this.#world, request);
      expiration = expirationHeader(token);
      if (this.#world.remainingRequests < 0) throw new GithubRefusal(403, 'API rate limit exceeded for user ID 1.');
      const target = targetOf(this.#world, new URL(request.url, 'http://localhost').pathname);
      authorize(token, {
        of: target.place.of,
        permission: permissionFor(target, request.method),
        level: request.method === 'GET' ? 'read' : 'write',
      });
      const answer = this.#perform(target, request);
      return { ...answer, headers: { ...headers, ...expiration, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof GithubRefusal)) throw error;
      return { ...error.answer, headers: { ...headers, ...expiration, ...error.answer.headers } };
    }
  }

  #perform(target: Target, request: SentRequest): JsonAnswer {
    switch (target.kind) {
      case 'repository':
        return this.#repository(target.place.of, request.method);
      case 'environment-itself':
        return this.#environment(target, request.method);
      case 'secrets':
        return this.#secrets(target, request);
      case 'variables':
        return this.#variables(target, request);
    }
  }

  #repository(fullName: string, method: string): JsonAnswer {
    const repository = this.#world.repositories.find((one) => one.fullName === fullName);
    if (method !== 'GET' || repository === undefined) throw notFound();
    const [login, name] = fullName.split('/');
    const type = this.#world.organizations.some((one) => one === login) ? 'Organization' : 'User';
    return ok({ id: repository.id, name, full_name: fullName, private: true, owner: { login, type } });
  }

  #environment({ place }: Target, method: string): JsonAnswer {
    const repository = this.#world.repositories.find(({ fullName }) => fullName === place.of);
    if (repository === undefined || place.kind !== 'environment') throw notFound();
    const { environment: name } = place;
    const exists = repository.environments.some((one) => one.toLowerCase() === name.toLowerCase());
    if (method === 'PUT' && !exists) repository.environments.push(name);
    else if (method !== 'PUT' && (method !== 'GET' || !exists)) throw notFound();
    return ok({ id: repository.environments.length, name, protection_rules: [] });
  }

  #secrets({ place, rest: [name, ...more] }: Extract<Target, { kind: 'secrets' }>, request: SentRequest): JsonAnswer {
    const vault = this.#stores.vault(place);
    if (more.length > 0) throw notFound();
    switch (`${request.method} ${name === undefined ? 'all' : name === 'public-key' ? 'key' : 'one'}`) {
      case 'GET all':
        return ok(vault.list());
      case 'GET key':
        return ok(vault.publicKey());
      case 'GET one':
        return ok(vault.get(name ?? ''));
      case 'PUT one':
        return vault.put(name ?? '', bodyOf(request), request.at) ? { status: 201, body: {} } : { status: 204 };
      case 'DELETE one':
        vault.delete(name ?? '');
        return { status: 204 };
      default:
        throw notFound();
    }
  }

  #variables(
    { place, rest: [name, ...more] }: Extract<Target, { kind: 'variables' }>,
    request: SentRequest,
  ): JsonAnswer {
    const variables = this.#stores.variables(place);
    if (more.length > 0) throw notFound();
    switch (`${request.method} ${name === undefined ? 'all' : 'one'}`) {
      case 'GET all':
        return ok(variables.list());
      case 'GET one':
        return ok(variables.get(name ?? ''));
      case 'POST all':
        variables.create(bodyOf(request), request.at);
        return { status: 201, body: {} };
      case 'PATCH one':
        variables.update(name ?? '', bodyOf(request), request.at);
        return { status: 204 };
      case 'DELETE one':
        variables.delete(name ?? '');
        return { status: 204 };
      default:
        throw notFound();
    }
  }
}

// Reading an environment needs another permission than changing it.
function permissionFor({ kind, permission }: Target, method: string): Permission {
  return kind === 'environment-itself' && method === 'GET' ? 'actions' : permission;
}

function ok(body: unknown): JsonAnswer {
  return { status: 200, body };
}

function bodyOf({ body }: SentRequest): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Said below.
  }
  throw new GithubRefusal(400, 'Problems parsing JSON');
}

function rateLimit(left: number, now: number): Readonly<Record<string, string>> {
  const remaining = Math.max(0, left);
  return {
    'x-ratelimit-limit': String(LIMIT),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(LIMIT - remaining),
    'x-ratelimit-reset': String(Math.ceil((now + HOUR_MS) / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

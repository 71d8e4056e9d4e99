import type { JsonAnswer, SentRequest } from '../http/json-server.ts';
import { authorizedOwner, tokenOf } from './access.ts';
import { Parameters } from './parameters.ts';
import { GitlabRefusal } from './refusal.ts';
import { Variables } from './variables.ts';
import type { GitlabWorld, Variable } from './world.ts';

type Kind = 'projects' | 'groups';

const PATH = /^\/api\/v4\/(projects|groups)\/([^/]+)\/variables(?:\/([^/]+))?$/;

/** GitLab's API of variables without its HTTP server: requests in, answers out. */
export class GitlabApi {
  readonly #world: GitlabWorld;
  readonly #variables = new Map<string, Variables>();

  constructor(world: GitlabWorld) {
    this.#world = world;
  }

  /** The variables of a project or a group. */
  variables(kind: Kind, path: string): Variables {
    const id = `${kind} ${path}`;
    const known = this.#variables.get(id) ?? new Variables(kind === 'projects' ? 'Variable' : 'GroupVariable');
    this.#variables.set(id, known);
    return known;
  }

  answer(request: SentRequest): JsonAnswer {
    try {
      return this.#perform(request);
    } catch (error) {
      if (error instanceof GitlabRefusal) return error.answer;
      throw error;
    }
  }

  #perform(request: SentRequest): JsonAnswer {
    const { method } = request;
    const [, kind, id = '', key] = PATH.exec(new URL(request.url, 'http://localhost').pathname) ?? [];
    if (kind !== 'projects' && kind !== 'groups') throw new GitlabRefusal(404, { error: '404 Not Found' });
    const token = tokenOf(this.#world, request);
    const asked = { kind, id: decodeURIComponent(id), isRead: method === 'GET' } as const;
    const variables = this.variables(kind, authorizedOwner(this.#world, token, asked).path);
    const parameters = new Parameters(request);
    if (key === undefined) {
      if (method === 'GET') return page(variables.all(), parameters);
      if (method === 'POST') return shown(201, variables.create(parameters, this.#world.knowsHidden));
    } else {
      const name = decodeURIComponent(key);
      if (method === 'GET') return shown(200, variables.find(name, parameters.scopeFilter()));
      if (method === 'PUT') return shown(200, variables.update(name, parameters));
      if (method === 'DELETE') {
        variables.delete(name, parameters.scopeFilter());
        return { status: 204 };
      }
    }
    throw new GitlabRefusal(405, { error: '405 Not Allowed' });
  }
}

function described(variable: Variable): object {
  return { ...variable, value: variable.hidden ? null : variable.value };
}

function shown(status: number, variable: Variable): JsonAnswer {
  return { status, body: described(variable) };
}

/** Lists come in pages of 20, unless the request says otherwise. */
function page(variables: readonly Variable[], parameters: Parameters): JsonAnswer {
  const number = Math.max(1, Number(parameters.text('page') ?? 1));
  const size = Math.min(100, Math.max(1, Number(parameters.text('per_page') ?? 20)));
  const end = number * size;
  const headers = {
    'x-page': String(number),
    'x-per-page': String(size),
    'x-total': String(variables.length),
    'x-next-page': end < variables.length ? String(number + 1) : '',
  };
  return { status: 200, headers, body: variables.slice(end - size, end).map(described) };
}

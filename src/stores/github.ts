import { Failure, isFailure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import type { SecretStore, StoredSecret } from '../setup/ports.ts';
import type { StoreContext } from './context.ts';
import { createGithubClient, type GithubClient } from './github-client.ts';
import {
  accessMembers,
  type GithubPlace,
  nameOf,
  oldEnvironmentRoute,
  type Route,
  secretsRoute,
  titleOf,
} from './github-place.ts';
import { bad, good } from './insist.ts';
import { field, oddAnswer, type Reply, text } from './refusals.ts';
import { readPublicKey, seal } from './sealed-box.ts';

/** The secrets of a place on GitHub. `apiUrl`: `https://api.github.com`, or `https://HOST/api/v3`. */
export function createGithubStore(
  place: GithubPlace,
  apiUrl: string,
  token: string,
  context: StoreContext,
): SecretStore {
  context.secrets.mask(token);
  return new GithubStore(place, createGithubClient(apiUrl, token, context), context);
}

/** The public key of a place, and the path that it was found under. */
interface Vault {
  readonly route: Route;
  readonly keyId: string;
  readonly key: Buffer;
  /** The answer that it came in. */
  readonly reply: Reply;
}

class GithubStore implements SecretStore {
  readonly title: string;
  readonly #place: GithubPlace;
  readonly #client: GithubClient;
  readonly #context: StoreContext;
  /** The path under which this server has the secrets, once it is known. */
  #route: Route | undefined;

  constructor(place: GithubPlace, client: GithubClient, context: StoreContext) {
    this.title = titleOf(place);
    this.#place = place;
    this.#client = client;
    this.#context = context;
  }

  get tokenExpires(): Date | undefined {
    return this.#client.tokenExpires;
  }

  async find(name: string): Promise<Answer<StoredSecret | undefined>> {
    const vault = await this.#open('read');
    if (!vault.ok) return this.#isAbsent(vault.failure) ? good(undefined) : vault;
    const found = await this.#ask('GET', at(vault.value.route, name), [200, 404]);
    if (!found.ok) return found;
    if (found.value.status === 404) return good(undefined);
    if (text(found.value.data, 'name') === undefined) return bad(oddAnswer(found.value));
    const updated = new Date(text(found.value.data, 'updated_at') ?? Number.NaN);
    const now = Date.parse(found.value.headers['date'] ?? '');
    return good(
      { name, updated: Number.isNaN(updated.getTime()) ? undefined : updated },
      Number.isNaN(now) ? undefined : now,
    );
  }

  async put(name: string, value: string): Promise<Answer<void>> {
    this.#context.secrets.mask(value);
    const vault = await this.#open('write');
    if (!vault.ok) return vault;
    const stored = await this.#put(name, value, vault.value);
    if (stored.ok || !isFailure(stored.failure, 'store-rejected')) return stored;
    // GitHub may have changed its key in the meantime.
    const again = await this.#open('write');
    return again.ok && again.value.keyId !== vault.value.keyId ? this.#put(name, value, again.value) : stored;
  }

  async remove(name: string): Promise<Answer<void>> {
    const vault = await this.#open('read');
    if (!vault.ok) return this.#isAbsent(vault.failure) ? good(undefined) : vault;
    return nothing(await this.#ask('DELETE', at(vault.value.route, name), [204, 404]));
  }

  async #put(name: string, value: string, { route, keyId, key, reply }: Vault): Promise<Answer<void>> {
    const sealed = seal(value, key);
    if (sealed === undefined) return bad(unusableKey(reply));
    const body = { encrypted_value: sealed, key_id: keyId, ...accessMembers(this.#place) };
    return nothing(await this.#ask('PUT', at(route, name), [201, 204], body));
  }

  /** The public key. To write to an environment that doesn't exist, it is created first. */
  async #open(purpose: 'read' | 'write'): Promise<Answer<Vault>> {
    const place = this.#place;
    if (this.#route !== undefined) return this.#publicKey(this.#route);
    const vault = await this.#publicKey(secretsRoute(place));
    if (vault.ok || place.kind !== 'environment' || !this.#isAbsent(vault.failure)) return vault;
    const repository = await this.#repositoryId(place);
    if (!repository.ok) return repository;
    const older = oldEnvironmentRoute(repository.value, place.environment);
    const old = await this.#publicKey(older);
    if (old.ok || purpose === 'read' || !this.#isAbsent(old.failure)) return old;
    const created = await this.#createEnvironment(place, vault.failure);
    if (!created.ok) return created;
    const fresh = await this.#publicKey(secretsRoute(place));
    return fresh.ok || !this.#isAbsent(fresh.failure) ? fresh : this.#publicKey(older);
  }

  async #publicKey(route: Route): Promise<Answer<Vault>> {
    const found = await this.#ask('GET', at(route, 'public-key'), [200]);
    if (!found.ok) return found;
    const { value: reply } = found;
    const keyId = text(reply.data, 'key_id');
    const key = readPublicKey(field(reply.data, 'key'));
    if (keyId === undefined || key === undefined) return bad(unusableKey(reply));
    this.#route = route;
    return good({ route, keyId, key, reply });
  }

  /** Creates an environment unless it exists: it would lose its protection rules. `hidden`: why it can't be used if it does. */
  async #createEnvironment({ owner, repo, environment }: Environment, hidden: Failure): Promise<Answer<void>> {
    const parameters = { owner, repo, environment };
    const route = { path: '/repos/{owner}/{repo}/environments/{environment}', parameters };
    const found = await this.#ask('GET', route, [200, 404]);
    if (!found.ok) return found;
    return found.value.status === 200 ? bad(hidden) : nothing(await this.#ask('PUT', route, [200]));
  }

  /** Whether there is no such place, as far as the token can see. */
  #isAbsent(failure: Failure): boolean {
    return (
      this.#place.kind === 'environment' &&
      isFailure(failure, 'store-not-found') &&
      failure.facts.reason === 'hidden' &&
      failure.facts.place === nameOf(this.#place)
    );
  }

  /** The ID of a repository. */
  async #repositoryId({ owner, repo }: Environment): Promise<Answer<number>> {
    const place = `the repository ${owner}/${repo}`;
    const route = { path: '/repos/{owner}/{repo}', parameters: { owner, repo } };
    const found = await this.#client.ask({ method: 'GET', route, place, expected: [200] });
    if (!found.ok) return found;
    const id = field(found.value.data, 'id');
    return typeof id === 'number' ? good(id) : bad(oddAnswer(found.value));
  }

  #ask(
    method: 'GET' | 'PUT' | 'DELETE',
    route: Route,
    expected: readonly number[],
    body?: Readonly<Record<string, unknown>>,
  ): Promise<Answer<Reply>> {
    return this.#client.ask({ method, route, expected, place: nameOf(this.#place), ...(body && { body }) });
  }
}

type Environment = Extract<GithubPlace, { kind: 'environment' }>;

/** The path of one secret, or of what else is among them. */
function at({ path, parameters }: Route, name: string): Route {
  return { path: `${path}/{name}`, parameters: { ...parameters, name } };
}

function unusableKey({ call, status }: Reply): Failure {
  return new Failure('store-unavailable', { ...call, status, said: '', reason: 'key' }, { outlook: 'final' });
}

function nothing(answer: Answer<Reply>): Answer<void> {
  return answer.ok ? good(undefined) : answer;
}

import { Failure, isFailure } from '../core/failure.ts';
import type { Answer } from '../core/ports.ts';
import type { Unmaskable } from '../core/store-failure-facts.ts';
import type { SecretStore, StoredSecret } from '../setup/ports.ts';
import type { StoreContext } from './context.ts';
import { createGitlabClient, type GitlabClient } from './gitlab-client.ts';
import { bad, good } from './insist.ts';
import { field, oddAnswer, type Reply } from './refusals.ts';

/** Whose variables, and which jobs get them. */
export interface GitlabPlace {
  readonly kind: 'project' | 'group';
  /** Its full path, `acme/app`, or its number. */
  readonly id: string;
  /** `protected`: only jobs on protected branches and tags. */
  readonly jobs: 'protected' | 'all';
  /** `environment_scope`: `*` for every environment. */
  readonly scope: string;
}

/** The CI/CD variables of a project or group. `apiUrl`: `https://HOST/api/v4`. */
export function createGitlabStore(
  place: GitlabPlace,
  apiUrl: string,
  token: string,
  context: StoreContext,
): SecretStore {
  context.secrets.mask(token);
  return new GitlabStore(place, createGitlabClient(apiUrl, token, context), context);
}

class GitlabStore implements SecretStore {
  readonly title: string;
  readonly #place: GitlabPlace;
  readonly #client: GitlabClient;
  readonly #context: StoreContext;

  constructor(place: GitlabPlace, client: GitlabClient, context: StoreContext) {
    const scope = place.scope === '*' ? '' : ` for the environment ${place.scope}`;
    this.title = `the CI/CD variables of ${nameOf(place)}${scope}`;
    this.#place = place;
    this.#client = client;
    this.#context = context;
  }

  async find(name: string): Promise<Answer<StoredSecret | undefined>> {
    const found = await this.#ask('GET', this.#one(name), [200, 404]);
    if (!found.ok) return found;
    if (found.value.status === 404) return good(undefined);
    return field(found.value.data, 'key') === name ? good({ name, updated: undefined }) : bad(oddAnswer(found.value));
  }

  async put(name: string, value: string): Promise<Answer<void>> {
    const because = whyUnmaskable(value);
    if (because !== undefined) return bad(new Failure('store-value-unmaskable', { name, because }));
    this.#context.secrets.mask(value);
    const updated = await this.#update(name, value);
    if (!updated.ok || updated.value.status !== 404) return this.#checked(name, updated);
    const created = await this.#create(name, value);
    // The answer to an earlier attempt was lost.
    if (
      !created.ok &&
      isFailure(created.failure, 'store-rejected') &&
      /already been taken/.test(created.failure.facts.said)
    )
      return this.#checked(name, await this.#update(name, value));
    return this.#checked(name, created);
  }

  async remove(name: string): Promise<Answer<void>> {
    const removed = await this.#ask('DELETE', this.#one(name), [204, 404]);
    return removed.ok ? good(undefined) : removed;
  }

  /** A variable that is only masked stays so: GitLab hides none that exists already. */
  #update(name: string, value: string): Promise<Answer<Reply>> {
    return this.#ask('PUT', this.#one(name), [200, 404], this.#members(value));
  }

  /** Versions before 17.4 don't know hidden variables, and mask it. */
  #create(name: string, value: string): Promise<Answer<Reply>> {
    return this.#ask('POST', '', [201], { key: name, ...this.#members(value), masked_and_hidden: true });
  }

  #members(value: string): Readonly<Record<string, unknown>> {
    const { jobs, scope } = this.#place;
    return {
      value,
      variable_type: 'env_var',
      masked: true,
      raw: true,
      protected: jobs === 'protected',
      environment_scope: scope,
    };
  }

  /** Makes sure that the value is masked: a variable that isn't is removed again. */
  async #checked(name: string, answer: Answer<Reply>): Promise<Answer<void>> {
    if (!answer.ok) return answer;
    const { data } = answer.value;
    if (field(data, 'key') !== name) return bad(oddAnswer(answer.value));
    if (field(data, 'masked') === true) return good(undefined);
    const removed = await this.remove(name);
    const facts = { name, place: nameOf(this.#place) };
    return removed.ok
      ? bad(new Failure('store-not-masked', { ...facts, value: 'removed' }))
      : bad(
          new Failure(
            'store-not-masked',
            { ...facts, value: 'left' },
            { context: { kind: 'because', failure: removed.failure } },
          ),
        );
  }

  /** The path of one variable: those with the same name differ in their scopes. */
  #one(name: string): string {
    return `/${encodeURIComponent(name)}?filter%5Benvironment_scope%5D=${encodeURIComponent(this.#place.scope)}`;
  }

  #ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    expected: readonly number[],
    body?: Readonly<Record<string, unknown>>,
  ): Promise<Answer<Reply>> {
    const { kind, id } = this.#place;
    const variables = `/${kind}s/${encodeURIComponent(id)}/variables`;
    return this.#client.ask({ method, path: variables + path, body, expected, place: nameOf(this.#place) });
  }
}

function nameOf({ kind, id }: GitlabPlace): string {
  return `the ${kind} ${id}`;
}

const LONGEST = 10_000;

/** Why GitLab would refuse to mask a value, even a version that expands variables in all values; undefined if it wouldn't. */
function whyUnmaskable(value: string): Unmaskable | undefined {
  if (/\s/.test(value)) return 'space';
  if (value.length < 8) return 'short';
  if (value.length > LONGEST) return 'long';
  return /^[a-zA-Z0-9_+=/@:.~-]+$/.test(value) ? undefined : 'characters';
}

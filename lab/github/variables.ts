import { GithubRefusal, notFound, notSupplied } from './refusal.ts';
import { checkName, date } from './vault.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly visibility: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Body = Readonly<Record<string, unknown>>;

/** The variables of a repository, an environment or an organisation. */
export class Variables {
  readonly #variables = new Map<string, Variable>();
  readonly #needsVisibility: boolean;

  constructor(needsVisibility: boolean) {
    this.#needsVisibility = needsVisibility;
  }

  /** A variable's value, or undefined if there's none with this name. */
  value(name: string): string | undefined {
    return this.#variables.get(name.toUpperCase())?.value;
  }

  list(): Body {
    return { total_count: this.#variables.size, variables: [...this.#variables.values()].map(described) };
  }

  /** @throws GithubRefusal 404 */
  get(name: string): Body {
    return described(this.#require(name));
  }

  /** @throws GithubRefusal 409 if there is one, 422 */
  create({ name, value, visibility }: Body, now: number): void {
    if (typeof name !== 'string') throw notSupplied('name');
    if (typeof value !== 'string') throw notSupplied('value');
    if (this.#needsVisibility && visibility === undefined) throw notSupplied('visibility');
    checkName(name);
    const key = name.toUpperCase();
    if (this.#variables.has(key)) throw new GithubRefusal(409, 'Already exists - Variable already exists');
    const shown = typeof visibility === 'string' ? visibility : undefined;
    this.#variables.set(key, { name: key, value, visibility: shown, createdAt: now, updatedAt: now });
  }

  /** @throws GithubRefusal 404 */
  update(name: string, { value }: Body, now: number): void {
    const before = this.#require(name);
    this.#variables.set(before.name, {
      ...before,
      value: typeof value === 'string' ? value : before.value,
      updatedAt: now,
    });
  }

  /** @throws GithubRefusal 404 */
  delete(name: string): void {
    this.#variables.delete(this.#require(name).name);
  }

  #require(name: string): Variable {
    const variable = this.#variables.get(name.toUpperCase());
    if (variable === undefined) throw notFound();
    return variable;
  }
}

function described({ name, value, visibility, createdAt, updatedAt }: Variable): Body {
  return {
    name,
    value,
    created_at: date(createdAt),
    updated_at: date(updatedAt),
    ...(visibility && { visibility }),
  };
}

import type { SentRequest } from '../http/json-server.ts';
import { badParameter } from './refusal.ts';

/** The parameters of a request: from its query and its body, which is JSON or a form. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws GitlabRefusal 400 */
  constructor({ url, headers, body }: SentRequest) {
    const query = Object.fromEntries(new URL(url, 'http://localhost').searchParams);
    this.#values = { ...query, ...readBody(headers['content-type'] ?? '', body) };
  }

  /** A string, if it's there. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return value === undefined || value === null ? undefined : String(value);
  }

  /**
   * A boolean, if it's there.
   * @throws GitlabRefusal 400
   */
  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^(?:true|1|t|on)$/i.test(value)) return true;
    if (/^(?:false|0|f|off)$/i.test(value)) return false;
    throw badParameter(`${name} is invalid`);
  }

  /**
   * One of several values, if it's there.
   * @throws GitlabRefusal 400
   */
  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.text(name);
    const chosen = values.find((one) => one === value);
    if (value !== undefined && chosen === undefined) throw badParameter(`${name} does not have a valid value`);
    return chosen;
  }

  /** @throws GitlabRefusal 400 that lists those that are missing */
  require(...names: string[]): void {
    const missing = names.filter((name) => this.text(name) === undefined);
    if (missing.length > 0) throw badParameter(missing.map((name) => `${name} is missing`).join(', '));
  }

  /** `filter[environment_scope]` */
  scopeFilter(): string | undefined {
    const { filter } = this.#values;
    if (typeof filter === 'object' && filter !== null && 'environment_scope' in filter) {
      return String(filter.environment_scope);
    }
    return this.text('filter[environment_scope]');
  }
}

function readBody(type: string, body: string): object {
  if (body === '') return {};
  if (!type.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Said below.
  }
  throw badParameter('The provided content-type or the body is not valid JSON');
}

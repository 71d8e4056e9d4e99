import { AwsError, validationError } from './errors.ts';

// AWS checks all parameters against the service model, and lists every violation: "2 validation
// errors detected: Value '…' at 'roleSessionName' failed to satisfy constraint: …; Value …".

export interface TextConstraint {
  readonly min?: number;
  readonly max?: number;
  /** The allowed characters, as a regular expression without nesting for the whole string, and as AWS writes it. */
  readonly pattern?: readonly [RegExp, string];
}

/** Collects the problems in the parameters of a call. */
export class Constraints {
  readonly #violations: string[] = [];

  required(path: string, value: string | undefined): void {
    if (value === undefined) this.#add('null', path, 'Member must not be null');
  }

  text(path: string, value: string | undefined, { min, max, pattern }: TextConstraint): void {
    if (value === undefined) return;
    const shown = `'${value}'`;
    // AWS counts characters, not UTF-16 units.
    const length = [...value].length;
    if (pattern !== undefined && !pattern[0].test(value)) {
      this.#add(shown, path, `Member must satisfy regular expression pattern: ${pattern[1]}`);
    }
    if (min !== undefined && length < min) {
      this.#add(shown, path, `Member must have length greater than or equal to ${min}`);
    }
    if (max !== undefined && length > max) {
      this.#add(shown, path, `Member must have length less than or equal to ${max}`);
    }
  }

  number(path: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined) return;
    if (value < min) this.#add(`'${value}'`, path, `Member must have value greater than or equal to ${min}`);
    if (value > max) this.#add(`'${value}'`, path, `Member must have value less than or equal to ${max}`);
  }

  choice(path: string, value: string, values: readonly string[]): void {
    this.#add(`'${value}'`, path, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  count(path: string, values: readonly string[], max: number): void {
    if (values.length <= max) return;
    this.#add(`'[${values.join(', ')}]'`, path, `Member must have length less than or equal to ${max}`);
  }

  /** @throws AwsError ValidationError if there are problems */
  check(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const errors = count === 1 ? '1 validation error' : `${count} validation errors`;
    throw validationError(`${errors} detected: ${this.#violations.join('; ')}`);
  }

  #add(value: string, path: string, constraint: string): void {
    this.#violations.push(`Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}

/**
 * A whole number as the query protocol writes it.
 * @throws AwsError MalformedInput for anything else
 */
export function readInteger(params: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = params.get(name);
  if (value === undefined) return undefined;
  if (!/^-?\d{1,10}$/.test(value))
    throw new AwsError(400, 'MalformedInput', `Invalid integer value for ${name}: ${value}`);
  return Number(value);
}

/** The members of a list in the query protocol (`Tags.member.1.Key`), in the order of their numbers. */
export function readMembers(params: ReadonlyMap<string, string>, list: string): ReadonlyMap<string, string>[] {
  const members = new Map<number, Map<string, string>>();
  const prefix = `${list}.member.`;
  for (const [name, value] of params) {
    if (!name.startsWith(prefix)) continue;
    const [index = '', ...rest] = name.slice(prefix.length).split('.');
    if (!/^\d{1,6}$/.test(index)) continue;
    const member = members.get(Number(index)) ?? new Map<string, string>();
    members.set(Number(index), member.set(rest.join('.'), value));
  }
  return [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
}

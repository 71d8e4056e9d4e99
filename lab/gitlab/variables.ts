import type { Parameters } from './parameters.ts';
import { GitlabRefusal, invalid, notFound } from './refusal.ts';
import type { Variable } from './world.ts';

// GitLab's rules for values that can be masked: one line, at least eight characters, and no spaces. If variables in the value
// are expanded, only the characters of base64 and @ : . ~ _ - (app/models/concerns/ci/maskable.rb).
const MASKABLE = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
const MASKABLE_RAW = /^\S{8,}$/;

/** The variables of a project or a group. Those with the same key differ in their environment scopes. */
export class Variables {
  readonly #name: string;
  #variables: readonly Variable[] = [];

  /** @param name what refusals call one: `Variable` or `GroupVariable` */
  constructor(name: string) {
    this.#name = name;
  }

  all(): readonly Variable[] {
    return this.#variables;
  }

  /** A variable's value, or undefined if there's none. */
  value(key: string, scope = '*'): string | undefined {
    return this.#variables.find((one) => one.key === key && one.environment_scope === scope)?.value;
  }

  /**
   * The only variable with this key, or the one with the wanted scope.
   * @throws GitlabRefusal 404, or 409 if there are several
   */
  find(key: string, scope: string | undefined): Variable {
    const found = this.#variables.filter(
      (one) => one.key === key && (scope === undefined || one.environment_scope === scope),
    );
    const [first] = found;
    if (first === undefined) throw notFound(this.#name);
    if (found.length > 1) {
      throw new GitlabRefusal(409, {
        message: "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
      });
    }
    return first;
  }

  /** @throws GitlabRefusal 400 */
  create(parameters: Parameters, knowsHidden: boolean): Variable {
    parameters.require('key', 'value');
    const hidden = knowsHidden && (parameters.flag('masked_and_hidden') ?? false);
    const created = changed(
      {
        key: parameters.text('key') ?? '',
        value: '',
        variable_type: 'env_var',
        protected: false,
        masked: hidden,
        hidden,
        raw: false,
        environment_scope: '*',
        description: null,
      },
      parameters,
    );
    const variable = { ...created, masked: created.masked || hidden };
    this.#check(variable, undefined);
    this.#variables = [...this.#variables, variable];
    return variable;
  }

  /** @throws GitlabRefusal 400, 404 or 409 */
  update(key: string, parameters: Parameters): Variable {
    const before = this.find(key, parameters.scopeFilter());
    const after = changed(before, parameters);
    if (before.hidden && !after.masked) {
      throw invalid('base', 'The visibility setting cannot be changed for masked and hidden variables.');
    }
    this.#check(after, before);
    this.#variables = this.#variables.map((one) => (one === before ? after : one));
    return after;
  }

  /** @throws GitlabRefusal 404 or 409 */
  delete(key: string, scope: string | undefined): void {
    const gone = this.find(key, scope);
    this.#variables = this.#variables.filter((one) => one !== gone);
  }

  #check(variable: Variable, before: Variable | undefined): void {
    const { key, value, masked, raw, environment_scope: scope } = variable;
    if (!/^\w{1,255}$/.test(key)) throw invalid('key', "can contain only letters, digits and '_'.");
    const others = this.#variables.filter((one) => one !== before);
    if (others.some((one) => one.key === key && one.environment_scope === scope)) {
      throw invalid('key', `(${key}) has already been taken`);
    }
    if (masked && !(raw ? MASKABLE_RAW : MASKABLE).test(value)) throw invalid('value', 'is invalid');
  }
}

function changed(variable: Variable, parameters: Parameters): Variable {
  return {
    ...variable,
    value: parameters.text('value') ?? variable.value,
    variable_type: parameters.choice('variable_type', ['env_var', 'file']) ?? variable.variable_type,
    protected: parameters.flag('protected') ?? variable.protected,
    masked: parameters.flag('masked') ?? variable.masked,
    raw: parameters.flag('raw') ?? variable.raw,
    environment_scope: parameters.text('environment_scope') ?? variable.environment_scope,
    description: parameters.text('description') ?? variable.description,
  };
}

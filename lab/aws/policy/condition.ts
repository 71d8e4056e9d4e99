import { type ConditionElement, type ConditionValue, PolicyError } from './document.ts';
import { arityOf, type Context } from './keys.ts';
import { fits, readPattern } from './pattern.ts';

// The Condition element. Operators, their negations and what an absent key means follow the IAM user guide,
// "IAM JSON policy elements: Condition operators".

/** Whether a request fulfils a condition. */
export type Condition = (context: Context) => boolean;

type Test = (value: string, context: Context) => boolean;
type Operator = { readonly negated: boolean; readonly compile: (wanted: string, variables: boolean) => Test };

const text =
  (wildcards: boolean, ignoreCase: boolean) =>
  (wanted: string, variables: boolean): Test => {
    const pattern = readPattern(wanted, { variables, wildcards });
    return (value, context) => fits(pattern, value, context, ignoreCase);
  };

const arn = (wanted: string, variables: boolean): Test => {
  const parts = sixParts(wanted).map((part) => readPattern(part, { variables, wildcards: true }));
  return (value, context) => {
    const given = sixParts(value);
    return parts.length === given.length && parts.every((part, i) => fits(part, given[i] ?? '', context));
  };
};

const number =
  (holds: (value: number, wanted: number) => boolean) =>
  (wanted: string): Test => {
    const limit = Number(wanted);
    if (wanted === '' || Number.isNaN(limit))
      throw new PolicyError(`a numeric condition needs a number, not ${wanted}`);
    return (value) => holds(Number(value), limit);
  };

const date =
  (holds: (value: number, wanted: number) => boolean) =>
  (wanted: string): Test => {
    const limit = readDate(wanted);
    if (limit === undefined) throw new PolicyError(`a date condition needs a date in ISO 8601, not ${wanted}`);
    return (value) => holds(readDate(value) ?? Number.NaN, limit);
  };

/** ISO 8601 with a time zone, a day, or seconds since the epoch; in ms since the epoch. */
function readDate(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const ms = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const bool = (wanted: string): Test => {
  const flag = wanted.toLowerCase();
  if (flag !== 'true' && flag !== 'false') throw new PolicyError(`a condition must be true or false, not ${wanted}`);
  return (value) => value.toLowerCase() === flag;
};

const is = (compile: Operator['compile']): Operator => ({ negated: false, compile });
const not = (compile: Operator['compile']): Operator => ({ negated: true, compile });

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['stringequals', is(text(false, false))],
  ['stringnotequals', not(text(false, false))],
  ['stringequalsignorecase', is(text(false, true))],
  ['stringnotequalsignorecase', not(text(false, true))],
  ['stringlike', is(text(true, false))],
  ['stringnotlike', not(text(true, false))],
  ['arnequals', is(arn)],
  ['arnlike', is(arn)],
  ['arnnotequals', not(arn)],
  ['arnnotlike', not(arn)],
  ['numericequals', is(number((value, wanted) => value === wanted))],
  ['numericnotequals', not(number((value, wanted) => value === wanted))],
  ['numericlessthan', is(number((value, wanted) => value < wanted))],
  ['numericlessthanequals', is(number((value, wanted) => value <= wanted))],
  ['numericgreaterthan', is(number((value, wanted) => value > wanted))],
  ['numericgreaterthanequals', is(number((value, wanted) => value >= wanted))],
  ['dateequals', is(date((value, wanted) => value === wanted))],
  ['datenotequals', not(date((value, wanted) => value === wanted))],
  ['datelessthan', is(date((value, wanted) => value < wanted))],
  ['datelessthanequals', is(date((value, wanted) => value <= wanted))],
  ['dategreaterthan', is(date((value, wanted) => value > wanted))],
  ['dategreaterthanequals', is(date((value, wanted) => value >= wanted))],
  ['bool', is(bool)],
]);

/**
 * Reads a Condition element. All its conditions must hold.
 * @throws PolicyError for an operator, a key or a value that the emulator doesn't know
 */
export function readConditions(element: ConditionElement, variables: boolean): Condition[] {
  if (typeof element !== 'object' || element === null) throw new PolicyError('Condition must be an object');
  return Object.entries(element).flatMap(([operator, keys]) => {
    if (typeof keys !== 'object' || keys === null) throw new PolicyError(`${operator} has no condition keys`);
    return Object.entries(keys).map(([key, wanted]) => readCondition(operator, key, listOf(wanted), variables));
  });
}

function readCondition(name: string, key: string, wanted: readonly string[], variables: boolean): Condition {
  const arity = arityOf(key);
  if (name.toLowerCase() === 'null') {
    const tests = wanted.map(bool);
    return (context) => tests.some((test) => test(String(context.values(key) === undefined), context));
  }
  const { set, ifExists, operator } = readOperator(name);
  if (arity === 'multi' && set === undefined) {
    throw new PolicyError(`${key} has several values and needs ForAllValues or ForAnyValue`);
  }
  const tests = wanted.map((value) => operator.compile(value, variables));
  return (context) => {
    const values = context.values(key) ?? [];
    const holds = (value: string) => tests.some((test) => test(value, context)) !== operator.negated;
    if (set === 'all') return values.every(holds);
    if (set === 'any') return values.some(holds) || (ifExists && values.length === 0);
    return values.length === 0 ? ifExists || operator.negated : values.every(holds);
  };
}

function readOperator(name: string): { set?: 'all' | 'any'; ifExists: boolean; operator: Operator } {
  let rest = name.toLowerCase();
  const set = rest.startsWith('forallvalues:') ? 'all' : rest.startsWith('foranyvalue:') ? 'any' : undefined;
  if (set !== undefined) rest = rest.slice(rest.indexOf(':') + 1);
  const ifExists = rest.endsWith('ifexists');
  if (ifExists) rest = rest.slice(0, -'ifexists'.length);
  const operator = OPERATORS.get(rest);
  if (operator === undefined) throw new PolicyError(`the emulator doesn't know the condition operator ${name}`);
  return { ...(set !== undefined && { set }), ifExists, operator };
}

function listOf(value: ConditionValue | readonly ConditionValue[]): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The six parts of an ARN. The last one may contain colons. */
function sixParts(text: string): string[] {
  const parts = text.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

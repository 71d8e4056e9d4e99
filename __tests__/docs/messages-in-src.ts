import { globSync } from 'node:fs';
import { type Expression, parseSync } from '@swc/core';
import { ROOT, read } from './markdown.ts';

// What the action can say, as patterns: the texts of its sources, with anything where a value is filled in.

/** What the sources give a failure to say. */
export interface Messages {
  /** By failure code: whole messages, or the part of one that a rule of diagnose.ts contributes. */
  readonly byCode: ReadonlyMap<string, readonly RegExp[]>;
  /** Whole messages of failures whose code is worked out: each has the message of another one in it. */
  readonly around: readonly RegExp[];
  /** Lines and warnings of steps that go on. */
  readonly said: readonly RegExp[];
}

const ANYTHING = '[\\s\\S]*';
/** Fewer letters than this tell nothing. */
const MIN_FIXED = 12;

type Node = Readonly<Record<string, unknown>>;

export function messagesInSources(): Messages {
  const byCode = new Map<string, RegExp[]>();
  const around: RegExp[] = [];
  const said: RegExp[] = [];
  const add = (code: string, pattern: string): void => {
    if (isTelling(pattern)) byCode.set(code, [...(byCode.get(code) ?? []), whole(pattern)]);
  };
  for (const path of globSync('src/**/*.ts', { cwd: ROOT })) {
    const nodes = nodesOf(parseSync(read(path), { syntax: 'typescript' }));
    const constants = constantsOf(nodes);
    const patternOf = (node: unknown): string => textPattern(node, constants);
    for (const node of nodes) {
      const [first, second] = argumentsOf(node);
      if (node['type'] === 'NewExpression' && nameOf(node['callee']) === 'Failure') {
        const code = literal(first);
        if (code === undefined) around.push(whole(patternOf(second)));
        else add(code, patternOf(second));
      } else if (node['type'] === 'CallExpression') {
        const called = calledOn(node);
        // The short form of the diagnosis: each of its messages begins with the call.
        const failed = called === 'fail' ? literal(first) : undefined;
        if (failed !== undefined) add(failed, `\\S+: ${patternOf(second)}`);
        if (called === 'problems.add') add('invalid-input', `\\S+ ${patternOf(second)}\\.`);
        if (called?.endsWith('reporter.info') || called?.endsWith('reporter.warning') || called === 'clockWarning')
          said.push(...[patternOf(first)].filter(isTelling).map(whole));
      } else if (node['type'] === 'ReturnStatement') {
        said.push(...[patternOf(node['argument'])].filter(isTelling).map(whole));
      } else if (node['type'] === 'ObjectExpression') {
        const { failure, says } = propertiesOf(node);
        const code = literal(failure);
        if (code !== undefined && says !== undefined) add(code, `${ANYTHING}${patternOf(says)}${ANYTHING}`);
      }
    }
  }
  return { byCode, around, said };
}

/** Whether a failure of this code can say so. */
export function canSay({ byCode, around }: Messages, code: string, message: string): boolean {
  const own = byCode.get(code) ?? [];
  const within = own.map(({ source }) => new RegExp(source.slice(1, -1)));
  return (
    own.some((pattern) => pattern.test(message)) ||
    (around.some((pattern) => pattern.test(message)) && within.some((pattern) => pattern.test(message)))
  );
}

/** The text that an expression makes, as a pattern. */
function textPattern(node: unknown, constants: ReadonlyMap<string, readonly unknown[]>): string {
  if (!isNode(node)) return ANYTHING;
  const text = literal(node);
  if (text !== undefined) return escaped(text);
  switch (node['type']) {
    case 'TemplateLiteral': {
      const quasis = list(node['quasis']).map((quasi) => escaped(String(isNode(quasi) ? quasi['cooked'] : '')));
      return quasis.join(ANYTHING);
    }
    case 'ConditionalExpression':
      return `(?:${textPattern(node['consequent'], constants)}|${textPattern(node['alternate'], constants)})`;
    case 'ParenthesisExpression':
      return textPattern(node['expression'], constants);
    case 'Identifier': {
      const [value, ...more] = constants.get(String(node['value'])) ?? [];
      return value === undefined || more.length > 0 ? ANYTHING : textPattern(value, new Map());
    }
    default:
      return ANYTHING;
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function isTelling(pattern: string): boolean {
  const fixed = pattern.replaceAll(ANYTHING, '').replaceAll(/\\./g, '');
  return (fixed.match(/[a-z]/gi)?.length ?? 0) >= MIN_FIXED;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** All nodes of a tree. */
function nodesOf(root: unknown): readonly Node[] {
  const found: Node[] = [];
  const pending: unknown[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Array.isArray(next)) pending.push(...next.filter((item) => item != null));
    else if (isNode(next)) {
      if ('type' in next) found.push(next);
      pending.push(...Object.values(next).filter((value) => typeof value === 'object' && value !== null));
    }
  }
  return found;
}

function constantsOf(nodes: readonly Node[]): ReadonlyMap<string, readonly unknown[]> {
  const constants = new Map<string, unknown[]>();
  for (const { type, id, init } of nodes) {
    const name = nameOf(id);
    if (type === 'VariableDeclarator' && name !== undefined && init != null)
      constants.set(name, [...(constants.get(name) ?? []), init]);
  }
  return constants;
}

function propertiesOf({ properties }: Node): Readonly<Record<string, unknown>> {
  const entries = list(properties).map((property): [string, unknown] =>
    isNode(property) ? [nameOf(property['key']) ?? '', property['value']] : ['', undefined],
  );
  return Object.fromEntries(entries);
}

function argumentsOf({ arguments: given }: Node): readonly unknown[] {
  return list(given).map((argument) => (isNode(argument) ? argument['expression'] : undefined));
}

/** `a.b` for a call of a method, `b` for one of a function. */
function calledOn({ callee }: Node): string | undefined {
  if (!isNode(callee)) return undefined;
  if (callee['type'] !== 'MemberExpression') return nameOf(callee);
  const object = callee['object'];
  const on = isNode(object) && object['type'] === 'MemberExpression' ? nameOf(object['property']) : nameOf(object);
  return `${on}.${nameOf(callee['property'])}`;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node['type'] === 'Identifier' ? String(node['value']) : undefined;
}

function literal(node: unknown): string | undefined {
  return isNode(node) && node['type'] === ('StringLiteral' satisfies Expression['type'])
    ? String(node['value'])
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

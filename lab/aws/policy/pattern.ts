import { PolicyError } from './document.ts';
import { arityOf, type Context } from './keys.ts';

// Patterns in policies: `*` matches anything, `?` one character, `${aws:username}` a value of the request; `${*}`, `${?}` and
// `${$}` are those characters themselves.

const ANY = Symbol('*');
const ONE = Symbol('?');
type Token = string | typeof ANY | typeof ONE;
type Piece = Token | { readonly variable: string };

export interface Pattern {
  readonly source: string;
  readonly pieces: readonly Piece[];
}

export interface PatternSyntax {
  /** Version 2012-10-17 introduced policy variables. */
  readonly variables: boolean;
  readonly wildcards: boolean;
}

/**
 * Parses a pattern.
 * @throws PolicyError for a variable that the emulator doesn't know, or that isn't closed
 */
export function readPattern(source: string, syntax: PatternSyntax): Pattern {
  const pieces: Piece[] = [];
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    if (syntax.variables && character === '$' && source.charAt(i + 1) === '{') {
      const end = source.indexOf('}', i);
      if (end < 0) throw new PolicyError(`a policy variable isn't closed: ${source}`);
      pieces.push(readVariable(source.slice(i + 2, end)));
      i = end;
    } else if (syntax.wildcards && character === '*') pieces.push(ANY);
    else if (syntax.wildcards && character === '?') pieces.push(ONE);
    else pieces.push(character);
  }
  return { source, pieces };
}

function readVariable(name: string): Piece {
  if (name === '*' || name === '?' || name === '$') return name;
  if (arityOf(name) === 'multi') throw new PolicyError(`\${${name}} has several values and can't be a policy variable`);
  return { variable: name };
}

/** Whether a value matches the pattern. A variable without a value in the request matches nothing. */
export function fits(pattern: Pattern, value: string, context: Context, ignoreCase = false): boolean {
  const tokens: Token[] = [];
  for (const piece of pattern.pieces) {
    if (typeof piece !== 'object') tokens.push(piece);
    else {
      const [substitute] = context.values(piece.variable) ?? [];
      if (substitute === undefined) return false;
      tokens.push(...substitute);
    }
  }
  return glob(tokens, value, ignoreCase ? (a, b) => a.toLowerCase() === b.toLowerCase() : (a, b) => a === b);
}

// Two pointers and the last star: at most tokens × characters comparisons for any pattern.
function glob(tokens: readonly Token[], value: string, same: (a: string, b: string) => boolean): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const current = tokens[token];
    if (current === ANY) {
      star = token++;
      resume = at;
    } else if (current === ONE || (typeof current === 'string' && same(current, value.charAt(at)))) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resume;
    } else return false;
  }
  while (tokens[token] === ANY) token++;
  return token === tokens.length;
}

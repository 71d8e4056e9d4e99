import { quote } from '../core/words.ts';
import type { InputName, Problems, RawInputs } from './names.ts';

const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];

/** What to call an input in a message: the variable that its value came from, if it came from one. */
export function nameOf(raw: RawInputs, input: InputName): string {
  return raw.variables[input] ?? input;
}

/** A boolean in any of YAML 1.2's core-schema spellings; undefined where the input was not given or is wrong. */
export function readBoolean(raw: RawInputs, input: InputName, problems: Problems): boolean | undefined {
  const text = raw[input];
  if (text === '') return undefined;
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  return problems.add(input, `is ${quote(text)}; write true or false`);
}

/** Whether a boolean is true, for a reader to whom it is a side matter: what is wrong with it is told where it belongs. */
export function isTrue(raw: RawInputs, input: InputName): boolean {
  return TRUE.includes(raw[input]);
}

/** A whole number in a range; the default where the input was not given. Undefined where it is wrong. */
export function readInteger(
  raw: RawInputs,
  input: InputName,
  range: { readonly min: number; readonly max: number; readonly default: number; readonly unit: string },
  problems: Problems,
): number | undefined {
  const text = raw[input];
  if (text === '') return range.default;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.min && value <= range.max) return value;
  return problems.add(
    input,
    `is ${quote(text)}; write a whole number of ${range.unit} from ${range.min} to ${range.max}`,
  );
}

/** The lines of an input that are not blank, trimmed. */
export function readLines(raw: RawInputs, input: InputName): readonly string[] {
  return raw[input]
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Lines, or items between commas: both spellings are common for lists of keys, ARNs and accounts. */
export function readList(raw: RawInputs, input: InputName): readonly string[] {
  return raw[input]
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * A JSON object, or undefined with a problem that says where it stops being one. `text` is not a secret, but the engine's
 * own message quotes it at length, so only the position is kept of it.
 */
export function readJsonObject(
  text: string,
  input: InputName,
  problems: Problems,
): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const position =
      error instanceof Error ? /at position \d{1,7}(?: \(line \d{1,6} column \d{1,6}\))?/.exec(error.message) : null;
    return problems.add(input, `is not valid JSON${position ? `: it breaks ${position[0]}` : ''}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return problems.add(input, 'must be a JSON object: { … }');
  }
  return Object.fromEntries(Object.entries(parsed));
}

import { INPUTS, type InputOf, type RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** The words that an input may be. */
type ChoiceOf<Name extends InputOf<'choice'>> = (typeof INPUTS)[Name]['choices'][number];

const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];

/** A boolean in any of YAML 1.2's core-schema spellings; undefined if the input isn't given or isn't one. */
export function readBoolean(raw: RawInputs, input: InputOf<'boolean'>, problems: Problems): boolean | undefined {
  const value = raw[input];
  if (value === '') return undefined;
  if (TRUE.includes(value)) return true;
  return FALSE.includes(value) ? false : problems.add(input, 'not-boolean', { value });
}

/** Whether a boolean is true. What isn't a boolean is a problem only if the caller is the one who reports it. */
export function isTrue(raw: RawInputs, input: InputOf<'boolean'>, problems?: Problems): boolean {
  return problems === undefined ? TRUE.includes(raw[input]) : readBoolean(raw, input, problems) === true;
}

/** A whole number in the input's range, or its default if it isn't given; undefined if it is wrong. */
export function readInteger(raw: RawInputs, input: InputOf<'integer'>, problems: Problems): number | undefined {
  const { unit, min, max, default: otherwise } = INPUTS[input];
  const value = raw[input];
  if (value === '') return otherwise;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  return number >= min && number <= max ? number : problems.add(input, 'not-integer', { value, unit, min, max });
}

/** One of the words that an input may be, or its default if it isn't given; undefined if it is another. */
export function readChoice<Name extends InputOf<'choice'>>(
  raw: RawInputs,
  input: Name,
  problems: Problems,
): ChoiceOf<Name> | undefined {
  const choices: readonly ChoiceOf<Name>[] = INPUTS[input].choices;
  const value = raw[input];
  if (value === '') return choices[0];
  return choices.find((choice) => choice === value) ?? problems.add(input, 'not-choice', { value, choices });
}

/** The lines of an input that aren't blank, trimmed. */
export function readLines(raw: RawInputs, input: InputOf<'lines'>): readonly string[] {
  return itemsOf(raw[input], '\n');
}

/** Lines, or comma-separated items: both spellings are common for lists of keys, ARNs and accounts. */
export function readList(raw: RawInputs, input: InputOf<'list'>): readonly string[] {
  return itemsOf(raw[input], /[,\n]/);
}

function itemsOf(text: string, separator: string | RegExp): readonly string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * A JSON object, or undefined if it isn't one. The engine's own message quotes the text at length, so only the position is kept of
 * it.
 */
export function readJsonObject(
  raw: RawInputs,
  input: InputOf<'json'>,
  problems: Problems,
): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw[input]);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position \d{1,7}(?: \(line \d{1,6} column \d{1,6}\))?/.exec(message)?.[0];
    return problems.add(input, 'not-json', { position });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return problems.add(input, 'not-object', {});
  return Object.fromEntries(Object.entries(parsed));
}

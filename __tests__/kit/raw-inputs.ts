import {
  INPUT_NAMES,
  type InputName,
  type Note,
  type Problem,
  type Problems,
  type RawInputs,
} from '../../src/inputs/names.ts';

/** The inputs of a step that gives only these. */
export function rawInputs(given: Partial<RawInputs> = {}): RawInputs {
  const none = Object.fromEntries(INPUT_NAMES.map((name) => [name, ''])) as Record<InputName, string>;
  return { ...none, variables: {}, ...given };
}

/** A list of problems, and what is in it. */
export interface ProblemList extends Problems {
  readonly found: readonly Problem[];
  /** Which inputs are wrong, in the order in which they were found so. */
  readonly inputs: readonly string[];
  readonly notes: readonly Note[];
  /** What is wrong, as one text. */
  readonly text: string;
}

export function problemList(): ProblemList {
  const found: Problem[] = [];
  const notes: Note[] = [];
  return {
    found,
    notes,
    note: (note) => void notes.push(note),
    add(input, message) {
      found.push({ input, message });
      return undefined;
    },
    get inputs() {
      return found.map(({ input }) => input);
    },
    get text() {
      return found.map(({ input, message }) => `${input} ${message}`).join('\n');
    },
  };
}

/** Every run of six characters of a secret: a message that holds none of them gives nothing of it away. */
export function piecesOf(secret: string): readonly string[] {
  return Array.from({ length: Math.max(0, secret.length - 5) }, (_, index) => secret.slice(index, index + 6));
}

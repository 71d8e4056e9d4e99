/** The name under which the main step leaves word for the post step. The runner hands it over as STATE_undo. */
export const STATE_NAME = 'undo';

/** One exported variable: what tells our value and the one before it apart later, and what may be put back. */
export interface ExportedVariable {
  readonly name: string;
  /** The value that this step exported: it stands in GITHUB_ENV beside, and is masked. */
  readonly ours: string;
  /** SHA-256 of the value before, where there was one: it may be a long-term key, which is kept nowhere. */
  readonly before: string | undefined;
  /** The value before, where it may be put back: never a long-term key. */
  readonly putBack: string | undefined;
  /** What stands for "not set" where an empty value would do harm: botocore finds no file at all behind an empty AWS_CONFIG_FILE. */
  readonly unset?: string | undefined;
}

/** What the post step has to undo. */
export interface Undo {
  /** The delimiter of the runner's multi-line form, made by the main step, so that the post step need not load node:crypto. */
  readonly delimiter: string;
  readonly variables: readonly ExportedVariable[];
  /** What the profile writer wants back, as text. */
  readonly profiles: string | undefined;
}

/** A digest to recognise a value by, without keeping it. Loads node:crypto only when called: most post steps never do. */
export function digest(value: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(value).digest('hex');
}

/** The text of the job's state, which `parseUndo` reads. */
export function formatUndo(undo: Undo): string {
  return JSON.stringify(undo);
}

/** Reads what the main step left; undefined where there is nothing, or nothing that this version understands. */
export function parseUndo(text: string): Undo | undefined {
  if (text === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || !('variables' in parsed) || !Array.isArray(parsed.variables))
    return undefined;
  const variables = parsed.variables.map(parseVariable);
  if (!variables.every((variable) => variable !== undefined)) return undefined;
  const profiles = 'profiles' in parsed && typeof parsed.profiles === 'string' ? parsed.profiles : undefined;
  const delimiter = 'delimiter' in parsed && typeof parsed.delimiter === 'string' ? parsed.delimiter : '';
  if (!/^ghadelimiter_[0-9a-f-]{36}$/.test(delimiter)) return undefined;
  return { delimiter, variables, profiles };
}

function parseVariable(item: unknown): ExportedVariable | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, ours, before, putBack, unset }: Partial<Record<keyof ExportedVariable, unknown>> = item;
  if (typeof name !== 'string' || !/^AWS_[A-Z_]{1,40}$/.test(name) || typeof ours !== 'string') return undefined;
  return {
    name,
    ours,
    before: typeof before === 'string' ? before : undefined,
    putBack: typeof putBack === 'string' ? putBack : undefined,
    ...(typeof unset === 'string' ? { unset } : {}),
  };
}

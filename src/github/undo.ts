import type { Environment } from '../core/ports.ts';
import { type Entries, holdsDelimiter } from './command-file.ts';

// What the main step leaves in the job's state for the post step, and what the post step makes of it.

/** The name of the state. The runner passes it to the post step as STATE_undo. */
export const STATE_NAME = 'undo';

/** One exported variable: what distinguishes our value from the one before, and what may be restored. */
export interface ExportedVariable {
  readonly name: string;
  /** The value that this step exported. It is in GITHUB_ENV too, and masked. */
  readonly ours: string;
  /** SHA-256 of the value before, if there was one: it may be a long-term key, which is kept nowhere. */
  readonly before: string | undefined;
  /** The value before, if it may be restored: never a long-term key. */
  readonly putBack: string | undefined;
  /** What stands for "not set" if an empty value would do harm: with an empty AWS_CONFIG_FILE, botocore finds no file at all. */
  readonly unset?: string | undefined;
  /**
   * It says where profiles are, and AWS_PROFILE had this value before. It keeps our value if AWS_PROFILE doesn't get that back: then it
   * names a profile of ours, or of a later step.
   */
  readonly ifProfile?: string | undefined;
}

/** What the post step has to undo. */
export interface Undo {
  /** The delimiter of the runner's multi-line form, made by the main step, so that the post step doesn't have to load node:crypto. */
  readonly delimiter: string;
  readonly variables: readonly ExportedVariable[];
  /** The profiles that were written, as text. */
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

/** Reads what the main step left; undefined if there is nothing, or nothing that this version understands. */
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
  const { name, ours, before, putBack, unset, ifProfile }: Partial<Record<keyof ExportedVariable, unknown>> = item;
  if (typeof name !== 'string' || !/^AWS_[A-Z_]{1,40}$/.test(name) || typeof ours !== 'string') return undefined;
  return {
    name,
    ours,
    before: typeof before === 'string' ? before : undefined,
    putBack: typeof putBack === 'string' ? putBack : undefined,
    ...(typeof unset === 'string' ? { unset } : {}),
    ...(typeof ifProfile === 'string' ? { ifProfile } : {}),
  };
}

/** The variables that select a profile; botocore prefers the old name. */
const PROFILE_VARIABLES: readonly string[] = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'];

/**
 * What the post step writes for each exported variable.
 *
 * If it still finds our value: the one before, if that may be restored, or else an empty one (a variable can't be unset), or what
 * stands for that. If it finds the one before, a step-level `env:` has been put over ours again, and the job must get an empty one:
 * to restore what is seen would pass the step's own keys to the whole job. Anything else belongs to someone else.
 */
export function variablesToUndo(variables: readonly ExportedVariable[], env: Environment): Entries {
  const entries: Record<string, string> = {};
  let profileStays = false;
  for (const { name, ours, before, putBack, unset = '' } of variables) {
    const value = env[name] ?? '';
    if (value === ours) entries[name] = putBack ?? unset;
    else if (value !== '' && before !== undefined && digest(value) === before) entries[name] = unset;
    // botocore raises ProfileNotFound for an empty one.
    if (PROFILE_VARIABLES.includes(name) && entries[name] === '') {
      delete entries[name];
      profileStays = true;
    }
    // Nothing to do if nothing would change.
    if (entries[name] === value) delete entries[name];
  }
  const profile = profileStays ? undefined : (entries['AWS_PROFILE'] ?? env['AWS_PROFILE'] ?? '');
  for (const { name, ifProfile } of variables)
    if (ifProfile !== undefined && ifProfile !== profile) delete entries[name];
  return entries;
}

/**
 * The variables without values that would end their own entry in the runner's file and start another: someone made them to set other
 * variables of the job. They become empty instead.
 */
export function withoutForged(variables: readonly ExportedVariable[], delimiter: string): readonly ExportedVariable[] {
  const honest = (value: string | undefined): string | undefined =>
    value !== undefined && holdsDelimiter(value, delimiter) ? undefined : value;
  return variables.map((variable) => ({
    ...variable,
    putBack: honest(variable.putBack),
    unset: honest(variable.unset),
  }));
}

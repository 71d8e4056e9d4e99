import type { Environment } from '../core/ports.ts';
import { type Entries, holdsDelimiter } from './command-file.ts';
import { digest, type ExportedVariable } from './state.ts';

/**
 * What the post step writes for each exported variable.
 *
 * Where it still finds our value: the one before, where that may come back, or else an empty one (a variable cannot be
 * unset), or what stands for that. Where it finds the one before, a step-level `env:` has been put over ours again, and the job must get an empty one:
 * to put back what is seen would hand step-scoped keys to the whole job. Whatever else it finds is somebody else's.
 */
export function variablesToUndo(variables: readonly ExportedVariable[], env: Environment): Entries {
  const entries: Record<string, string> = {};
  for (const { name, ours, before, putBack, unset = '' } of variables) {
    const value = env[name] ?? '';
    if (value === ours) entries[name] = putBack ?? unset;
    else if (value !== '' && before !== undefined && digest(value) === before) entries[name] = unset;
    // botocore raises ProfileNotFound for an empty AWS_PROFILE.
    if (name === 'AWS_PROFILE' && entries[name] === '') delete entries[name];
    // Nothing to do where nothing would change.
    if (entries[name] === value) delete entries[name];
  }
  return entries;
}

/**
 * The variables without values that would end their own entry in the runner's file and begin another: somebody made them to
 * set other variables of the job. They become empty instead.
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

/** Letters, digits and these signs are what every parser takes for a name; the SDK for JavaScript takes nothing else. */
const NAME = /^[\w@+.%:-]+$/;
/**
 * `[DEFAULT]` lends its settings to all profiles in Python; the SDK for JavaScript refuses a file with `[__proto__]`, and mixes up a
 * profile with what every object has (`constructor`, `toString`).
 */
const NAMES_THAT_BREAK_FILES: readonly string[] = ['DEFAULT', '__proto__'];

/** Whether a profile of that name can be written so that every tool reads it, and no tool reads anything else. */
export function isWritableName(name: string): boolean {
  return NAME.test(name) && !NAMES_THAT_BREAK_FILES.includes(name) && !(name in Object.prototype);
}

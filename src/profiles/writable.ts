// What can be written to a profile file so that every tool reads it back as it is.

/** Every parser accepts letters, digits and these characters in a name; the SDK for JavaScript accepts no others. */
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

/** Whether a value reads back as itself: visible ASCII, no spaces (a comment could follow one), and it doesn't begin like a comment. */
export function isWritableValue(value: string): boolean {
  return /^[!-~]+$/.test(value) && !/^[#;]/.test(value);
}

/** Anything longer isn't a region, and the state of the post step has little room. */
const MAX_REGION = 40;

/** Whether a region can be kept for the post step. */
export function isRegion(value: string): boolean {
  return isWritableValue(value) && value.length <= MAX_REGION;
}

/** Whether a header's line can be kept for the post step. */
export function isHeader(line: string): boolean {
  return /^\[[ -~]{1,100}$/.test(line);
}

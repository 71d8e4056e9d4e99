import { isWritableName } from '../profiles/name.ts';

/** Whether a profile may have this name. */
export function isProfileName(name: string): boolean {
  return name.length <= 128 && isWritableName(name);
}

import { quote } from '../core/words.ts';
import { isWritableName } from '../profiles/name.ts';

/** What is wrong with the name of a profile, as the end of a sentence; undefined where it may be called so. */
export function profileNameProblem(name: string): string | undefined {
  if (name.length <= 128 && isWritableName(name)) return undefined;
  return `${quote(name)}; write up to 128 letters, digits and _@+.%:- (and no DEFAULT, __proto__ or constructor)`;
}

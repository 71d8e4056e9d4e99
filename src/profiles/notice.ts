import type { Failure } from '../core/failure.ts';
import type { PythonProblem } from './python.ts';

/** What a person should know about the profile files: a kind and its facts. */
export type ProfileNotice =
  /** A file or folder of the user's: others can read or replace what is written there. */
  | { readonly kind: 'owned-by-others' | 'writable-by-others'; readonly path: string }
  | { readonly kind: 'unreadable-for-python'; readonly path: string; readonly problem: PythonProblem }
  /** The job's own config file begins with the settings of the user's. */
  | { readonly kind: 'settings-copied'; readonly path: string }
  | { readonly kind: 'settings-not-copied'; readonly path: string; readonly error: string }
  | { readonly kind: 'removed'; readonly names: readonly string[] }
  /** What the step wrote has been changed, and was left alone. */
  | { readonly kind: 'changed'; readonly path: string; readonly names: readonly string[] }
  | {
      readonly kind: 'not-removed';
      readonly path: string;
      readonly names: readonly string[];
      readonly failure: Failure<'profile-unwritable'> | Failure<'profile-locked'>;
    }
  /** A temporary file that a killed step has left, and that can't be removed. */
  | { readonly kind: 'temporary-not-removed'; readonly path: string };

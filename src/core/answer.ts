import type { Answer } from './ports.ts';

/** What was asked for. Throws the `Failure` that came instead. */
export function unwrap<T>(answer: Answer<T>): T {
  if (!answer.ok) throw answer.failure;
  return answer.value;
}

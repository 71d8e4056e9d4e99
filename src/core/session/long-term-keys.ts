import { isTemporary, type Keys } from '../credentials.ts';
import { Failure } from '../failure.ts';
import type { Ports } from '../ports.ts';
import type { KeySource } from '../request.ts';

/** The long-term keys to mint with: those given, or what the runner has. Throws a Failure if there are none. */
export async function longTermKeys(source: KeySource, ports: Ports): Promise<Keys> {
  if (source.kind === 'given') return source;
  const keys = await ports.keys.fromDefaultChain();
  if (keys.sessionToken || isTemporary(keys.accessKeyId)) {
    throw new Failure('keys-temporary', { source: keys.source });
  }
  await ports.reporter.note({ kind: 'keys-found', source: keys.source });
  return keys;
}

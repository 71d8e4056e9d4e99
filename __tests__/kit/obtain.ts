import type { Keys } from '../../src/core/credentials.ts';
import { Failure } from '../../src/core/failure.ts';
import type { FoundKeys, Session } from '../../src/core/ports.ts';
import { obtainSession } from '../../src/core/session/session.ts';
import type { RawInputs } from '../../src/inputs/names.ts';
import { FakeAws, FakeSealed, fakePorts, keyRing, type Script } from './fake-ports.ts';
import { ROLE, requestOf, WITH_SEED } from './requests.ts';

/** The inputs of a step that assumes a role with a code. */
export const WITH_ROLE: Partial<RawInputs> = { ...WITH_SEED, 'role-to-assume': ROLE };
/** What an earlier step exported. */
export const EARLIER: Omit<FoundKeys, 'source'> & { readonly sessionToken: string } = {
  accessKeyId: 'ASIAEARLIER000000000',
  secretAccessKey: 'earlier-secret',
  sessionToken: 'earlier-token',
  expiration: new Date('2027-01-15T09:00:00Z'),
};

/** An hour before that. */
export const NOW = Date.parse('2027-01-15T08:00:00Z');

/** What one run got, asked and said. */
export async function obtain(
  given: Partial<RawInputs>,
  script: Script = {},
  options: {
    readonly environment?: typeof EARLIER;
    readonly chain?: Keys;
    readonly profile?: string;
    readonly sealed?: Session | Failure;
    readonly now?: number;
  } = {},
) {
  const aws = new FakeAws(script);
  const sealed = new FakeSealed(options.sealed);
  const ports = fakePorts(aws, { now: options.now ?? NOW, keys: keyRing(options), sealed });
  const result = obtainSession(await requestOf(given), ports);
  const [session, failure] = await result.then(
    (value): readonly [Session | undefined, Failure | undefined] => [value, undefined],
    (error: unknown): readonly [Session | undefined, Failure | undefined] => {
      if (!(error instanceof Failure)) throw error;
      return [undefined, error];
    },
  );
  return { session, failure, aws, ports };
}

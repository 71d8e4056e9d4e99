import type { Caller } from '../caller.ts';
import { AwsError } from '../errors.ts';
import type { AssumeRoleParameters } from './assume-role-parameters.ts';

/** Tags and source identity of a new role session, from the call or inherited from the calling session. */
export interface Chain {
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  /** Whether the call changes an inherited source identity, which isn't allowed. */
  readonly changesIdentity: boolean;
}

/**
 * Transitive tags and the source identity pass from role to role (IAM user guide, "Chaining roles with session tags" and "Monitor
 * and control actions taken with assumed roles").
 * @throws AwsError if the call sets an inherited tag
 */
export function chainOf(caller: Caller, wanted: AssumeRoleParameters): Chain {
  const { tags, transitiveTagKeys, sourceIdentity } = wanted;
  if (caller.kind !== 'role-session') return { tags, transitiveTagKeys, sourceIdentity, changesIdentity: false };
  const { grant } = caller;
  const transitive = new Set(grant.transitiveTagKeys.map((key) => key.toLowerCase()));
  const isTransitive = (key: string) => transitive.has(key.toLowerCase());
  if ([...tags.keys()].some(isTransitive)) {
    throw new AwsError(
      400,
      'InvalidParameterValue',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the " +
        'calling session.',
    );
  }
  const inherited = [...grant.tags].filter(([key]) => isTransitive(key));
  return {
    tags: new Map([...inherited, ...tags]),
    transitiveTagKeys: [...inherited.map(([key]) => key), ...transitiveTagKeys],
    sourceIdentity: sourceIdentity ?? grant.sourceIdentity,
    changesIdentity:
      sourceIdentity !== undefined && grant.sourceIdentity !== undefined && sourceIdentity !== grant.sourceIdentity,
  };
}

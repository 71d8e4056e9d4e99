/**
 * Why a secret arrives empty. GitHub hands over an empty text in each of these cases and says nothing, so the message that a
 * user gets has to.
 */
export const EMPTY_SECRET_CAUSES =
  'GitHub passes a secret as an empty text where the workflow may not see it: in pull requests from forks; for Dependabot (it has a store of secrets of its own); ' +
  'where an environment secret is used by a job without `environment:`; in a reusable workflow called without `secrets: inherit` or a mapping; ' +
  'in a composite action that was not handed it as an input; or where its name is misspelt';

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of a workflow, shown as its author writes them.
import type { Wording } from '../inputs/messages/wording.ts';

/** GitHub passes an empty string in each of these cases and says nothing, so the message has to. */
const EMPTY_SECRET =
  "GitHub passes an empty string for a secret that the workflow can't see: in pull requests from forks; for Dependabot, which has its own secrets; " +
  'for environment secrets, in jobs without `environment:`; in reusable workflows called without `secrets: inherit` or a mapping; ' +
  'in composite actions that got no such input; and for misspelt names.';

const EXAMPLES: Readonly<Record<Parameters<Wording['example']>[0], string>> = {
  'aws-region': 'aws-region: eu-central-1',
  'mfa-seed': 'mfa-seed: ${{ secrets.AWS_MFA_SEED }}',
  'mfa-slot': 'mfa-slot: ${{ strategy.job-index }}/${{ strategy.job-total }}',
};

/** How the messages speak of inputs in a workflow. */
export const WORDING: Wording = {
  input: (name) => name,
  has: () => true,
  setting: (name, value) => `${name}: ${value}`,
  example: (name) => EXAMPLES[name],
  emptySecret: EMPTY_SECRET,
  terms: {
    tool: 'action',
    use: 'step',
    job: 'job',
    sender: 'job',
    host: 'runner',
    run: 'workflow run',
    place: 'repository',
  },
  remedies: {
    'sealed-session-empty':
      "Pass the output of the job that sealed it, sealed-session: ${{ needs.JOB.outputs.sealed-session }}. It is empty if that job isn't in this job's `needs:`; if it doesn't map the step's output to a job output (`outputs: sealed-session: ${{ steps.ID.outputs.sealed-session }}`); if a name is misspelt; if the job was skipped or failed; or if GitHub dropped the output because it contains a secret of that job (its log says \"Skip output 'sealed-session'\").",
    'sealing-key-wrong':
      'Set sealing-key to the same secret in both jobs. An environment, an organization and a repository can each have a secret of that name; the nearest one wins.',
    'sealed-session-expired':
      'Re-run all jobs, not only the failed ones: a re-run of failed jobs gets the old output of the job that sealed the session. For longer jobs, raise session-duration-seconds there.',
  },
};

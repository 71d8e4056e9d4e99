import type { Command } from 'commander';

// The options of the commands that change IAM. Their groups are the headings of --help.

/** Exit codes and variables, for the end of --help. */
export const SETUP_HELP_AFTER = `
Codes are never flags: use MFA_CODE, or a file. A token for GitHub comes from
GH_TOKEN, GITHUB_TOKEN or \`gh auth token\`, one for GitLab from GITLAB_TOKEN.

Exit codes: 0 if everything was done, if it was a dry run, or if nobody agreed;
125 if something failed. Standard error says what is left, and what to do.`;

/** The options of `enroll`. */
export function addEnrollOptions(command: Command): Command {
  addUser(command)
    .option('--new-key', 'With --self: create a key for the pipeline, and keep yours for yourself.')
    .option('--device <name>', "The name of the new device. Default: the user's name; with --self, NAME-ci.")
    .option('--permissions-boundary <arn>', 'The permissions boundary of a new user.')
    .optionsGroup('What the pipeline may do:')
    .option('--role <arn>', 'A role that it assumes. Can be given several times.', collect)
    .option('--list-buckets', 'List all buckets.')
    .option('--bucket <name>', 'List a bucket, or bucket/prefix. Can be given several times.', collect)
    .option('--rotation', "Replace the user's own keys and devices.")
    .option('--policy-name <name>', 'The name of the policy that says so. Default: aws-mfa-credentials.');
  addStores(command)
    .option('--output <form>', 'json or dotenv for standard output, or the path of a new file.')
    .option('--separate', 'Store four values instead of two.')
    .option('--replace', 'Replace secrets that exist.');
  return addConsent(command);
}

/** The options of `unenroll`. */
export function addUnenrollOptions(command: Command): Command {
  addUser(command)
    .option('--device <name>', "The name of the device, if the user's tags don't say it.")
    .option('--access-key-id <id>', "The access key, if the user's tags don't say it.")
    .option('--policy-name <name>', "The name of the user's policy. Default: aws-mfa-credentials.")
    .option('--separate', 'Remove the four separate values, as enroll --separate stored them.');
  return addConsent(addStores(command));
}

/** The options of `revoke`. */
export function addRevokeOptions(command: Command): Command {
  addUser(command).option('--role-name <name>', 'A role whose sessions also end. Can be given several times.', collect);
  return addConsent(command);
}

/** When `rotate` does what, and to which secrets. */
export function addRotationOptions(command: Command): Command {
  return command
    .optionsGroup('The rotation:')
    .option('--status', 'Only say how old everything is, and what the next run would do.')
    .option('--max-age-days <days>', 'Replace a key that is that old. Default: 60.')
    .option('--grace-hours <hours>', 'How long a replaced key must be unused to be deactivated. Default: 24.')
    .option('--keep-days <days>', 'How long a deactivated key is kept. Default: 7.')
    .option('--limit-days <days>', 'The age that no key may reach: 14 days before, this fails. Default: 90.')
    .option('--devices', 'Also replace the MFA device.')
    .option('--device-max-age-days <days>', 'Replace a device that is that old. Default: 365.')
    .option('--key-secret <name>', 'The secret that holds the key. Default: AWS_ACCESS_KEY.')
    .option('--device-secret <name>', 'That of the device. Default: AWS_MFA_DEVICE; on GitLab, MFA_DEVICES.');
}

/** Where a pipeline reads its secrets. */
export function addStores(command: Command): Command {
  return command
    .optionsGroup('Places for the secrets:')
    .option('--github [repository]', "OWNER/REPO, or HOST/OWNER/REPO. Default: this folder's git remote.")
    .option('--environment <name>', 'Only for jobs in this environment of the repository or project.')
    .option('--dependabot', "Dependabot's secrets.")
    .option('--org <name>', 'The secrets of an organization on GitHub.')
    .option('--visibility <which>', 'Which repositories of the organization: private (default) or all.')
    .option('--gitlab <project>', 'The CI/CD variables of a project: GROUP/PROJECT.')
    .option('--gitlab-group <group>', 'The CI/CD variables of a group.')
    .option('--gitlab-url <url>', 'Default: CI_API_V4_URL, or https://gitlab.com.')
    .option('--unprotected', 'On GitLab: also for branches and tags that are not protected.');
}

/** The heading of the flags for AWS, which follow. */
function addConsent(command: Command): Command {
  return command
    .optionsGroup('The plan:')
    .option('--dry-run', 'Only show it.')
    .option('--yes', "Don't ask for consent.")
    .optionsGroup('How AWS is reached:');
}

/** Whose devices and keys it is about. */
function addUser(command: Command): Command {
  return command
    .optionsGroup('Which user:')
    .option('--user <name>', 'This one. Your own credentials are those of an administrator.')
    .option('--self', 'The one that your own keys belong to. Asks for a code of your own device.');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

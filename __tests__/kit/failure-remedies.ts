const CAUSES =
  'GitHub passes a secret as an empty text where the workflow may not see it: in pull requests from forks; for Dependabot (it has a store of secrets of its own); ' +
  'where an environment secret is used by a job without `environment:`; in a reusable workflow called without `secrets: inherit` or a mapping; ' +
  'in a composite action that was not handed it as an input; or where its name is misspelt.';

/** Why a secret arrives empty, as a user reads it. */
export const EMPTY_SECRET = CAUSES;

/** What each failure tells the user to do: the last line of its annotation, letter for letter. */
export const REMEDY = {
  'invalid-input': 'Correct the inputs named above. Nothing was sent to AWS, and nothing was exported.',
  'host-unknown':
    'Run this as a step of a workflow, on a runner of GitHub, Gitea or Forgejo, or with act: these set GITHUB_ACTIONS and hide what is masked. Nothing was sent.',
  'command-file-missing':
    'Run this as a step of a workflow, on a runner that sets GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE (2.327.1 or newer).',
  'command-file-unwritable':
    "Make it writable for the user that runs the step. In a container job, run as the owner of the runner's files (container.options: --user 1001 on GitHub-hosted runners) or as root (--user root).",
  'keys-temporary':
    "Pass the long-term key of an IAM user (AKIA…). To go on from an earlier step's session to a role, set role-chaining: true instead.",
  'session-not-found':
    'Let an earlier step of this job get the session (this action without role-chaining), with output-env-credentials on.',
  'mfa-code-refused':
    'If another job uses this device at the same time, give each its mfa-slot or a device of its own. Otherwise check that the seed is the one of this device, and that the code shown by an authenticator app agrees.',
  'mfa-seed-wrong':
    'Store the seed that AWS showed when this device was made, or make a new device and store its seed. If the seed is right, the device is out of sync: run `aws iam resync-mfa-device` with two consecutive codes.',
  'mfa-code-spent':
    'Make a new code and run the step again; a code works once. With mfa-seed the action takes another code by itself.',
  'mfa-device-unknown':
    'Write the serial of a device of this very user: `aws iam list-mfa-devices` shows it, arn:PARTITION:iam::ACCOUNT:mfa/NAME.',
  'mfa-device-not-found':
    'Register a virtual MFA device for this user (IAM → Users → Security credentials) and pass its ARN as mfa-serial, or allow the user iam:ListMFADevices on itself.',
  'mfa-wait-too-long':
    'Let one job seal its session for the others (seal-session), add devices with mfa-devices, or raise mfa-max-wait-seconds.',
  'mfa-incomplete': 'Give both a serial and a seed or code.',
  'session-credentials-refused':
    'Pass the long-term key of an IAM user (AKIA…); STS mints no session from temporary credentials.',
  'assume-role-denied':
    "Check three things: the role's trust policy names this user or account; its conditions (MFA, external ID) are met; and the user's own policy allows sts:AssumeRole on this role.",
  'tag-session-denied':
    "Allow sts:TagSession beside sts:AssumeRole, in the role's trust policy and in the user's policy, or set role-skip-session-tagging: true.",
  'source-identity-denied':
    "Allow sts:SetSourceIdentity beside sts:AssumeRole, in the role's trust policy and in the user's policy, or leave role-source-identity out.",
  'explicit-deny':
    'A policy denies this outright, so no permission can allow it: change the policy that the message names.',
  'access-denied': 'Allow the action that the message names, for the principal that it names.',
  'chained-duration-too-long':
    'Set role-duration-seconds: 3600 or less. For longer, assume the role directly with the code (without mfa-session-first and role-chaining).',
  'role-duration-too-long': "Lower role-duration-seconds, or raise the role's own maximum session duration.",
  'packed-policy-too-large':
    'Shorten the session policy, pass fewer managed policies or tags, or set role-skip-session-tagging: true.',
  'malformed-policy': 'Correct the session policy; the message says what AWS could not read.',
  'invalid-parameter': 'Correct the input that the message names.',
  'access-key-unknown':
    'Check that the access key exists and is active, that aws-region is in the partition of its account, and, for an opt-in region, that the region is on.',
  'secret-key-wrong':
    'Store the secret access key again: it does not belong to this access key ID. A key pair is shown only once; make a new one if in doubt.',
  'clock-off': "Set the runner's clock (NTP); AWS takes signatures that are at most 15 minutes off.",
  'session-expired': 'Get a new session; run the step that made this one again.',
  'region-disabled': "Turn STS on for this region in the account's settings, or use another aws-region.",
  throttled: 'Run the job again later, or spread the jobs that call AWS at the same moment.',
  'service-unavailable': 'Run the job again later; the AWS Health Dashboard says whether the service has trouble.',
  network: 'Check that the runner reaches the endpoint: DNS, firewall, proxy (http-proxy, no-proxy), sts-endpoint.',
  unreachable:
    'Check that the runner reaches the endpoint: the name (DNS), the firewall, the proxy (http-proxy, no-proxy), sts-endpoint. No code was spent on this.',
  'proxy-refused':
    'Have the proxy allow CONNECT to this host and port, or name another one in http-proxy. Hosts that are reached without it belong in no-proxy. No code was spent on this.',
  'tls-untrusted':
    "If a proxy or an endpoint of your own signs its certificate itself, give Node its CA with NODE_EXTRA_CA_CERTS. A clock that is days off looks like this too: check the runner's date.",
  'incomplete-answer':
    'Check what is between the runner and AWS: a proxy, a firewall or a captive portal may have answered in its place, or the endpoint (sts-endpoint, s3-endpoint, iam-endpoint) is not one of AWS.',
  'sealed-session-empty': `Pass the output of the job that sealed it, sealed-session: \${{ needs.JOB.outputs.sealed-session }}. It is empty where that job is not in this job's \`needs:\`; where it does not map the step's output to a job output (\`outputs: sealed-session: \${{ steps.ID.outputs.sealed-session }}\`); where a name is misspelt (GitHub takes that for an empty text); where the job was skipped or failed; or where GitHub dropped the output because a secret of that job occurs in it (its log says "Skip output 'sealed-session'").`,
  'sealed-session-altered':
    'Pass the output as it is, in one line, without quotes or white space around it. If it shows ***, a secret of a job on its way occurs in it: let the sealing job run again.',
  'sealed-session-version': 'Use the same release of this action in the job that seals and in the jobs that open.',
  'sealing-key-wrong':
    'Give both jobs the same secret as sealing-key. An environment, an organisation and a repository may each have a secret of the same name; the nearest one wins.',
  'sealed-session-elsewhere':
    'Open it in the run that sealed it. For a session that other runs of this repository may use, set sealed-session-scope: repository both where it is sealed and where it is opened.',
  'sealed-session-expired':
    'Re-run all jobs, not only the failed ones: a re-run of failed jobs gets the old output of the job that sealed the session. For longer jobs, raise session-duration-seconds there.',
  'session-expiry-unknown': 'Seal the session in the step that gets it, which knows when it ends.',
  'sealed-session-masked':
    'Let the step that seals have no such short secret: look at http-proxy and aws-secret-access-key. Nothing was exported.',
  'account-not-allowed': 'Use the keys or the role of an allowed account, or correct allowed-account-ids.',
  'buckets-denied':
    'Allow s3:ListAllMyBuckets, or name what must be reachable in expected-buckets, which needs only s3:ListBucket on those.',
  'bucket-not-found': 'Correct the name in expected-buckets, or create the bucket.',
  'bucket-denied':
    'Allow s3:ListBucket on this bucket for the identity named above, and check the policy of the bucket.',
  'buckets-unauthenticated': 'Check s3-endpoint and aws-region: STS gave these credentials, but S3 does not know them.',
  'profile-exists':
    'Choose another name in aws-profile or roles, set overwrite-aws-profile: true to replace what is there, or set profiles-location: temp, which writes files of this job alone.',
  'profile-unwritable':
    'Set profiles-location: temp, which writes files of this job alone, or make the file and its folder writable for the runner.',
  'profile-locked':
    'Run the steps one after the other, or set profiles-location: temp, which writes files of this job alone.',
  'export-failed':
    'Check that the files behind GITHUB_ENV, GITHUB_OUTPUT and GITHUB_STATE can be written and the disk is not full.',
  'timed-out': 'Raise action-timeout-s, or find out what is slow with RUNNER_DEBUG=1.',
  cancelled: 'Nothing needs to be done: the job was cancelled, and nothing was exported.',
  unexpected: 'This is a defect: please report it with the log of a run with debug logging on.',
  'keys-not-found': `Pass aws-access-key-id and aws-secret-access-key from secrets. ${CAUSES}`,
} as const;

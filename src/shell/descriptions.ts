// Made from action.yml by `npm run docs`.
import type { InputName } from '../inputs/names.ts';

/** What --help says of each input. */
export const DESCRIPTIONS: Readonly<Record<InputName, string>> = {
  'aws-region':
    "The AWS region, in any partition. Defaults to AWS_REGION, then AWS_DEFAULT_REGION. With --sts-endpoint, an emulator's own region name works too.",
  'aws-access-key-id':
    "The access key ID of an IAM user (AKIA…). Never passed on. Defaults to what the SDK's default credential chain finds.",
  'aws-secret-access-key': 'The secret access key for --aws-access-key-id. Never passed on.',
  'aws-access-key':
    'The access key ID and the secret access key in one value, ID:SECRET, instead of the two above. Never passed on. The variable is ignored if it has only an ID, as older tools set it.',
  'mfa-serial':
    "The ARN or serial number of the user's MFA device, arn:aws:iam::ACCOUNT:mfa/NAME. Defaults to the user's only usable device, which takes iam:ListMFADevices to find.",
  'mfa-seed':
    "The device's seed: the Base32 secret key that AWS shows (any case, spaces, hyphens), the otpauth://totp/ URI in its QR code, or either one in base64, as the IAM API returns it.",
  'mfa-code':
    "One six-digit code instead of a seed. Sent once, and a second time only if AWS rejected the request's timestamp before it checked the code.",
  'mfa-devices':
    'Several devices of the same user instead of one serial and seed: serial seed or serial:seed, one per line, up to 8. # at the start of a line or after a space starts a comment. AWS checks about nine codes per device in three minutes.',
  'mfa-slot':
    "This job's share of the codes, I/N with I from 0 to N-1, so that parallel jobs on several machines never use the same code.",
  'mfa-max-wait-seconds': 'How long to wait for a usable code, in seconds. Default: 240.',
  'session-duration-seconds':
    'How long the session token is valid, in seconds, from 900 to 129600. Default: 3600. Without --role-to-assume, or with --mfa-session-first.',
  'role-to-assume':
    'The role to assume: an ARN, or a name in the account of the device or the caller. Without it, you get a session token.',
  'role-duration-seconds':
    "How long the role session is valid, in seconds: from 900 to the role's own maximum, which is at most 43200. With --mfa-session-first or --role-chaining, at most 3600. Default: 3600.",
  'role-session-name':
    'The name of the role session. Defaults to the name of the CI and the ID of the run, or to your user name.',
  'role-external-id': "The external ID that the role's trust policy requires.",
  'role-source-identity': 'The source identity to set. Needs sts:SetSourceIdentity.',
  'inline-session-policy': 'A policy (JSON) that restricts the role session.',
  'managed-session-policies': 'ARNs of managed policies that restrict the role session, one per line, up to 10.',
  'role-skip-session-tagging':
    "Don't tag the role session: neither with what the CI says about the run, nor with --custom-tags. Default: false.",
  'custom-tags': 'More tags for the role session, as a JSON object.',
  'transitive-tag-keys': 'Keys of the tags that the next role in a chain inherits, one per line.',
  'mfa-session-first':
    'Exchange the code for a session token, and assume the role with that token, for at most an hour. For users whose policies require MFA on every call. Default: false.',
  'role-chaining':
    'Assume the role with the session in the environment. Needs no code; lasts at most an hour. Default: false.',
  roles:
    'Many roles from one code, each written as a named profile: profile = role ARN or name, one per line, optionally followed by duration_seconds=900 role_session_name=… external_id=… region=… source_profile=…. All or none, for at most an hour. Exports no keys unless --output-env-credentials is true.',
  renew:
    "Let AWS's SDKs renew the roles of --role-to-assume or --roles by themselves for as long as the session lasts: profiles name their role instead of holding its credentials. Default: false.",
  'seal-session':
    'Encrypt the session for later jobs of this run and set it as the output --sealed-session-file. Needs --sealing-key-file. Default: false.',
  'sealing-key':
    'seal and open: the secret that seals and opens sessions, at least 32 random bytes in base64 or hex, such as the output of openssl rand -base64 32.',
  'sealed-session':
    'open: the session that seal printed. It replaces key, device and code. --role-to-assume is assumed with it.',
  'sealed-session-scope':
    'Who may open a sealed session: run (only the workflow run that sealed it) or repository (any run of the repository). Set it in both steps, the one that seals and the one that opens. Default: run.',
  'sealed-session-fallback': "open: get a new session with the seed if the sealed one can't be used. Default: false.",
  'allowed-account-ids': 'Account IDs, comma-separated. Credentials of any other account are refused.',
  'list-buckets': 'Check the new credentials by listing all buckets. Needs s3:ListAllMyBuckets. Default: false.',
  'expected-buckets':
    'What the new credentials must reach, one per line: bucket, or bucket/prefix to check that its objects can be listed. Needs s3:ListBucket on the bucket.',
  'output-env-credentials':
    'Export the credentials as environment variables. Default: true, or false with --aws-profile, --roles or --renew.',
  'output-credentials': 'Set the credentials as outputs of the step. Default: false.',
  'aws-profile':
    "Write the credentials to the AWS files as a profile of this name (in ~/.aws, or as set by AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE). With --renew, the name of the role's profile, or of the session's with --roles. The post step removes it.",
  'overwrite-aws-profile': 'Replace an existing profile of that name. Default: false, which fails the step.',
  'profiles-location':
    'The files to write profiles to: home, which tools read by default, or temp, files of this job under RUNNER_TEMP, with AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE pointing to them (for runners that share a home folder). Default: home, or temp with --renew.',
  'mask-aws-account-id': 'Mask account IDs in the log. Default: false.',
  'unset-current-credentials':
    "Ignore the credentials in the environment when looking for long-term keys, and clear those that aren't replaced. Default: false.",
  'use-existing-credentials':
    "Reuse the session in the environment if it is still valid and belongs to the expected account, role and session name. Never reused if you request session policies, a source identity, or custom or transitive tags, because a session doesn't show those. Default: false.",
  'minimum-remaining-seconds': 'How long an existing session must still be valid to be used, in seconds. Default: 300.',
  'retry-max-attempts':
    'Maximum attempts per call for transient errors (throttling, 5xx, a lost connection). Default: 12.',
  'disable-retry': 'Send each call only once. Default: false.',
  'action-timeout-s': 'A time limit for getting the credentials, in seconds. Default: 0, no limit.',
  'http-proxy':
    'The proxy for calls to AWS, http://HOST:PORT or https://HOST:PORT. Defaults to https_proxy, HTTPS_PROXY, http_proxy, HTTP_PROXY.',
  'no-proxy': 'Hosts to reach without the proxy, comma-separated. Defaults to no_proxy, NO_PROXY.',
  'sts-endpoint':
    "A custom STS endpoint. Defaults to AWS_ENDPOINT_URL_STS, then AWS_ENDPOINT_URL, then AWS's own endpoint in the region.",
  's3-endpoint': 'A custom S3 endpoint for the bucket check. Defaults to AWS_ENDPOINT_URL_S3, then AWS_ENDPOINT_URL.',
  'iam-endpoint':
    'A custom IAM endpoint for finding a device. Defaults to AWS_ENDPOINT_URL_IAM, then AWS_ENDPOINT_URL.',
  'special-characters-workaround':
    'Repeat the request until the secret access key has no special characters. Only works if a repeat costs no code: with --mfa-session-first or --role-chaining. Default: false.',
  summary: 'Write a table to the job summary. Default: false.',
};

import type { Environment } from '../core/ports.ts';
import type { CiRun } from '../inputs/tags.ts';
import type { Log } from './log.ts';

// The environment of the step: what it says, and what this process must not keep of it.

/** The variables that are a key pair and its token. */
export const KEY_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/** All variables that give credentials and are set, as empty ones. */
export function emptiedKeys(env: Environment): Readonly<Record<string, string>> {
  const names = [...KEY_VARIABLES, 'AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'].filter((name) => env[name]);
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** Secrets among the variables that can replace an input. */
const INPUT_VARIABLES: readonly string[] = ['MFA_SEED', 'MFA_CODE', 'MFA_DEVICES', 'SEALING_KEY', 'SEALED_SESSION'];

/** Removes the inputs from this process's environment, which a `credential_process` would inherit. */
export function forgetInputs(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('INPUT_') || INPUT_VARIABLES.includes(name)) delete process.env[name];
  }
}

/** Hides the credentials of the environment from the SDK's default chain. */
export function forgetCredentials(): void {
  for (const name of [...KEY_VARIABLES, 'AWS_CREDENTIAL_EXPIRATION']) delete process.env[name];
}

/**
 * Removes from this process's environment what turns off certificate checks for every agent, and warns if it was there: any earlier
 * step can set it for the job.
 */
export function insistOnCertificates({ warning }: Log): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    warning(
      'Ignoring NODE_TLS_REJECT_UNAUTHORIZED=0: this action always checks certificates. To trust a private CA, set NODE_EXTRA_CA_CERTS to its certificate file.',
    );
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
}

/** What the runner gives only to actions, not to shells. */
const OF_ACTIONS = /^ACTIONS_(?:RUNTIME|RESULTS|CACHE)_/;

/**
 * The environment for a program that this step starts: what it would see in a shell of the step. `env` is the environment as the
 * step found it. What was removed from this process's isn't in it, except for what was removed only for this process.
 */
export function childEnvironment(env: Environment): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || OF_ACTIONS.test(name)) continue;
    if (name in process.env || name === 'NODE_TLS_REJECT_UNAUTHORIZED') kept[name] = value;
  }
  return kept;
}

/** The tags that configure-aws-credentials sets, which trust policies test, and the variables that it takes them from. */
const TAGS = {
  Repository: 'GITHUB_REPOSITORY',
  Workflow: 'GITHUB_WORKFLOW',
  Action: 'GITHUB_ACTION',
  Actor: 'GITHUB_ACTOR',
  Commit: 'GITHUB_SHA',
  Branch: 'GITHUB_REF',
};
/** More tags that are only context. */
const OPTIONAL_TAGS = {
  EventName: 'GITHUB_EVENT_NAME',
  BaseRef: 'GITHUB_BASE_REF',
  HeadRef: 'GITHUB_HEAD_REF',
  RunId: 'GITHUB_RUN_ID',
  Job: 'GITHUB_JOB',
  TriggeringActor: 'GITHUB_TRIGGERING_ACTOR',
};

/**
 * What GitHub says of the workflow run.
 *
 * Not @actions/github's context: it lacks three of the twelve values, reads the whole event to provide the other nine, and fails the
 * step if it can't parse that.
 */
export function workflowRun(env: Environment): CiRun {
  const tagsOf = (variables: Readonly<Record<string, string>>, optional: boolean) =>
    Object.entries(variables).map(([key, variable]) => ({ key, value: env[variable] ?? '', optional }));
  return {
    repository: env['GITHUB_REPOSITORY'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    sessionName: 'GitHubActions',
    tags: [
      { key: 'GitHub', value: 'Actions', optional: false },
      ...tagsOf(TAGS, false),
      ...tagsOf(OPTIONAL_TAGS, true),
    ],
  };
}

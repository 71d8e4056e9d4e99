import type { Environment } from '../core/ports.ts';
/** The variables that are a key pair and its token. */
export const KEY_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/** Secrets among the variables that stand in for an input. */
const INPUT_VARIABLES: readonly string[] = ['MFA_SEED', 'MFA_CODE', 'MFA_DEVICES', 'SEALING_KEY', 'SEALED_SESSION'];

/** Takes the inputs out of this process's environment, which a `credential_process` would inherit. */
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
 * Takes out of this process's environment what turns off certificate checks, for every agent there is, and returns whether it was
 * there: any earlier step can set it for the job.
 */
export function insistOnCertificates(): boolean {
  const wasOff = process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  return wasOff;
}

/** What the runner gives to actions alone, and to no shell. */
const OF_ACTIONS = /^ACTIONS_(?:RUNTIME|RESULTS|CACHE)_/;

/**
 * The environment for a program that this step starts: what it would see in a shell of the step. `env` is the environment as the
 * step found it; what was taken out of this process's is not in it, except for what was taken out for this process alone.
 */
export function childEnvironment(env: Environment): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || OF_ACTIONS.test(name)) continue;
    if (name in process.env || name === 'NODE_TLS_REJECT_UNAUTHORIZED') kept[name] = value;
  }
  return kept;
}

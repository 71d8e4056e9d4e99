import { expect } from '@jest/globals';
import type { Call } from '../../lab/aws/index.ts';
import type { StepResult } from '../../lab/runner/job.ts';

// What a step must never show, and how to look for it.

/** Fails, without showing the secret, where a text holds one: as it is, in base64 or percent-encoded, in any case and spacing. */
export function expectNoSecretIn(text: string, secrets: readonly string[], where: string): void {
  const bare = (of: string): string => of.replace(/[\s-]/g, '').toLowerCase();
  const searched = bare(text);
  const leaks = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < 6) continue;
    for (const [spelling, form] of [
      [secret, 'as it is'],
      [encodeURIComponent(secret), 'percent-encoded'],
      [Buffer.from(secret).toString('base64'), 'in base64'],
    ] as const) {
      if (!searched.includes(bare(spelling))) continue;
      leaks.add(`${where}: a secret of ${secret.length} characters, ${secret.slice(0, 3)}…, ${form}`);
    }
  }
  expect([...leaks]).toEqual([]);
}

/** What a step printed, without the commands that tell the runner what to hide. */
export function withoutMasks(stdout: string): string {
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}

/** The secrets among inputs, in all their parts. */
export function secretsOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  const { 'mfa-seed': seed = '', 'mfa-devices': devices = '', 'http-proxy': proxy = '' } = inputs;
  const seeds = [seed, ...devices.split('\n').map((line) => line.trim().replace(/^\S+\s+/, ''))];
  const secrets = [
    inputs['aws-secret-access-key'] ?? '',
    inputs['mfa-code'] ?? '',
    inputs['sealing-key'] ?? '',
    /:([^:@/]+)@/.exec(proxy)?.[1] ?? '',
    ...seeds,
    ...seeds.flatMap((one) => /secret=([^&]+)/.exec(one)?.[1] ?? []),
  ];
  return secrets.filter((secret) => secret !== '');
}

/** The codes and the session tokens that were sent. */
export function sentSecrets(calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ params, headers }) =>
    [params['TokenCode'] ?? [], headers['x-amz-security-token'] ?? []].flat(),
  );
}

/** All that the step itself held to be secret; an account ID is one for the log only, and stands in outputs. */
export function masksOf({ commands }: Pick<StepResult, 'commands'>): readonly string[] {
  return commands
    .filter(({ name, message }) => name === 'add-mask' && !/^\d{12}$/.test(message))
    .map(({ message }) => message);
}

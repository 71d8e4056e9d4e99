import { Agent } from 'node:https';
import type { ClientSetting } from '../../src/aws/client-options.ts';

/** What the clients of a step share, against an endpoint of a test; with what they masked. */
export function clientSetting(
  endpoint: string,
  given: { readonly maxAttempts?: number; readonly signal?: AbortSignal } = {},
): ClientSetting & { readonly endpoint: string; readonly masked: readonly string[] } {
  const masked: string[] = [];
  return {
    transport: { httpsAgent: new Agent(), close: () => undefined },
    region: 'eu-central-1',
    variants: { fips: false, dualstack: false },
    signal: given.signal ?? new AbortController().signal,
    mask: (secret) => masked.push(secret),
    maxAttempts: given.maxAttempts ?? 1,
    correction: { milliseconds: 0 },
    endpoint,
    masked,
  };
}

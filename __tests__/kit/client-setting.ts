import { Agent } from 'node:https';
import type { ClientContext } from '../../src/aws/client-context.ts';
import { FakeReporter } from './fake-ports.ts';

/** What the clients of a step share, against an endpoint of a test; with what they masked, concealed and said. Its clock does not sleep. */
export function clientSetting(
  endpoint: string,
  given: { readonly maxAttempts?: number; readonly signal?: AbortSignal } = {},
): ClientContext & {
  readonly masked: readonly string[];
  readonly concealed: readonly string[];
  readonly reporter: FakeReporter;
} {
  const masked: string[] = [];
  const concealed: string[] = [];
  const reporter = new FakeReporter();
  return {
    transport: { httpsAgent: new Agent(), close: () => undefined },
    region: 'eu-central-1',
    variants: { fips: false, dualstack: false },
    signal: given.signal ?? new AbortController().signal,
    secrets: {
      mask: (secret) => masked.push(secret),
      conceal: (code) => concealed.push(code),
      redact: (text) => concealed.reduce((shown, code) => shown.replaceAll(code, '***'), text),
    },
    retry: {
      clock: { now: Date.now, sleep: async () => undefined },
      reporter,
      random: () => 0.5,
      maxAttempts: given.maxAttempts ?? 1,
    },
    correction: { milliseconds: 0 },
    newKeys: new Set(),
    userAgent: { userAgentAppId: 'aws-mfa-credentials', customUserAgent: [] },
    endpoint,
    masked,
    concealed,
    reporter,
  };
}

import type { Cleanup } from '../cleanup.ts';
import { startAwsHostNames } from '../renewal/aws-host-names.ts';
import type { Client } from '../renewal/clients.ts';
import type { Environment } from '../renewal/profiles.ts';

/** How each client reaches the emulator. The command always uses the endpoint. */
export async function waysTo(endpoint: string, cleanup: Cleanup): Promise<Readonly<Record<Client['by'], Environment>>> {
  return {
    AWS_ENDPOINT_URL: { STS_ENDPOINT: endpoint, AWS_ENDPOINT_URL: endpoint },
    'host names': {
      STS_ENDPOINT: endpoint,
      NO_PROXY: '127.0.0.1',
      ...(await startAwsHostNames(endpoint, cleanup)),
    },
  };
}

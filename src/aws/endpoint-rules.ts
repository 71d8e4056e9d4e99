import { defaultEndpointResolver as iam } from '@aws-sdk/client-iam/dist-es/endpoint/endpointResolver.js';
import { defaultEndpointResolver as sts } from '@aws-sdk/client-sts/dist-es/endpoint/endpointResolver.js';
import type { ClientContext } from './client-context.ts';
import type { Target } from './query-client.ts';

const RESOLVERS = { sts, iam };

/** Where a service's requests go by the SDK's own rules: for IAM, and for FIPS and dual-stack endpoints. Throws an EndpointError. */
export function targetOf(
  service: keyof typeof RESOLVERS,
  { region, variants: { fips, dualstack }, endpoint }: Pick<ClientContext, 'region' | 'variants' | 'endpoint'>,
): Target {
  const { url, properties } = RESOLVERS[service]({
    Region: region,
    UseFIPS: fips,
    UseDualStack: dualstack,
    ...(endpoint !== undefined && { Endpoint: endpoint }),
  });
  const [scheme] = properties?.['authSchemes'] ?? [];
  return { url, region: scheme?.signingRegion ?? region };
}

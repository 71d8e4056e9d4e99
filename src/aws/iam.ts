import { ListMFADevices$, type ListMFADevicesRequest, type ListMFADevicesResponse } from '@aws-sdk/client-iam';
import sdk from '@aws-sdk/client-iam/package.json' with { type: 'json' };
import type { Iam } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { ask, requireRequestId } from './ask.ts';
import type { ClientContext } from './client-context.ts';
import { targetOf } from './endpoint-rules.ts';
import { QueryClient, type QueryService } from './query-client.ts';

/** A question that is only asked to explain a refusal must not hold up the step: in many networks only STS can be reached. */
const SIDE_QUESTION_MS = 5_000;

type IamCalls = { readonly ListMFADevices: [ListMFADevicesRequest, ListMFADevicesResponse] };

/** IAM, as the SDK describes it. */
export const IAM: QueryService<IamCalls> = {
  id: 'IAM',
  version: sdk.version,
  signingName: 'iam',
  protocol: {
    defaultNamespace: 'com.amazonaws.iam',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    version: '2010-05-08',
  },
  calls: { ListMFADevices: ListMFADevices$ },
  target: async (context) => targetOf('iam', context),
};

/** The Iam port. Loaded only to find a device, or to explain why one wasn't accepted. */
export function createIam(context: ClientContext): Iam {
  return {
    listDevices(keys, purpose) {
      const client = new QueryClient(IAM, context, keys);
      const { signal, retry } = context;
      const aside = purpose === 'explain';
      const abortSignal = aside ? AbortSignal.any([signal, AbortSignal.timeout(SIDE_QUESTION_MS)]) : signal;
      return persist(
        () =>
          ask(client, 'ListMFADevices', context, async (facts) => {
            // Without UserName: the caller's own, which AWS's self-service policy allows without MFA. A user has at most eight.
            const answer = await client.send('ListMFADevices', {}, abortSignal);
            requireRequestId('ListMFADevices', answer, facts);
            return (answer.MFADevices ?? [])
              .map(({ SerialNumber }) => SerialNumber)
              .filter((serial) => serial !== undefined);
          }),
        aside ? { ...retry, maxAttempts: 1 } : retry,
      );
    },
  };
}

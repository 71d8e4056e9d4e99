import { IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import type { Iam } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { ask, watched } from './ask.ts';
import { type ClientContext, clientOptions } from './client-options.ts';
import { requireRequestId } from './request-id.ts';

/** A question that is only asked to explain a refusal must not keep the step waiting: in many networks STS alone is reachable. */
const SIDE_QUESTION_MS = 5_000;

/** The Iam port on the SDK's client. Loaded only to find a device, or to explain why one was not accepted. */
export function createIam(context: ClientContext): Iam {
  return {
    listDevices(keys, purpose) {
      const client = watched(new IAMClient(clientOptions(context, keys)), keys);
      const { signal, retry } = context;
      const aside = purpose === 'explain';
      const abortSignal = aside ? AbortSignal.any([signal, AbortSignal.timeout(SIDE_QUESTION_MS)]) : signal;
      return persist(
        () =>
          ask(client, 'ListMFADevices', context, async (iam, facts) => {
            // Without UserName: the caller's own, which AWS's self-service policy allows without MFA. A user has eight at most.
            const answer = await iam.send(new ListMFADevicesCommand({}), { abortSignal });
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

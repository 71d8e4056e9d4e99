import type { ClientContext } from './aws/client-context.ts';
import { connect } from './cli-connect.ts';
import type { Request } from './core/request.ts';
import { clockUntil } from './lifetime.ts';
import type { ServicesContext } from './shell/obtain.ts';
import type { SetupWiring } from './shell/setup/acting.ts';

/** What was begun is taken back in this time, or reported as left. */
const UNDO_MS = 5 * 60_000;

/** What commands that change IAM need: an administrator's IAM, and the stores of secrets. */
export async function setUp(request: Request, context: ServicesContext): Promise<SetupWiring> {
  const services = connect(request, context);
  return {
    services,
    async admin(keys) {
      const { createIamAdmin } = await import('./aws/iam-admin.ts');
      const client = await services.client();
      let { signal, retry } = client;
      const outliving: ClientContext = {
        ...client,
        endpoint: request.connection.iam?.endpoint,
        get signal() {
          return signal;
        },
        get retry() {
          return retry;
        },
      };
      return {
        iam: createIamAdmin(outliving, keys),
        outlive() {
          signal = AbortSignal.timeout(UNDO_MS);
          retry = { ...client.retry, clock: clockUntil(signal) };
        },
      };
    },
    openStore: () => Promise.reject(new Error('no stores yet')),
    fileText: () => '',
  };
}

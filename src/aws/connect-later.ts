import type { Request } from '../core/request.ts';
import { createKeyRing } from './keys.ts';
import { connectServices, type ServiceSetting, type Services } from './services.ts';

/** Services that connect when they are first asked for something: a sealed session needs none of them. */
export function connectLater(request: Request, setting: ServiceSetting): Services {
  let connected: Promise<Services> | undefined;
  const services = (): Promise<Services> => (connected ??= connectServices(request, setting));
  return {
    sts: {
      getSessionToken: async (...call) => (await services()).sts.getSessionToken(...call),
      assumeRole: async (...call) => (await services()).sts.assumeRole(...call),
      callerIdentity: async (...call) => (await services()).sts.callerIdentity(...call),
    },
    iam: { listDevices: async (...question) => (await services()).iam.listDevices(...question) },
    keys: createKeyRing({
      env: setting.env,
      mask: setting.secrets.mask,
      reporter: setting.retry.reporter,
      search: async () => (await services()).keys.fromDefaultChain(),
    }),
    buckets: async (keys) => (await services()).buckets(keys),
    close() {
      // Whether it could connect at all has been told to whoever asked.
      connected?.then(
        (open) => open.close(),
        () => undefined,
      );
    },
  };
}

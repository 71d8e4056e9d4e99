import { createServices, type Services } from './aws/services.ts';
import type { FoundKeys } from './core/ports.ts';

/**
 * AWS's services. Keys in the environment are the first that the default chain finds, so they are taken from there without loading it;
 * the SDK prefers a named profile to them.
 */
export function connect(...[request, context]: Parameters<typeof createServices>): Services {
  const services = createServices(request, context);
  const { keys } = services;
  const fromDefaultChain = async (): Promise<FoundKeys> => {
    const found = context.env['AWS_PROFILE'] ? undefined : await keys.fromEnvironment();
    return found === undefined ? keys.fromDefaultChain() : { ...found, expiration: undefined };
  };
  return { ...services, keys: { ...keys, fromDefaultChain } };
}

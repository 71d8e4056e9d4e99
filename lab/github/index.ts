import sodium from 'libsodium-wrappers';
import { type EmulatorClock, systemClock } from '../aws/clock.ts';
import { type JsonServer, type LoggedRequest, startJsonServer } from '../http/json-server.ts';
import { GithubApi } from './api.ts';
import { Stores } from './stores.ts';
import { type GithubWorld, githubWorld } from './world.ts';

export type { Interruption } from '../http/interruptions.ts';
export type { LoggedRequest } from '../http/json-server.ts';
export type { StoredSecret, Vault } from './vault.ts';
export * from './world.ts';

// A small GitHub for tests: secrets that it really opens, variables, environments, and tokens with permissions.

export interface GithubOptions {
  readonly world?: GithubWorld;
  /** Defaults to the clock of this machine. */
  readonly clock?: EmulatorClock;
  /** https, with a self-signed certificate. Defaults to false. */
  readonly tls?: boolean;
  /** Called for every request, when it's answered or certainly won't be. */
  readonly answered?: (request: LoggedRequest) => void;
}

/** A running small GitHub. */
export interface Github extends JsonServer {
  /** The address of its API: `GITHUB_API_URL`. */
  readonly apiUrl: string;
  readonly world: GithubWorld;
  /** What clients wrote, opened. */
  readonly stores: Stores;
}

/** Starts a small GitHub on the loopback interface. */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const { world = githubWorld(), clock = systemClock, tls = false, answered } = options;
  await sodium.ready;
  const stores = new Stores();
  const api = new GithubApi(world, stores);
  const server = await startJsonServer({ clock, tls, answer: (request) => api.answer(request), answered });
  const apiUrl = world.edition === 'github.com' ? server.origin : `${server.origin}/api/v3`;
  return { ...server, apiUrl, world, stores };
}

import { type EmulatorClock, systemClock } from '../aws/clock.ts';
import { type JsonServer, type LoggedRequest, startJsonServer } from '../http/json-server.ts';
import { GitlabApi } from './api.ts';
import type { Variables } from './variables.ts';
import { type GitlabWorld, gitlabWorld } from './world.ts';

export type { Interruption } from '../http/interruptions.ts';
export type { LoggedRequest } from '../http/json-server.ts';
export * from './world.ts';

// A small GitLab for tests: the CI/CD variables of projects and groups, and tokens with scopes and roles.

export interface GitlabOptions {
  readonly world?: GitlabWorld;
  /** Defaults to the clock of this machine. */
  readonly clock?: EmulatorClock;
  /** https, with a self-signed certificate. Defaults to false. */
  readonly tls?: boolean;
  /** Called for every request, when it's answered or certainly won't be. */
  readonly answered?: (request: LoggedRequest) => void;
}

/** A running small GitLab. */
export interface Gitlab extends JsonServer {
  /** The address of its API: `CI_API_V4_URL`. */
  readonly apiUrl: string;
  readonly world: GitlabWorld;
  /** The variables of a project or a group, by its path. */
  variables(kind: 'projects' | 'groups', path: string): Variables;
}

/** Starts a small GitLab on the loopback interface. */
export async function startGitlab(options: GitlabOptions = {}): Promise<Gitlab> {
  const { world = gitlabWorld(), clock = systemClock, tls = false, answered } = options;
  const api = new GitlabApi(world);
  const server = await startJsonServer({ clock, tls, answer: (request) => api.answer(request), answered });
  return {
    ...server,
    apiUrl: `${server.origin}/api/v4`,
    world,
    variables: (kind, path) => api.variables(kind, path),
  };
}

import { userInfo } from 'node:os';
import type { Environment } from '../core/ports.ts';
import type { CiRun } from '../inputs/tags.ts';
import { CIS, type Ci, type CiName, OPTIONAL_TAG_KEYS, type Source, TAG_KEYS, type TagKey } from './ci-table.ts';

/** Where the command runs. */
export interface Surroundings {
  /** Undefined on a laptop, and in a CI that isn't known. */
  readonly ci: CiName | undefined;
  readonly run: CiRun;
}

/** What the variables say of the CI and of this run. `user`: who runs the command, if no CI does. */
export function surroundings(env: Environment, user: (env: Environment) => string = nameOfUser): Surroundings {
  const ci = recognise(env);
  if (ci === undefined)
    return { ci, run: { repository: '', runId: '', sessionName: cleanSessionName(user(env)), tags: [] } };
  return { ci, run: runOf(ci, env) };
}

/** The CI that the command runs in, if it is a known one. */
export function recognise(env: Environment): CiName | undefined {
  return namesOfCis().find((name) => CIS[name].recognisedBy.some((variable) => read(variable, env) !== ''));
}

/** All known CIs, in the order in which they are recognised. */
export function namesOfCis(): readonly CiName[] {
  const isName = (name: string): name is CiName => name in CIS;
  return Object.keys(CIS).filter(isName);
}

function runOf(name: CiName, env: Environment): CiRun {
  const ci: Ci = CIS[name];
  const runId = firstOf(ci.runId, env);
  const tagsOf = (keys: readonly TagKey[], optional: boolean) =>
    keys.map((key) => ({ key, value: firstOf(ci.tags[key] ?? [], env), optional }));
  // The action's own tag says that GitHub vouches for the others. No other CI may set it.
  const origin = name === 'github' ? { key: 'GitHub', value: 'Actions' } : { key: 'CI', value: ci.title };
  return {
    repository: firstOf(ci.repository, env),
    runId,
    sessionName: name === 'github' || runId === '' ? ci.sessionName : cleanSessionName(`${ci.sessionName}-${runId}`),
    tags: [{ ...origin, optional: false }, ...tagsOf(TAG_KEYS, false), ...tagsOf(OPTIONAL_TAG_KEYS, true)],
  };
}

function firstOf(source: Source, env: Environment): string {
  for (const pattern of source) {
    const values = [...pattern.matchAll(/\$(\w+)/g)].map(([, variable = '']) => read(variable, env));
    if (values.includes('')) continue;
    if (pattern.startsWith('path(')) return pathOf(values.join(''));
    return pattern.replace(/\$(\w+)/g, (_, variable: string) => read(variable, env));
  }
  return '';
}

/** Buildkite writes `false` for a pull request that isn't there. */
function read(variable: string, env: Environment): string {
  const value = env[variable] ?? '';
  return value === 'false' ? '' : value;
}

/** `acme/app` of git@github.com:acme/app.git and of https://user:password@github.com/acme/app. Empty for anything else. */
function pathOf(url: string): string {
  const [, path = ''] = /^(?:[a-z+]+:\/\/[^/]+\/|[^/:]+:(?!\/\/))\/*([^?#]*?)(?:\.git)?\/*(?:[?#].*)?$/.exec(url) ?? [];
  return path.includes('@') ? '' : path;
}

/** STS API reference, AssumeRole: 2 to 64 of these characters. The end is kept, since it has the run's number. */
function cleanSessionName(text: string): string {
  const clean = text.replace(/[^\w+=,.@-]+/g, '-').slice(-64);
  return clean.length < 2 ? 'aws-mfa-credentials' : clean;
}

/** The system's name for the user. In a container, the user's number may have no name; the variables may. */
function nameOfUser(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] || env['LOGNAME'] || env['USERNAME'] || '';
  }
}

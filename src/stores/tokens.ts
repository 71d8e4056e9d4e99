import { execFile } from 'node:child_process';
import { Failure } from '../core/failure.ts';
import type { Answer, Environment } from '../core/ports.ts';
import { foreign, type StoreSecrets } from './context.ts';
import { bad, good } from './insist.ts';

/** The longest that `gh` may take: it asks a keyring, which may ask a person. */
const GH_TIMEOUT_MS = 10_000;

/** The host that `gh` means if nobody says another one. In a workflow, that of the server that runs it: its token is for no other. */
export function githubHost(env: Environment): string {
  return env['GH_HOST'] || URL.parse(env['GITHUB_SERVER_URL'] ?? '')?.host || 'github.com';
}

/** Finds a token for a host of GitHub, and masks it: in the variables that `gh` knows, or from `gh` itself. */
export async function githubToken(env: Environment, host: string, secrets: StoreSecrets): Promise<Answer<string>> {
  const source = variablesFor(host, env).find((name) => env[name]);
  if (source !== undefined) return tokenIn(source, env[source] ?? '', secrets);
  const said = await askGh(env, host);
  if (said.ok) return tokenIn('the output of gh auth token', said.token, secrets);
  const gh = said.error === undefined ? 'not-installed' : { error: foreign(said.error, secrets) };
  return bad(new Failure('store-token-missing', { store: 'GitHub', host, gh }));
}

/** Finds a token for GitLab, and masks it. That of a job may not write variables. */
export function gitlabToken(env: Environment, secrets: StoreSecrets): Answer<string> {
  const token = env['GITLAB_TOKEN'];
  if (token) return tokenIn('GITLAB_TOKEN', token, secrets);
  const reason = env['CI_JOB_TOKEN'] ? 'job-token' : 'none';
  return bad(new Failure('store-token-missing', { store: 'GitLab', reason }));
}

/**
 * As in `gh`, a server of your own has its own variables. The usual ones are only for it if a person or the workflow names it as the one
 * that they are for: a git remote isn't enough to send a token there.
 */
function variablesFor(host: string, env: Environment): readonly string[] {
  const usual = ['GH_TOKEN', 'GITHUB_TOKEN'];
  if (/^(?:[\w-]+\.)?(?:github|ghe)\.com$/i.test(host)) return usual;
  const isMeant = host === env['GH_HOST'] || host === URL.parse(env['GITHUB_SERVER_URL'] ?? '')?.host;
  return ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN', ...(isMeant ? usual : [])];
}

function tokenIn(source: string, text: string, { mask }: StoreSecrets): Answer<string> {
  const token = text.trim();
  mask(token);
  // Anything else can't be in a header, or isn't one word.
  return /^[\x21-\x7e]+$/.test(token) ? good(token) : bad(new Failure('store-token-malformed', { source }));
}

type Said = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly error: string | undefined };

/** Asks `gh`, without letting it ask a person. `error` is undefined if there is no `gh`. */
function askGh(env: Environment, host: string): Promise<Said> {
  const options = {
    env: { ...env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1' },
    timeout: GH_TIMEOUT_MS,
    maxBuffer: 65_536,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    const child = execFile('gh', ['auth', 'token', '--hostname', host], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, token: stdout });
      if (error.code === 'ENOENT') return resolve({ ok: false, error: undefined });
      const slow = error.killed === true;
      resolve({
        ok: false,
        error: slow ? `no answer within ${GH_TIMEOUT_MS / 1000} s` : stderr || `exit code ${error.code}`,
      });
    });
    child.stdin?.end();
  });
}

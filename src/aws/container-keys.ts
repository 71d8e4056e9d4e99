import { messageOf } from '../core/failure.ts';
import { isLoopback } from '../core/network.ts';
import { keysFromJson, type SourceKeys, Unusable, within } from './key-source.ts';
import { readPlainFile } from './plain-file.ts';

/** The addresses of the agents of ECS and EKS, which use plain http. It never leaves the machine. */
const AGENTS = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];
const LIMIT_S = 5;
const PAUSE_MS = 1000;
const MAX_BODY = 64 * 1024;
const WHAT = "the container's credentials service";

/** The keys that an agent of ECS or EKS, or a replacement for one, gives to this container. */
export function containerKeys(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<SourceKeys> {
  const url = addressOf(env);
  const token = tokenOf(env);
  return within(LIMIT_S, WHAT, signal, async (ended) => {
    const ask = (): Promise<Reply> => get(url, token, ended);
    // A second try: an agent that is just starting refuses connections.
    const { status, body } = await ask().catch(async () => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return ask();
    });
    if (status !== 200) throw new Unusable(`${WHAT} answered HTTP ${status}`);
    return keysFromJson(body, WHAT, 'Token');
  });
}

function addressOf(env: NodeJS.ProcessEnv): URL {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const name = relative ? 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' : 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
  const url = URL.parse(relative ? `http://${AGENTS[0]}${relative}` : (env[name] ?? ''));
  if (url === null) throw new Unusable(`${name} does not make a URL`);
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && (isLoopback(url.hostname) || AGENTS.includes(url.hostname))) return url;
  throw new Unusable(`${name} is not https, and its host is neither this machine nor an agent of ECS or EKS`);
}

function tokenOf(env: NodeJS.ProcessEnv): string | undefined {
  const path = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const name = path ? 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' : 'AWS_CONTAINER_AUTHORIZATION_TOKEN';
  const text = path ? readPlainFile(path, `the file in ${name}`) : env[name];
  if (text === undefined && path) throw new Unusable(`the file in ${name} does not exist (${path})`);
  const token = text?.trim();
  if (token !== undefined && !/^[\x20-\x7e]*$/.test(token))
    throw new Unusable(`${name} has a character that no header takes`);
  return token;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Without a proxy, like the SDKs. */
async function get(url: URL, token: string | undefined, signal: AbortSignal): Promise<Reply> {
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    // Without the advice that Node appends.
    const fail = (error: unknown): void =>
      reject(new Unusable(`${WHAT} cannot be asked (${messageOf(error).replace(/;.*$/s, '')})`));
    const headers = { accept: 'application/json', ...(token ? { authorization: token } : {}) };
    // A separate agent: with NODE_USE_ENV_PROXY, Node's global one would send the token to the proxy.
    const options = { headers, signal, agent: false, rejectUnauthorized: true } as const;
    const asking = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
        if (body.length > MAX_BODY) asking.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', fail);
    });
    asking.on('error', fail).end();
  });
}

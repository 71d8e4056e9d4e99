import type { Answer } from '../core/ports.ts';
import type { StoreCall } from '../core/store-failure-facts.ts';
import type { StoreContext } from './context.ts';
import { unreachable } from './diagnose.ts';
import { type HttpAnswer, send } from './http.ts';
import { bad, good, insist } from './insist.ts';
import { oddAnswer, type Reply, refusal, text } from './refusals.ts';

/** One call. */
export interface GitlabCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** What it's about, in case it doesn't exist: `the project acme/app`. */
  readonly place: string;
  /** The statuses that are answers: 404 only if it's the variable that doesn't exist. */
  readonly expected: readonly number[];
}

/** GitLab's API for one token. */
export interface GitlabClient {
  /** Makes a call until it is answered. */
  ask(call: GitlabCall): Promise<Answer<Reply>>;
}

/** GitLab names what doesn't exist: the variable, or the project or group. */
const NO_VARIABLE = /Variable Not Found/i;

/** Creates a client for a personal, group or project access token. */
export function createGitlabClient(apiUrl: string, token: string, context: StoreContext): GitlabClient {
  const base = apiUrl.replace(/\/+$/, '');

  async function once({ method, path, body, place, expected }: GitlabCall): Promise<Answer<Reply>> {
    const call: StoreCall = { store: 'GitLab', call: `${method} ${path.replace(/\?.*/, '')}` };
    const url = new URL(base + path);
    const headers = {
      'private-token': token,
      accept: 'application/json',
      'user-agent': context.userAgent,
      ...(body && { 'content-type': 'application/json' }),
    };
    let answer: HttpAnswer;
    try {
      answer = await send({ method, url, headers, body: body && JSON.stringify(body) }, context);
    } catch (error) {
      return bad(unreachable(error, call, url, context));
    }
    const reply: Reply = { call, status: answer.status, headers: answer.headers, data: parsed(answer.body) };
    const isElsewhere = reply.status === 404 && !NO_VARIABLE.test(text(reply.data, 'message') ?? '');
    if (expected.includes(reply.status) && !isElsewhere) return good(reply);
    if (reply.status < 300) return bad(oddAnswer(reply));
    return bad(refusal(reply, { place, token: 'other', context }));
  }

  return { ask: (call) => insist(() => once(call), context.retry) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

import { GitHub } from '@actions/github/lib/utils';
import type { Answer } from '../core/ports.ts';
import type { StoreCall } from '../core/store-failure-facts.ts';
import type { StoreContext } from './context.ts';
import { unreachable } from './diagnose.ts';
import type { Route } from './github-place.ts';
import { type HttpAnswer, send } from './http.ts';
import { bad, good, insist } from './insist.ts';
import { field, oddAnswer, type Reply, refusal } from './refusals.ts';

/** One call. */
export interface GithubCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly route: Route;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What it's about, in case it doesn't exist: `the repository acme/app`. */
  readonly place: string;
  /** The statuses that are answers. */
  readonly expected: readonly number[];
}

/** GitHub's API for one token. */
export interface GithubClient {
  /** When the token stops working, as the last answer said. */
  readonly tokenExpires: Date | undefined;
  /** Makes a call until it is answered. */
  ask(call: GithubCall): Promise<Answer<Reply>>;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Statuses without a body, for which a `Response` takes none. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** Creates a client on Octokit, whose requests travel by our rules. */
export function createGithubClient(apiUrl: string, token: string, context: StoreContext): GithubClient {
  const octokit = new GitHub({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    auth: token,
    userAgent: context.userAgent,
    log: SILENT,
    request: { fetch: fetchBy(context) },
  });
  const kind = token.startsWith('ghs_') ? 'installation' : 'other';
  let tokenExpires: Date | undefined;

  async function once({ method, route, body, place, expected }: GithubCall): Promise<Answer<Reply>> {
    const parameters = { ...body, ...route.parameters };
    const { url } = octokit.request.endpoint(`${method} ${route.path}`, parameters);
    const call: StoreCall = { store: 'GitHub', call: `${method} ${url.slice(apiUrl.replace(/\/+$/, '').length)}` };
    let reply: Reply;
    try {
      reply = replyOf(await octokit.request(`${method} ${route.path}`, parameters), call);
    } catch (error) {
      const answered = field(error, 'response');
      // What Octokit throws contains the request, so it is never kept.
      if (answered === undefined) return bad(unreachable(field(error, 'cause') ?? error, call, new URL(url), context));
      reply = replyOf(answered, call);
    }
    // Each run gets a new installation token, so its end is nobody's concern.
    if (kind === 'other') tokenExpires = endOf(reply) ?? tokenExpires;
    if (expected.includes(reply.status)) return good(reply);
    if (reply.status < 300) return bad(oddAnswer(reply));
    return bad(refusal(reply, { place, token: kind, context }));
  }

  return {
    get tokenExpires() {
      return tokenExpires;
    },
    ask: (call) => insist(() => once(call), context.retry),
  };
}

/** `2026-12-01 09:00:00 UTC` or `2026-12-01 09:00:00 +0200`, in the answers to a token that has an end. */
function endOf({ headers }: Reply): Date | undefined {
  const [, day, time, zone = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(
      headers['github-authentication-token-expiration']?.trim() ?? '',
    ) ?? [];
  const end = new Date(`${day}T${time}${zone === 'UTC' ? 'Z' : zone.replace(/(?=\d\d$)/, ':')}`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}

function replyOf(response: unknown, call: StoreCall): Reply {
  const headers = field(response, 'headers');
  return {
    call,
    status: Number(field(response, 'status')),
    headers: Object.fromEntries(
      Object.entries(typeof headers === 'object' && headers !== null ? headers : {}).map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
    data: field(response, 'data'),
  };
}

/** What Octokit calls instead of `fetch`. */
function fetchBy(context: StoreContext) {
  return async (
    url: string,
    { method, headers, body }: Readonly<{ method: string; headers: Record<string, string>; body?: string }>,
  ): Promise<Response> => responseOf(await send({ method, url: new URL(url), headers, body }, context));
}

function responseOf({ status, headers, body }: HttpAnswer): Response {
  return new Response(WITHOUT_BODY.includes(status) ? null : body, { status, headers });
}

import type { JsonAnswer } from '../http/json-server.ts';

/** A refusal in GitHub's words. */
export class GithubRefusal extends Error {
  override readonly name = 'GithubRefusal';
  readonly answer: JsonAnswer;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
    this.answer = { status, headers, body };
  }
}

/** What a token can't see, and what isn't there, is the same. */
export function notFound(): GithubRefusal {
  return new GithubRefusal(404, 'Not Found');
}

/** 422 for a request that the API's schema doesn't allow. */
export function invalidRequest(problem: string): GithubRefusal {
  return new GithubRefusal(422, `Invalid request.\n\n${problem}`);
}

/** 422 for a missing member. */
export function notSupplied(name: string): GithubRefusal {
  return invalidRequest(`"${name}" wasn't supplied.`);
}

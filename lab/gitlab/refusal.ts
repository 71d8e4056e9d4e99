import type { JsonAnswer } from '../http/json-server.ts';

/** A refusal in GitLab's words. */
export class GitlabRefusal extends Error {
  override readonly name = 'GitlabRefusal';
  readonly answer: JsonAnswer;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(JSON.stringify(body));
    this.answer = { status, body };
  }
}

/** `404 Project Not Found` and the like */
export function notFound(what: string): GitlabRefusal {
  return new GitlabRefusal(404, { message: `404 ${what} Not Found` });
}

/** 400 for a value that a validation of the model refuses. */
export function invalid(field: string, problem: string): GitlabRefusal {
  return new GitlabRefusal(400, { message: { [field]: [problem] } });
}

/** 400 for a parameter that the API doesn't accept. */
export function badParameter(problem: string): GitlabRefusal {
  return new GitlabRefusal(400, { error: problem });
}

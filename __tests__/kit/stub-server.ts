import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the stub: what to send, or to hang up without a word. */
export type StubAnswer =
  | {
      readonly status?: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** `somebody else`: without the request ID that AWS gives every answer. */
      readonly from?: 'AWS' | 'somebody else';
    }
  | 'reset';

/** A request that the stub got. */
export interface StubRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The parameters of a form. */
  readonly form: Readonly<Record<string, string>>;
}

export interface StubServer {
  readonly endpoint: string;
  readonly requests: readonly StubRequest[];
  close(): Promise<void>;
}

/** A server on loopback that gives these answers in turn; the last one goes on. */
export async function stubServer(answers: readonly StubAnswer[]): Promise<StubServer> {
  const requests: StubRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? 'reset';
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      form: Object.fromEntries(new URLSearchParams(text)),
    });
    if (answer === 'reset') return request.socket.destroy();
    response.writeHead(answer.status ?? 200, {
      'content-type': 'text/xml',
      connection: 'close',
      ...(answer.from !== 'somebody else' && { 'x-amzn-requestid': 'a1b2c3' }),
      ...answer.headers,
    });
    return response.end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** STS's answer to a call, or IAM's. */
export function xmlAnswer(call: string, result: string): Exclude<StubAnswer, 'reset'> {
  return { body: `<${call}Response><${call}Result>${result}</${call}Result></${call}Response>` };
}

/** A refusal as STS and IAM word it. */
export function xmlRefusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): StubAnswer {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return { status, body, headers };
}

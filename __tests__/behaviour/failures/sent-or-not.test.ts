import { expect, test } from '@jest/globals';
import type { FailureCode } from '../../../src/core/failure.ts';
import { expectFailure } from '../../kit/annotation.ts';
import { timeInBucket } from '../../kit/clocks.ts';
import { fail } from '../../kit/failing.ts';
import {
  answering,
  blurting,
  closedPort,
  type OddAnswer,
  type OddServer,
  vouchedByNobody,
} from '../../kit/odd-servers.ts';
import { preloading } from '../../kit/preload.ts';

// What failed and when → the failure and what its message names, whether a code was spent, how often it was tried and how long that
// took. Sleeps take no time here: the clock moves on by them.

/** A failure: where the calls go, and what becomes of them. */
interface Case {
  readonly inputs: (server: OddServer) => Readonly<Record<string, string>>;
  readonly server: (now: () => number) => Promise<OddServer>;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: FailureCode;
  /** How many codes reached somebody who may have been AWS. */
  readonly spent: number;
  readonly attempts: number;
  /** The longest that the step may have waited, in seconds of its own clock. */
  readonly withinSeconds: number;
  /** What its message names, with PORT for the port of the server. */
  readonly facts: readonly string[];
}

/** STS is https://localhost:PORT. */
const direct = ({ port }: OddServer) => ({ 'sts-endpoint': `https://localhost:${port}` });
/** STS is http://127.0.0.1:PORT. */
const plain = ({ port }: OddServer) => ({ 'sts-endpoint': `http://127.0.0.1:${port}` });
/** STS is AWS's own, through a proxy on PORT. */
const proxied =
  (scheme: 'http' | 'https' = 'http') =>
  ({ port }: OddServer) => ({ 'http-proxy': `${scheme}://localhost:${port}`, 'sts-endpoint': 'https://sts.example' });

const unreachable = { code: 'unreachable', spent: 0, attempts: 4, withinSeconds: 8 } as const;
const refusedByProxy = { code: 'proxy-refused', spent: 0, attempts: 1, withinSeconds: 0 } as const;
const notAws = { code: 'incomplete-answer', spent: 2, attempts: 2, withinSeconds: 1 } as const;
const three = { 'retry-max-attempts': '3' };

const connectAnswer = (status: number, body = ''): string =>
  `HTTP/1.1 ${status} Whatever\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const html = (status: number, text = '<html><body>Please log in.</body></html>'): OddAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  text,
});
const aws = (status: number, code: string, message: string): OddAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'a1b2' },
  text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const answer =
  (what: OddAnswer): Case['server'] =>
  (now) =>
    answering(() => what, now);
const session = (expiration: string): OddAnswer => ({
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'a1b2' },
  text: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7FORGED1</AccessKeyId><SecretAccessKey>forgedforgedforgedforgedforgedforgedforg</SecretAccessKey><SessionToken>FORGEDTOKENFORGEDTOKENFORGEDTOKEN</SessionToken><Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/deploy/x</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`,
});

const CASES: Readonly<Record<string, Case>> = {
  // Nobody was reached.
  'nothing listens at the endpoint': {
    ...unreachable,
    server: closedPort,
    inputs: direct,
    facts: ['AssumeRole', 'localhost:PORT', 'ECONNREFUSED'],
  },
  'nothing listens, and retry-max-attempts says how often to try': {
    ...unreachable,
    attempts: 6,
    withinSeconds: 35,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'retry-max-attempts': '6' }),
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'nothing listens, and retries are off': {
    ...unreachable,
    attempts: 1,
    withinSeconds: 0,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'disable-retry': 'true' }),
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'nothing listens on this machine': {
    ...unreachable,
    server: closedPort,
    inputs: plain,
    facts: ['AssumeRole', 'ECONNREFUSED', '127.0.0.1:PORT'],
  },
  'the region is misspelt, so its host does not exist': {
    ...unreachable,
    server: closedPort,
    inputs: () => ({ 'aws-region': 'eu-centrl-1', 'sts-endpoint': '' }),
    env: preloading('no-dns'),
    facts: ['AssumeRole', 'sts.eu-centrl-1.amazonaws.com', 'ENOTFOUND'],
  },
  'the endpoint speaks plain http': {
    ...unreachable,
    server: () => blurting('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    inputs: direct,
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'the endpoint hangs up before TLS': {
    ...unreachable,
    server: () => blurting(undefined),
    inputs: direct,
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'the certificate is self-signed': {
    ...unreachable,
    code: 'tls-untrusted',
    attempts: 1,
    withinSeconds: 0,
    server: () => vouchedByNobody(),
    inputs: direct,
    facts: ['AssumeRole', 'localhost:PORT', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  },

  // The proxy did not let it through.
  'the proxy forbids the host': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(403)),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 403'],
  },
  'the proxy wants a password': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(407)),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 407'],
  },
  'the proxy answers CONNECT with a page': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(302, '<html>Log in</html>')),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 302'],
  },
  'the proxy finds no way': {
    ...refusedByProxy,
    attempts: 4,
    withinSeconds: 8,
    server: () => blurting(connectAnswer(502)),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 502'],
  },
  'the proxy is overloaded': {
    ...refusedByProxy,
    attempts: 4,
    withinSeconds: 8,
    server: () => blurting(connectAnswer(503)),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 503'],
  },
  'the proxy hangs up': {
    ...unreachable,
    server: () => blurting(undefined),
    inputs: proxied(),
    facts: ['AssumeRole', 'localhost:PORT', 'sts.example:443', 'ECONNRESET'],
  },
  'nothing listens where the proxy should be': {
    ...unreachable,
    server: closedPort,
    inputs: proxied(),
    facts: ['AssumeRole', 'localhost:PORT', 'ECONNREFUSED'],
  },
  'the http proxy speaks another protocol': {
    ...refusedByProxy,
    server: () => blurting('\x15\x03\x01\x00\x02\x02\x46'),
    inputs: proxied(),
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'the https proxy speaks plain http': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(400)),
    inputs: proxied('https'),
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'the proxy opens the tunnel, and what is at its end is not TLS': {
    ...unreachable,
    server: () => blurting('HTTP/1.1 200 Connection established\r\n\r\n'),
    inputs: proxied(),
    facts: ['AssumeRole', 'sts.example:443'],
  },
  'the proxy opens the tunnel and speaks first': {
    ...unreachable,
    server: () => blurting(`HTTP/1.1 200 OK\r\n\r\n${connectAnswer(200, 'x')}`),
    inputs: proxied(),
    facts: ['AssumeRole', 'localhost:PORT', 'sts.example:443'],
  },

  // Somebody answered who is not AWS.
  'a captive portal': {
    ...notAws,
    server: answer(html(200)),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 200', 'text/html'],
  },
  'a redirect to a portal': {
    ...notAws,
    server: answer({ ...html(301), headers: { location: 'http://portal.example/', 'content-type': 'text/html' } }),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 301', 'text/html'],
  },
  'an egress firewall': {
    ...notAws,
    server: answer({ status: 400, headers: { 'content-length': '0' } }),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 400'],
  },
  'a block page that quotes AWS': {
    ...notAws,
    server: answer(
      html(403, '<html>AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.</html>'),
    ),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 403', 'text/html'],
  },
  'a web server': {
    ...notAws,
    server: answer(html(404)),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 404', 'text/html'],
  },
  'a static site': {
    ...notAws,
    server: answer(html(405)),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 405', 'text/html'],
  },
  'a gateway with a limit': {
    ...notAws,
    server: answer(html(413)),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 413', 'text/html'],
  },
  'a proxy in front with a page of its own': {
    ...notAws,
    server: answer(html(503)),
    inputs: plain,
    facts: ['AssumeRole', 'HTTP 503', 'text/html'],
  },
  'credentials that have ended': {
    ...notAws,
    server: answer(session('2026-09-01T11:00:00Z')),
    inputs: plain,
    facts: ['2026-09-01T11:00:00Z'],
  },
  'credentials that last longer than they may': {
    ...notAws,
    server: answer(session('2036-09-01T11:00:00Z')),
    inputs: plain,
    facts: ['2036-09-01T11:00:00Z'],
  },

  // AWS, or something in its place, could not answer now.
  'a gateway with an empty answer': {
    code: 'service-unavailable',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ status: 503, headers: { 'content-length': '0' } }),
    inputs: (server) => ({ ...plain(server), ...three }),
    facts: ['AssumeRole', 'HTTP 503'],
  },
  'trouble of AWS': {
    code: 'service-unavailable',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer(aws(500, 'InternalFailure', 'It broke.')),
    inputs: (server) => ({ ...plain(server), ...three }),
    facts: ['AssumeRole', 'InternalFailure', 'HTTP 500', 'It broke'],
  },
  throttling: {
    code: 'throttled',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer(aws(400, 'Throttling', 'Rate exceeded')),
    inputs: (server) => ({ ...plain(server), ...three }),
    facts: ['AssumeRole', 'Throttling', 'Rate exceeded'],
  },
  'a connection that breaks after the request': {
    code: 'network',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ end: 'reset' }),
    inputs: (server) => ({ ...plain(server), ...three }),
    facts: ['AssumeRole', 'ECONNRESET'],
  },
  'an answer that breaks off': {
    code: 'network',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ ...session('2026-09-01T13:00:00Z'), end: 'cut' }),
    inputs: (server) => ({ ...plain(server), ...three }),
    facts: ['AssumeRole', 'ECONNRESET'],
  },

  // One code, made elsewhere.
  'mfa-code, and nothing listens': {
    ...unreachable,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    facts: ['AssumeRole', 'localhost:PORT'],
  },
  'mfa-code, and the proxy forbids the host': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(403)),
    inputs: (server) => ({ ...proxied()(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    facts: ['AssumeRole', 'sts.example:443', 'HTTP 403'],
  },
  'mfa-code, and the connection breaks after the request': {
    code: 'mfa-code-spent',
    spent: 1,
    attempts: 1,
    withinSeconds: 0,
    server: answer({ end: 'reset' }),
    inputs: (server) => ({ ...plain(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    facts: ['AssumeRole', 'ECONNRESET', 'mfa-code'],
  },
  'mfa-code, and a captive portal': {
    code: 'mfa-code-spent',
    spent: 1,
    attempts: 1,
    withinSeconds: 0,
    server: answer(html(200)),
    inputs: (server) => ({ ...plain(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    facts: ['AssumeRole', 'HTTP 200', 'text/html', 'mfa-code'],
  },
};

test.each(Object.entries(CASES))('%s', async (_, { server: start, inputs, env, code, facts, ...expected }) => {
  const time = timeInBucket(72.5, 40);
  const server = await start(time.clock.now);
  const before = time.clock.now();
  const began = Date.now();
  const options = env?.['NODE_OPTIONS'];
  const stepEnv = { ...time.env, ...env, ...(options && { NODE_OPTIONS: `${time.env['NODE_OPTIONS']} ${options}` }) };
  const failed = await fail(
    { endpoint: 'http://127.0.0.1:1', calls: [] },
    { inputs: { 'role-to-assume': 'deploy', ...inputs(server) }, stepEnv },
  );
  const waited = (time.clock.now() - before - (Date.now() - began)) / 1000;
  const { infos } = failed;
  const message = failed.message.replaceAll(`:${server.port}`, ':PORT');
  expectFailure({ code: failed.code, message }, code, ...facts);
  const codes = new Set(server.seen.flatMap((body) => /TokenCode=(\d{6})/.exec(body)?.[1] ?? []));
  const attempts = infos.filter((line) => / \d of \d+\)?\.$/.test(line)).length + 1;
  expect({ spent: codes.size, attempts }).toEqual({ spent: expected.spent, attempts: expected.attempts });
  // A tenth of a second for what the two clocks differ by.
  expect(waited).toBeLessThanOrEqual(expected.withinSeconds + 0.1);
});

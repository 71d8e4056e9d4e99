import { expect, test } from '@jest/globals';
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

// What failed and when → the failure, whether a code was spent, how often it was tried, how long that took, and the first line
// that a user reads. Sleeps take no time here: the clock moves on by them.

/** A failure: where the calls go, and what becomes of them. */
interface Case {
  readonly inputs: (server: OddServer) => Readonly<Record<string, string>>;
  readonly server: (now: () => number) => Promise<OddServer>;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: string;
  /** How many codes reached somebody who may have been AWS. */
  readonly spent: number;
  readonly attempts: number;
  /** The longest that the step may have waited, in seconds of its own clock. */
  readonly withinSeconds: number;
  /** The first line, with PORT for the port of the server. */
  readonly says: string | RegExp;
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
    says: /^AssumeRole: no connection to localhost:PORT could be made \(ECONNREFUSED: connect ECONNREFUSED \S+\)\.$/,
  },
  'nothing listens, and retry-max-attempts says how often to try': {
    ...unreachable,
    attempts: 6,
    withinSeconds: 35,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'retry-max-attempts': '6' }),
    says: /^AssumeRole: no connection to localhost:PORT could be made/,
  },
  'nothing listens, and nothing is to be tried again': {
    ...unreachable,
    attempts: 1,
    withinSeconds: 0,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'disable-retry': 'true' }),
    says: /^AssumeRole: no connection to localhost:PORT could be made/,
  },
  'nothing listens on this machine': {
    ...unreachable,
    server: closedPort,
    inputs: plain,
    says: 'AssumeRole: no connection could be made (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:PORT).',
  },
  'the region is misspelt, so its host does not exist': {
    ...unreachable,
    server: closedPort,
    inputs: () => ({ 'aws-region': 'eu-centrl-1', 'sts-endpoint': '' }),
    env: preloading('no-dns'),
    says: 'AssumeRole: the name sts.eu-centrl-1.amazonaws.com does not resolve (ENOTFOUND); aws-region is eu-centrl-1.',
  },
  'the endpoint speaks plain http': {
    ...unreachable,
    server: () => blurting('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    inputs: direct,
    says: /^AssumeRole: no secure connection to localhost:PORT could be made \((?:EPROTO|ERR_SSL_\w+): /,
  },
  'the endpoint hangs up before TLS': {
    ...unreachable,
    server: () => blurting(undefined),
    inputs: direct,
    says: /^AssumeRole: no secure connection to localhost:PORT could be made \(/,
  },
  'the certificate is vouched for by nobody': {
    ...unreachable,
    code: 'tls-untrusted',
    attempts: 1,
    withinSeconds: 0,
    server: () => vouchedByNobody(),
    inputs: direct,
    says: /^AssumeRole: the certificate of localhost:PORT is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT: /,
  },

  // The proxy did not let it through.
  'the proxy forbids the host': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(403)),
    inputs: proxied(),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 403).',
  },
  'the proxy wants a password': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(407)),
    inputs: proxied(),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 407): it wants a user name and a password.',
  },
  'the proxy answers CONNECT with a page': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(302, '<html>Log in</html>')),
    inputs: proxied(),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 302).',
  },
  'the proxy finds no way': {
    ...refusedByProxy,
    attempts: 4,
    withinSeconds: 8,
    server: () => blurting(connectAnswer(502)),
    inputs: proxied(),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 502).',
  },
  'the proxy is overloaded': {
    ...refusedByProxy,
    attempts: 4,
    withinSeconds: 8,
    server: () => blurting(connectAnswer(503)),
    inputs: proxied(),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 503).',
  },
  'the proxy hangs up': {
    ...unreachable,
    server: () => blurting(undefined),
    inputs: proxied(),
    says: /^AssumeRole: the proxy localhost:PORT opened no tunnel to sts\.example:443 \(ECONNRESET: /,
  },
  'nothing listens where the proxy should be': {
    ...unreachable,
    server: closedPort,
    inputs: proxied(),
    says: /^AssumeRole: no connection to the proxy localhost:PORT could be made \(ECONNREFUSED: /,
  },
  'the http proxy speaks another protocol': {
    ...refusedByProxy,
    server: () => blurting('\x15\x03\x01\x00\x02\x02\x46'),
    inputs: proxied(),
    says: /^AssumeRole: localhost:PORT does not answer as an http proxy \(HPE_\w+\)\.$/,
  },
  'the https proxy speaks plain http': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(400)),
    inputs: proxied('https'),
    says: /^AssumeRole: localhost:PORT does not answer as an https proxy \((?:EPROTO|ERR_SSL_\w+)\)\.$/,
  },
  'the proxy opens the tunnel, and what is at its end is not TLS': {
    ...unreachable,
    server: () => blurting('HTTP/1.1 200 Connection established\r\n\r\n'),
    inputs: proxied(),
    says: /^AssumeRole: no secure connection to sts\.example:443 could be made \(/,
  },
  'the proxy opens the tunnel and speaks first': {
    ...unreachable,
    server: () => blurting(`HTTP/1.1 200 OK\r\n\r\n${connectAnswer(200, 'x')}`),
    inputs: proxied(),
    says: /^AssumeRole: the proxy localhost:PORT opened no tunnel to sts\.example:443 \(it sent more than its answer\)\.$/,
  },

  // Somebody answered who is not AWS.
  'a captive portal': {
    ...notAws,
    server: answer(html(200)),
    inputs: plain,
    says: notAwsSays('HTTP 200, text/html'),
  },
  'a redirect to a portal': {
    ...notAws,
    server: answer({ ...html(301), headers: { location: 'http://portal.example/', 'content-type': 'text/html' } }),
    inputs: plain,
    says: notAwsSays('HTTP 301, text/html'),
  },
  'an egress firewall': {
    ...notAws,
    server: answer({ status: 400, headers: { 'content-length': '0' } }),
    inputs: plain,
    says: notAwsSays('HTTP 400, no content type'),
  },
  'a block page that quotes AWS': {
    ...notAws,
    server: answer(
      html(403, '<html>AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.</html>'),
    ),
    inputs: plain,
    says: notAwsSays('HTTP 403, text/html'),
  },
  'a web server': { ...notAws, server: answer(html(404)), inputs: plain, says: notAwsSays('HTTP 404, text/html') },
  'a static site': { ...notAws, server: answer(html(405)), inputs: plain, says: notAwsSays('HTTP 405, text/html') },
  'a gateway with a limit': {
    ...notAws,
    server: answer(html(413)),
    inputs: plain,
    says: notAwsSays('HTTP 413, text/html'),
  },
  'a proxy in front with a page of its own': {
    ...notAws,
    server: answer(html(503)),
    inputs: plain,
    says: notAwsSays('HTTP 503, text/html'),
  },
  'credentials that have ended': {
    ...notAws,
    server: answer(session('2026-09-01T11:00:00Z')),
    inputs: plain,
    says: /^STS answered with credentials that ended at 2026-09-01T11:00:00Z/,
  },
  'credentials that last longer than they may': {
    ...notAws,
    server: answer(session('2036-09-01T11:00:00Z')),
    inputs: plain,
    says: /^STS answered with credentials that end at 2036-09-01T11:00:00Z; the request allows/,
  },

  // AWS, or something in its place, could not answer now.
  'a gateway without a word': {
    code: 'service-unavailable',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ status: 503, headers: { 'content-length': '0' } }),
    inputs: (server) => ({ ...plain(server), ...three }),
    says: 'AssumeRole: the endpoint answered HTTP 503 and nothing else.',
  },
  'trouble of AWS': {
    code: 'service-unavailable',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer(aws(500, 'InternalFailure', 'It broke.')),
    inputs: (server) => ({ ...plain(server), ...three }),
    says: 'AssumeRole: AWS answered InternalFailure (HTTP 500): It broke.',
  },
  throttling: {
    code: 'throttled',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer(aws(400, 'Throttling', 'Rate exceeded')),
    inputs: (server) => ({ ...plain(server), ...three }),
    says: /^AssumeRole: AWS .*\(AWS: Throttling: Rate exceeded\)$/,
  },
  'a connection that breaks after the request': {
    code: 'network',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ end: 'reset' }),
    inputs: (server) => ({ ...plain(server), ...three }),
    says: 'AssumeRole: the connection was closed before the answer was there (ECONNRESET).',
  },
  'an answer that breaks off': {
    code: 'network',
    spent: 3,
    attempts: 3,
    withinSeconds: 1,
    server: answer({ ...session('2026-09-01T13:00:00Z'), end: 'cut' }),
    inputs: (server) => ({ ...plain(server), ...three }),
    says: 'AssumeRole: the connection was closed before the answer was there (ECONNRESET).',
  },

  // One code, made elsewhere.
  'mfa-code, and nothing listens': {
    ...unreachable,
    server: closedPort,
    inputs: (server) => ({ ...direct(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    says: /^AssumeRole: no connection to localhost:PORT could be made/,
  },
  'mfa-code, and the proxy forbids the host': {
    ...refusedByProxy,
    server: () => blurting(connectAnswer(403)),
    inputs: (server) => ({ ...proxied()(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    says: 'AssumeRole: the proxy refused sts.example:443 (HTTP 403).',
  },
  'mfa-code, and the connection breaks after the request': {
    code: 'mfa-code-spent',
    spent: 1,
    attempts: 1,
    withinSeconds: 0,
    server: answer({ end: 'reset' }),
    inputs: (server) => ({ ...plain(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    says: 'AssumeRole: the connection was closed before the answer was there (ECONNRESET). The code given as mfa-code counts as spent.',
  },
  'mfa-code, and a captive portal': {
    code: 'mfa-code-spent',
    spent: 1,
    attempts: 1,
    withinSeconds: 0,
    server: answer(html(200)),
    inputs: (server) => ({ ...plain(server), 'mfa-seed': '', 'mfa-code': '492039' }),
    says: 'AssumeRole: this is not an answer of AWS (HTTP 200, text/html). The code given as mfa-code counts as spent.',
  },
};

function notAwsSays(what: string): string {
  return `AssumeRole: this is not an answer of AWS (${what}).`;
}

test.each(Object.entries(CASES))('%s', async (_, { server: start, inputs, env, ...expected }) => {
  const time = timeInBucket(72.5, 40);
  const server = await start(time.clock.now);
  const before = time.clock.now();
  const began = Date.now();
  const options = env?.['NODE_OPTIONS'];
  const stepEnv = { ...time.env, ...env, ...(options && { NODE_OPTIONS: `${time.env['NODE_OPTIONS']} ${options}` }) };
  const { code, message, infos, result } = await fail(
    { endpoint: 'http://127.0.0.1:1', calls: [] },
    { inputs: { 'role-to-assume': 'deploy', ...inputs(server) }, stepEnv },
  );
  const waited = (time.clock.now() - before - (Date.now() - began)) / 1000;
  const [said = ''] = error.split('\n');
  const says = said.replaceAll(`:${server.port}`, ':PORT');
  const codes = new Set(server.seen.flatMap((body) => /TokenCode=(\d{6})/.exec(body)?.[1] ?? []));
  expect({
    code: /^::error title=([a-z-]+)::/m.exec(result.stdout)?.[1],
    spent: codes.size,
    attempts: infos.filter((line) => line.includes(' Trying again')).length + 1,
    says,
  }).toEqual({
    code: expected.code,
    spent: expected.spent,
    attempts: expected.attempts,
    says: typeof expected.says === 'string' ? expected.says : expect.stringMatching(expected.says),
  });
  // A tenth of a second for what the two clocks differ by.
  expect(waited).toBeLessThanOrEqual(expected.withinSeconds + 0.1);
  expect(infos.filter((line) => line.includes('AWS Health'))).toEqual([]);
});

import type { STORES as Messages } from '../../src/inputs/messages/stores.ts';
import type { Samples } from './sample.ts';

const PUT = {
  store: 'GitHub',
  call: 'PUT /repos/acme/app/actions/secrets/AWS_ACCESS_KEY',
} as const;
const LAB = { store: 'GitLab', call: 'POST /projects/acme%2Fapp/variables' } as const;
const API = 'api.github.com:443';

export const STORES: Samples<keyof typeof Messages> = {
  'store-token-missing': [
    { facts: { store: 'GitHub', host: 'github.com', gh: 'not-installed' } },
    { facts: { store: 'GitHub', host: 'github.com', gh: { error: 'no oauth token found for github.com' } } },
    { facts: { store: 'GitLab', reason: 'none' } },
    { facts: { store: 'GitLab', reason: 'job-token' } },
  ],
  'store-token-malformed': [{ facts: { source: 'GH_TOKEN' } }],
  'store-token-refused': [
    { facts: { ...PUT, status: 401, said: 'Bad credentials' } },
    { facts: { ...LAB, status: 401, said: '401 Unauthorized' } },
  ],
  'store-denied': [
    {
      facts: {
        ...PUT,
        status: 403,
        said: 'Resource not accessible by personal access token',
        accepts: 'secrets=write',
        token: 'other',
      },
    },
    {
      facts: {
        ...PUT,
        status: 403,
        said: 'Resource not accessible by integration',
        accepts: 'secrets=write',
        token: 'installation',
      },
    },
    { facts: { ...LAB, status: 403, said: '403 Forbidden', accepts: undefined, token: 'other' } },
  ],
  'store-not-found': [
    { facts: { ...PUT, place: 'the repository acme/app', reason: 'hidden' } },
    { facts: { ...PUT, place: 'the repository acme/app', reason: 'moved' } },
    { facts: { ...LAB, place: 'the project acme/app', reason: 'hidden' } },
  ],
  'store-rejected': [
    { facts: { ...PUT, status: 422, said: 'Secret names must not start with GITHUB_.' } },
    { facts: { ...LAB, status: 400, said: '{"key":["(AWS_ACCESS_KEY) has already been taken"]}' } },
  ],
  'store-rate-limited': [
    {
      facts: {
        ...PUT,
        status: 403,
        said: 'API rate limit exceeded for user ID 1.',
        until: new Date('2026-09-01T13:00:00Z'),
      },
    },
  ],
  'store-unreachable': [
    { facts: { ...PUT, reason: 'connection', target: API, error: 'ECONNREFUSED' } },
    { facts: { ...PUT, reason: 'name', target: 'api.github.com', error: 'ENOTFOUND' } },
    { facts: { ...PUT, reason: 'tls', target: API, error: 'no answer within 10 s' } },
    { facts: { ...PUT, reason: 'untrusted', target: API, error: 'SELF_SIGNED_CERT_IN_CHAIN' } },
    { facts: { ...PUT, reason: 'proxy', target: API, proxy: 'proxy:3128', error: 'ECONNREFUSED' } },
    { facts: { ...PUT, reason: 'tunnel', target: API, proxy: 'proxy:3128', error: 'HTTP 403' } },
    { facts: { ...PUT, reason: 'silent', target: API, error: 'ECONNRESET' } },
  ],
  'store-unavailable': [
    { facts: { ...PUT, status: 503, said: '', reason: 'error' } },
    { facts: { ...PUT, status: 200, said: '', reason: 'odd-answer' } },
    {
      facts: {
        store: 'GitHub',
        call: 'GET /repos/acme/app/actions/secrets/public-key',
        status: 200,
        said: '',
        reason: 'key',
      },
    },
  ],
  'store-value-unmaskable': [
    { facts: { name: 'AWS_MFA_DEVICE', because: 'space' } },
    { facts: { name: 'AWS_MFA_DEVICE', because: 'short' } },
    { facts: { name: 'AWS_MFA_DEVICE', because: 'long' } },
    { facts: { name: 'AWS_MFA_DEVICE', because: 'characters' } },
  ],
  'store-not-masked': [
    { facts: { name: 'AWS_ACCESS_KEY', place: 'the project acme/app', value: 'removed' } },
    { facts: { name: 'AWS_ACCESS_KEY', place: 'the project acme/app', value: 'left' } },
  ],
};

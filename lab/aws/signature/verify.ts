import { timingSafeEqual } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Request } from '../request.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { sha256, signatureOf } from './canonical.ts';
import { refusalsOf } from './refusals.ts';

const MAX_SKEW_MS = 15 * 60_000;

/** What the request says about its signature, checked as far as possible without the secret. */
export interface Claim {
  readonly authorization: Authorization;
  readonly amzDate: string;
}

/**
 * Checks that a request is signed for this service, with a valid scope, and within 15 minutes of `now`.
 * @param now the emulator's time, ms since the epoch
 * @throws AwsError in the words of the service
 */
export function readClaim(request: Request, now: number): Claim {
  const refuse = refusalsOf(request.service);
  const header = request.headers['authorization'];
  if (header === undefined) throw refuse.unsigned();
  const authorization = readAuthorization(header);
  if ('problem' in authorization) throw refuse.unreadable(authorization.problem);
  checkSignedHeaders(request, authorization);
  const amzDate = request.headers['x-amz-date'] ?? '';
  const signedAt = readAmzDate(amzDate);
  if (signedAt === undefined) {
    throw refuse.unreadable(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`,
    );
  }
  checkScope(request, authorization, amzDate);
  if (signedAt < now - MAX_SKEW_MS) {
    throw refuse.expired(amzDate, formatAmzDate(now - MAX_SKEW_MS), formatAmzDate(now));
  }
  if (signedAt > now + MAX_SKEW_MS) throw refuse.early(amzDate, formatAmzDate(now + MAX_SKEW_MS), formatAmzDate(now));
  return { authorization, amzDate };
}

/**
 * Compares the signature with the right one for `secret`, in constant time.
 * @throws AwsError in the words of the service
 */
export function checkSignature(request: Request, claim: Claim, secret: string): void {
  const expected = Buffer.from(signatureOf(request, claim.authorization, claim.amzDate, secret));
  const given = Buffer.from(claim.authorization.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw refusalsOf(request.service).wrongSignature();
  }
  if (request.service === 's3') checkPayload(request);
}

function checkSignedHeaders(request: Request, { signedHeaders }: Authorization): void {
  // "The host header and any x-amz-* headers must be signed" (SigV4 reference).
  const needed = ['host', 'x-amz-date', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))];
  const missing = needed.find((name) => !signedHeaders.includes(name));
  if (missing !== undefined) throw refusalsOf(request.service).headerNotSigned(missing);
}

function checkScope(request: Request, { scope }: Authorization, amzDate: string): void {
  const refuse = refusalsOf(request.service);
  const day = amzDate.slice(0, 8);
  if (!isRegion(scope.region)) {
    throw refuse.scope(`Credential should be scoped to a valid region, not '${scope.region}'. `);
  }
  if (scope.service !== request.service) {
    throw refuse.scope(`Credential should be scoped to correct service: '${request.service}'. `);
  }
  if (scope.end !== 'aws4_request') {
    throw refuse.scope(`Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.end}'. `);
  }
  if (scope.date !== day) {
    throw refuse.scope(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.date}' != '${day}', from '${amzDate}'.`,
    );
  }
}

function checkPayload(request: Request): void {
  const stated = request.headers['x-amz-content-sha256'];
  if (stated === undefined) {
    throw new AwsError(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (stated === 'UNSIGNED-PAYLOAD') return;
  const computed = sha256(request.body);
  if (stated === computed) return;
  throw new AwsError(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { details: { ClientComputedContentSHA256: stated, S3ComputedContentSHA256: computed } },
  );
}

// AWS's regions are two or more words and a number: eu-west-1, us-gov-east-1, eusc-de-east-1.
function isRegion(text: string): boolean {
  const parts = text.split('-');
  const last = parts.pop() ?? '';
  return parts.length >= 2 && /^\d$/.test(last) && parts.every((part) => /^[a-z]+$/.test(part));
}

/** `20260901T120000Z` → ms since the epoch, or undefined if it doesn't have that form. */
function readAmzDate(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** ms since the epoch → `20260901T120000Z` */
function formatAmzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '')}Z`;
}

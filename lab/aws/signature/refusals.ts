import { AwsError } from '../errors.ts';
import type { Service } from '../request.ts';

/** The refusals for every problem with a signature. */
export interface Refusals {
  unsigned(): AwsError;
  unreadable(problem: string): AwsError;
  scope(problem: string, wantedRegion?: string): AwsError;
  headerNotSigned(name: string): AwsError;
  expired(at: string, earliest: string, now: string): AwsError;
  early(at: string, latest: string, now: string): AwsError;
  unknownKey(accessKeyId: string): AwsError;
  wrongToken(): AwsError;
  expiredToken(): AwsError;
  wrongSignature(): AwsError;
}

// STS and IAM: the common errors of the API references. Those about the clock are as users report them.
const query: Refusals = {
  unsigned: () => new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'),
  unreadable: (problem) => new AwsError(400, 'IncompleteSignature', problem),
  scope: (problem) => mismatch(problem),
  headerNotSigned: (name) =>
    mismatch(
      name === 'host'
        ? "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        : `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
    ),
  expired: (at, earliest, now) =>
    mismatch(`Signature expired: ${at} is now earlier than ${earliest} (${now} - 15 min.)`),
  early: (at, latest, now) =>
    mismatch(`Signature not yet current: ${at} is still later than ${latest} (${now} + 15 min.)`),
  unknownKey: () => invalidToken(),
  wrongToken: () => invalidToken(),
  expiredToken: () => new AwsError(403, 'ExpiredToken', 'The security token included in the request is expired'),
  wrongSignature: () =>
    mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
        'and signing method. Consult the service documentation for details.',
    ),
};

function mismatch(message: string): AwsError {
  return new AwsError(403, 'SignatureDoesNotMatch', message);
}

function invalidToken(): AwsError {
  return new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
}

// S3 has its own codes (S3 API reference, "Error responses").
const s3: Refusals = {
  unsigned: () => new AwsError(403, 'AccessDenied', 'Access Denied'),
  unreadable: () => malformed('The authorization header you provided is invalid.'),
  scope: (problem, wantedRegion) => malformed(`The authorization header is malformed; ${problem}`, wantedRegion),
  headerNotSigned: (name) =>
    new AwsError(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
      details: { HeadersNotSigned: name },
    }),
  expired: (at, _earliest, now) => tooSkewed(at, now),
  early: (at, _latest, now) => tooSkewed(at, now),
  unknownKey: (accessKeyId) =>
    new AwsError(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      details: { AWSAccessKeyId: accessKeyId },
    }),
  wrongToken: () => new AwsError(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'),
  expiredToken: () => new AwsError(400, 'ExpiredToken', 'The provided token has expired.'),
  wrongSignature: () =>
    new AwsError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ),
};

function malformed(message: string, region?: string): AwsError {
  const details = region === undefined ? {} : { Region: region };
  return new AwsError(400, 'AuthorizationHeaderMalformed', message, { details });
}

function tooSkewed(at: string, now: string): AwsError {
  return new AwsError(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    { details: { RequestTime: at, ServerTime: now, MaxAllowedSkewMilliseconds: '900000' } },
  );
}

/** A service's refusals, in its words. */
export function refusalsOf(service: Service): Refusals {
  return service === 's3' ? s3 : query;
}
